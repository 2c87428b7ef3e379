"""The recordings of a folder, told by the names of its files."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from splkit.ecg.recordings.readers import FORMATS

_PACKED: Final = ".gz"
_TEXTS: Final = frozenset({".csv", ".tsv", ".txt", ".json", ".xml"})
"""An ECG or anything else: beside WFDB records they are tables and notes."""
RECORDINGS: Final = _TEXTS | {suffix for kind in FORMATS for suffix in kind.suffixes}
_SEGMENTED = re.compile(r"^[^#\s]+/\d+\s")
"""The first line of a WFDB record that is made of others."""


class FolderFiles(NamedTuple):
    """What a folder holds.

    Attributes:
        recordings: WFDB headers, and files with the suffix of a format.
        others: files with such a suffix that are none; texts beside WFDB records, and tables.
        rest: all others, but for the files that WFDB records are made of.
    """

    recordings: list[Path]
    others: list[Path]
    rest: list[Path]


def files_in(
    folder: Path, out: Path | None = None, is_table: Callable[[Path], bool] = lambda _: False
) -> FolderFiles:
    """The files of a folder, to any depth, without those in the folder `out`; `is_table` tells of a text."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not _is_in(path, out)]
    headers = [path for path in files if _kind(path) == ".hea"]
    records = {_stem(path) for path in headers}
    parts = {part for header in headers for part in _segments(header)}
    found = FolderFiles([], [], [])
    for path in files:
        kind, stem = _kind(path), _stem(path)
        if kind == ".hea":
            if stem not in parts:
                found.recordings.append(path)
        elif stem in records:
            continue  # a signal file, annotations
        elif kind in RECORDINGS and not (kind in _TEXTS and (records or is_table(path))):
            found.recordings.append(path)
        else:
            (found.others if kind in RECORDINGS else found.rest).append(path)
    return found


def _is_in(path: Path, folder: Path | None) -> bool:
    return folder is not None and path.resolve().is_relative_to(folder.resolve())


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
