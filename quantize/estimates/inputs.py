"""Files, folders and tables as a list of ECGs to answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from splkit.ecg.paper.pages.image import SUFFIXES as PAGES
from splkit.ecg.recordings.folders import RECORDINGS, files_in
from splkit.ecg.recordings.readers import NAMED
from splkit.errors import UsageError
from splkit.quantize.estimates.table import Row, is_table, read_table


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
            next_step=f"name files that end in {', '.join(sorted(RECORDINGS))}",
        )
    return asked


def _take_folder(folder: Path, out: Path, channel: str | None, asked: Asked) -> None:
    """The recordings of a folder: WFDB records, and files with the suffix of a format that are no tables."""
    found = files_in(folder, out, is_table)
    for path in found.recordings:
        asked.add(Ecg(str(path), str(path), channel))
    pages = [path for path in found.rest if Path(path.name.lower().removesuffix(".gz")).suffix in PAGES]
    asked.left_out.extend(sorted([*found.others, *pages]))
