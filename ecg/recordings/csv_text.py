"""The text of a CSV file: its encoding, its lines in blocks, and where in it the table is."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from splkit.errors import RecordingError, reason

_BLOCK_LETTERS = 4 << 20
_SAMPLE_LINES = 2000
_MAX_HEAD_LINES = 500
_ROWS_IN_A_ROW = 3  # so many rows of numbers are a table; fewer may be lines of the head with numbers
_LAST_LINES = 20  # the last ones of the lines that are examined; they certainly belong to the table
_MARKS = "\t;,|"
_DECIMAL_COMMA = re.compile(r"\s*[-+]?\d+,\d+(?:[eE][-+]?\d+)?\s*", re.ASCII)
_NUMBER = re.compile(
    r"\s*(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf|infinity))\s*", re.A | re.I
)
BLANKS = frozenset(("", "na", "n/a", "null", "none", "-", "--"))
"""Cells that mean a missing number, in lower case. The cell nan does too."""


@dataclass(frozen=True)
class Layout:
    """Where the table is in the text, and how its cells are written.

    Attributes:
        encoding: encoding of the text.
        delimiter: the character between cells, or None for blanks.
        decimal_comma: whether numbers are written with a decimal comma.
        head: the lines above the table and its headings, including comments.
        first_line: line number of the first row of the table, from 0.
        headings, units: the cells of the heading row and of the row of units, or None.
        rows: the first rows.
    """

    encoding: str
    delimiter: str | None
    decimal_comma: bool
    head: tuple[str, ...]
    first_line: int
    headings: tuple[str, ...] | None
    units: tuple[str, ...] | None
    rows: tuple[tuple[str, ...], ...]


def cells(line: str, delimiter: str | None) -> list[str]:
    """The cells of a line, without quotes and surrounding blanks."""
    if delimiter is None:
        return [cell.strip("\"'") for cell in line.split()]
    row = next(csv.reader([line.strip("\r\n")], delimiter=delimiter, skipinitialspace=True), [])
    return [cell.strip().strip("'").strip() for cell in row]


def is_number(cell: str, decimal_comma: bool = False) -> bool:
    """Whether a cell is a number. The cell nan counts as one."""
    return bool(_NUMBER.fullmatch(cell.replace(",", ".") if decimal_comma else cell))


def is_comment(line: str) -> bool:
    """Whether a line is a comment, `# fs = 250` or `% mV`."""
    return line.lstrip().startswith(("#", "%"))


def blocks(path: Path, encoding: str, source: str) -> Iterator[list[str]]:
    """All lines, in blocks of about 100,000.

    Raises:
        RecordingError: the file is no text, or a line does not end.
    """
    try:
        with path.open(encoding=encoding) as stream:
            rest = ""
            while text := stream.read(_BLOCK_LETTERS):
                *lines, rest = (rest + text).split("\n")
                if not lines or "\0" in text:
                    raise _no_text(source, "a zero byte" if "\0" in text else "a line that does not end")
                yield lines
            if rest:
                yield [rest]
    except (OSError, UnicodeError) as error:
        raise _no_text(source, reason(error)) from error


def find_layout(path: Path, start: bytes, source: str) -> Layout:
    """Where the table is, from the file's first lines.

    Raises:
        RecordingError: the file is no text, or has no table of numbers.
    """
    encoding = _encoding(path, start)
    lines = next(blocks(path, encoding, source), [])[:_SAMPLE_LINES]
    filled = [line for line in lines if line.strip() and not is_comment(line)]
    if not filled:
        raise _empty(source, "nothing")
    delimiter = _delimiter(filled)
    decimal_comma = delimiter != "," and any(
        _DECIMAL_COMMA.fullmatch(cell) for line in filled[-_LAST_LINES:] for cell in cells(line, delimiter)
    )
    rows = [None if not line.strip() or is_comment(line) else tuple(cells(line, delimiter)) for line in lines]
    table = [(at, row) for at, row in enumerate(rows) if row is not None]
    start_at = _first_row([row for _, row in table], decimal_comma)
    if start_at is None:
        raise _empty(source, f"only a heading or text, such as {filled[0].strip()[:60]!r},")
    first_line, first_row = table[start_at]
    above = [_headed(lines[at], row, delimiter, len(first_row)) for at, row in table[:start_at]]
    headings, units = _headings(above, len(first_row))
    return Layout(
        encoding,
        delimiter,
        decimal_comma,
        tuple(line for line in lines[:first_line] if line.strip()),
        first_line,
        headings,
        units,
        tuple(row for _, row in table[start_at:]),
    )


def _encoding(path: Path, start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        with path.open(encoding="utf-8-sig") as stream:
            stream.read(_BLOCK_LETTERS)
    except UnicodeDecodeError:
        return "latin-1"  # what Excel writes in Europe; only a micro sign differs
    return "utf-8-sig"


def _delimiter(lines: Sequence[str]) -> str | None:
    """The first of tab, semicolon, comma, bar that splits most of the last lines into equally many cells."""
    last = lines[-_LAST_LINES:]
    for mark in _MARKS:
        width, count = Counter(len(cells(line, mark)) for line in last).most_common(1)[0]
        if width > 1 and 2 * count >= len(last):
            return mark
    return None


def _first_row(rows: Sequence[tuple[str, ...]], decimal_comma: bool) -> int | None:
    """The index of the first row with numbers that is followed by rows with numbers in the same columns."""
    width = Counter(map(len, rows[-_LAST_LINES:])).most_common(1)[0][0]
    good = [
        len(row) == width and any(is_number(cell, decimal_comma) for cell in row)
        for row in rows[: _MAX_HEAD_LINES + _ROWS_IN_A_ROW]
    ]
    for at in range(len(good)):
        if all(good[at : at + _ROWS_IN_A_ROW]):
            return at
    return next((at for at, is_good in enumerate(good) if is_good), None)


def _headed(line: str, row: tuple[str, ...], delimiter: str | None, width: int) -> tuple[str, ...]:
    """The cells of a line above the table.

    If blanks separate cells, a unit in brackets stays with its name.
    """
    if delimiter is not None or len(row) == width:
        return row
    return (line.strip(),) if width == 1 else tuple(re.sub(r"\s+(?=[(\[])", "", line).split())


def _headings(
    above: Sequence[tuple[str, ...]], width: int
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """The headings, and the row of units between the headings and the numbers. Each is None if missing."""
    if not above or any(is_number(cell) for cell in above[-1] if cell):
        return None, None
    if len(above) > 1 and len(above[-1]) == len(above[-2]) == width and _are_units(above[-1]):
        return above[-2], above[-1]
    return above[-1], None


def _are_units(row: Sequence[str]) -> bool:
    unit = re.compile(
        r"(?i)[mun\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}]?(?:v|s|volts?)|sec(onds?)?|hh.*|adu|nu|%|bpm|"
    )
    return any(row) and all(unit.fullmatch(cell.strip("()[]")) for cell in row)


def _no_text(source: str, found: str) -> RecordingError:
    return RecordingError(
        "a CSV file is a text file that can be read", found=f"{source}: {found}", next_step="check the path"
    )


def _empty(source: str, found: str) -> RecordingError:
    return RecordingError(
        "a CSV file holds samples",
        found=f"{found} in {source}",
        next_step="check that it is complete: a row of headings, then a row of numbers for each sample",
    )
