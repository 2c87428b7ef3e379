"""Reads published tables, packed or not, row by row in constant memory."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from splkit.errors import RecordingError, reason
from splkit.progress import Advance, ignore_progress

MEGABYTE = 1_000_000
_GZIP = b"\x1f\x8b"
_ROWS_A_REPORT = 50_000


@dataclass(frozen=True)
class Table:
    """A CSV file with a line of headings. It may be packed by gzip, whatever its name.

    Attributes:
        path: the file.
        columns: the headings that are read, in the order of the cells that `rows` returns. The file may have
            more columns.
        whence: where the user finds the right file, as the next step of an error.
        delimiter: the character between fields.
    """

    path: Path
    columns: tuple[str, ...]
    whence: str
    delimiter: str = ","

    @property
    def megabytes(self) -> int:
        """The sum of what `rows` reports to its `advance`: the size of the (packed) file, or 0 if missing."""
        return self.path.stat().st_size // MEGABYTE if self.path.is_file() else 0

    def rows(self, advance: Advance = ignore_progress) -> Iterator[tuple[str, ...]]:
        """The chosen columns of every row.

        Raises:
            RecordingError: the file is missing, damaged or cut short, or lacks a column.
        """
        try:
            yield from self._rows(advance)
        except (OSError, EOFError, zlib.error, csv.Error) as error:
            raise self._unreadable(f"{self.path} ({reason(error)})") from error

    def _rows(self, advance: Advance) -> Iterator[tuple[str, ...]]:
        with self.path.open("rb") as packed:
            is_packed = packed.peek(len(_GZIP)).startswith(_GZIP)
            plain = gzip.GzipFile(fileobj=packed) if is_packed else packed
            text = io.TextIOWrapper(plain, "utf-8-sig", errors="replace", newline="")
            reader = csv.reader(text, delimiter=self.delimiter)
            headings = next(reader, [])
            chosen = itemgetter(*self._indices(headings))
            told = 0
            for count, row in enumerate(reader):
                if count % _ROWS_A_REPORT == 0:
                    done = packed.tell() // MEGABYTE
                    advance(done - told)
                    told = done
                if len(row) == len(headings):
                    yield chosen(row)
                elif row:
                    found = (
                        f"{len(row)} fields, not {len(headings)}, in line {reader.line_num} of {self.path}"
                    )
                    raise self._unreadable(found)
            advance(self.megabytes - told)

    def _indices(self, headings: list[str]) -> list[int]:
        missing = [name for name in self.columns if name not in headings]
        if missing:
            raise RecordingError(
                f"{self.path.name} has the columns {', '.join(self.columns)}",
                found=f"no {', '.join(missing)} in {self.path}",
                next_step=self.whence,
            )
        return [headings.index(name) for name in self.columns]

    def _unreadable(self, found: str) -> RecordingError:
        return RecordingError(
            "published tables are whole CSV files, packed by gzip or not",
            found=found,
            next_step="fetch the file again" if self.path.is_file() else self.whence,
        )
