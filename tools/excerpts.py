"""Cuts the excerpts of tests/data out of the whole data sets, with wfdb. Samples stay as they are.

    python tools/excerpts.py DATA [--out tests/data]

DATA holds mitdb/, nstdb/ and ptbxl/ as PhysioNet has them. Each excerpt is a whole WFDB record: header with
its own checksums, samples, and of MIT-BIH the reference annotations of that stretch (tests/data/README.md).
"""

import argparse
import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
import wfdb

ROOT = Path(__file__).parents[1]


class Stretch(NamedTuple):
    """What is kept of a record."""

    record: str
    first_s: int
    last_s: int
    leads: tuple[str, ...]


STRETCHES = (
    Stretch("mitdb/101", 0, 60, ("MLII", "V1")),
    Stretch("mitdb/119", 0, 60, ("MLII",)),
    Stretch("mitdb/203", 0, 120, ("MLII",)),
    Stretch("mitdb/207", 240, 360, ("MLII",)),
    Stretch("nstdb/em", 0, 60, ("noise1",)),
)
PTBXL_IDS = (1, 43, 85, 127, 169, 211)
PTBXL_LEADS = ("II", "AVR", "V1", "V5")
PTBXL_COLUMNS = ("ecg_id", "scp_codes", "filename_hr")


def cut(source: Path, out: Path, stretch: Stretch) -> None:
    """One record, and its .atr where it has one."""
    path = str(source / stretch.record)
    fs_hz = int(wfdb.rdheader(path).fs)
    first, last = stretch.first_s * fs_hz, stretch.last_s * fs_hz
    record = wfdb.rdrecord(path, first, last, channel_names=list(stretch.leads), physical=False)
    record.init_value = record.d_signal[0].tolist()
    record.checksum = record.calc_checksum()
    record.comments = [
        *record.comments,
        f"Excerpt: {stretch.first_s} to {stretch.last_s} s, {', '.join(stretch.leads)}",
    ]
    folder = out / Path(stretch.record).parent
    folder.mkdir(parents=True, exist_ok=True)
    record.wrsamp(write_dir=str(folder))
    if (source / f"{stretch.record}.atr").is_file():
        cut_annotations(path, folder, first, last)


def cut_annotations(path: str, folder: Path, first: int, last: int) -> None:
    """The annotations from `first` up to `last`; the rhythm in force at the cut is at its first sample."""
    whole = wfdb.rdann(path, "atr")
    inside = [at for at, sample in enumerate(whole.sample) if first <= sample < last]
    rhythms = [at for at in range(inside[0]) if whole.symbol[at] == "+"]
    is_rhythm_given = whole.symbol[inside[0]] == "+"
    carried = rhythms[-1:] if not is_rhythm_given else []
    kept = carried + inside
    wfdb.wrann(
        Path(path).name,
        "atr",
        np.maximum(whole.sample[kept] - first, 0),
        [whole.symbol[at] for at in kept],
        whole.subtype[kept],
        whole.chan[kept],
        whole.num[kept],
        [whole.aux_note[at].rstrip("\0") for at in kept],
        write_dir=str(folder),
    )


def cut_ptbxl(source: Path, out: Path) -> None:
    """Some leads of some ECGs, and their rows of the table."""
    with (source / "ptbxl" / "ptbxl_database.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if int(row["ecg_id"]) in PTBXL_IDS]
    for row in rows:
        cut(source, out, Stretch(f"ptbxl/{row['filename_hr']}", 0, 10, PTBXL_LEADS))
    with (out / "ptbxl" / "ptbxl_database.csv").open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, PTBXL_COLUMNS, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    """Cuts them all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "tests" / "data")
    arguments = parser.parse_args()
    for stretch in STRETCHES:
        cut(arguments.data, arguments.out, stretch)
    cut_ptbxl(arguments.data, arguments.out)


if __name__ == "__main__":
    main()
