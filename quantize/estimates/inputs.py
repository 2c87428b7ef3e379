"""Files, folders and tables as a list of ECGs to answer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from splkit.ecg.paper.pages.image import SUFFIXES as PAGES
from splkit.ecg.recordings.readers import FORMATS, NAMED
from splkit.errors import UsageError
from splkit.quantize.estimates.table import Row, is_table, read_table

_PACKED: Final = ".gz"
_TEXTS: Final = frozenset({".csv", ".tsv", ".txt", ".json", ".xml"})
"""An ECG or anything else: beside WFDB records they are tables and notes."""
_RECORDINGS: Final = _TEXTS | {suffix for kind in FORMATS for suffix in kind.suffixes}
_SEGMENTED = re.compile(r"^[^#\s]+/\d+\s")
"""The first line of a WFDB record that is made of others."""


class Ecg(NamedTuple):
    """One ECG, as it is asked for.

    Attributes:
        name: for tables and messages.
        path: as `read_recording` takes it, or a URL; of a page, its file.
        channel: the lead, where the table or the user names one.
        is_page: whether it is paper, which is digitized first.
    """

    name: str
    path: str
    channel: str | None = None
    is_page: bool = False


@dataclass
class Asked:
    """All that was named.

    Attributes:
        ecgs: in order; an ECG that stands in several rows stands here several times.
        rows: of the table in which each stands; None for one that was named itself, or found in a folder.
        left_out: files of folders that are no ECGs by their names.
    """

    ecgs: list[Ecg] = field(default_factory=list)
    rows: list[Row | None] = field(default_factory=list)
    left_out: list[Path] = field(default_factory=list)

    def add(self, ecg: Ecg, row: Row | None = None) -> None:
        """One more."""
        self.ecgs.append(ecg)
        self.rows.append(row)


def find_ecgs(inputs: Sequence[str], out: Path, channel: str | None = None) -> Asked:
    """All ECGs of files, folders and tables.

    Args:
        inputs: recordings as `read_recording` takes them; pages; folders, which are searched to any depth;
            and CSV files with a column `record`.
        out: the folder of results: what lies in it is no input.
        channel: the lead of those for which no table names one.

    Raises:
        UsageError: a table cannot be read, a folder is the one of results, or no input holds an ECG.
    """
    asked = Asked()
    for each in inputs:
        path = Path(each)
        if each not in NAMED and path.is_dir():
            if path.resolve() == out.resolve():
                raise UsageError(
                    "results go into another folder than the ECGs",
                    found=f"{out} for both",
                    next_step="name another with --out",
                )
            _take_folder(path, out, channel, asked)
        elif path.suffix.lower() in PAGES:
            asked.add(Ecg(each, each, channel, is_page=True))
        elif path.suffix.lower() == ".csv" and is_table(path):
            for row in read_table(path):
                is_page = Path(row.path).suffix.lower() in PAGES
                asked.add(Ecg(row.record, row.path, row.channel or channel, is_page), row)
        else:
            asked.add(Ecg(each, each, channel))
    if not asked.ecgs:
        raise UsageError(
            "a folder or a table holds ECGs",
            found=f"none in {', '.join(inputs)}",
            next_step=f"name files that end in {', '.join(sorted(_RECORDINGS))}",
        )
    return asked


def _take_folder(folder: Path, out: Path, channel: str | None, asked: Asked) -> None:
    """The recordings of a folder: WFDB records, and files with the suffix of a format that are no tables."""
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.resolve().is_relative_to(out.resolve())
    ]
    headers = [path for path in files if _kind(path) == ".hea"]
    records = {_stem(path) for path in headers}
    parts = {part for header in headers for part in _segments(header)}
    for path in files:
        kind, stem = _kind(path), _stem(path)
        if kind == ".hea":
            if stem not in parts:
                asked.add(Ecg(str(path), str(path), channel))
        elif stem in records:
            continue  # a signal file, annotations
        elif kind in _RECORDINGS and not (kind in _TEXTS and (records or is_table(path))):
            asked.add(Ecg(str(path), str(path), channel))
        elif kind in _RECORDINGS | PAGES:
            asked.left_out.append(path)


def _segments(header: Path) -> Iterator[Path]:
    """The records that a WFDB record is made of."""
    try:
        lines = [] if header.suffix == _PACKED else header.read_text("utf-8", "replace").splitlines()
    except OSError:
        return
    said = [line for line in lines if line.strip() and not line.startswith("#")]
    if said and _SEGMENTED.match(said[0]):
        yield from (header.with_name(line.split()[0]) for line in said[1:])


def _kind(path: Path) -> str:
    """The suffix of a file, or of what is packed in it."""
    name = path.name.lower().removesuffix(_PACKED)
    return Path(name).suffix


def _stem(path: Path) -> Path:
    name = path.name[: -len(_PACKED)] if path.name.lower().endswith(_PACKED) else path.name
    return path.with_name(Path(name).stem)
