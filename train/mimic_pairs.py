"""What comes of pairing the ECGs and the blood tests of MIMIC-IV, and its table."""

import csv
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from splkit.files import write_whole
from splkit.train.metrics import HYPERKALEMIA_MEQ_L
from splkit.train.mimic_labs import LeftOut


class MimicPair(NamedTuple):
    """A row of the table; `minutes_apart` is the blood test minus the ECG."""

    record: str
    patient: str
    potassium_meq_l: float
    minutes_apart: int


class Potassium(NamedTuple):
    """Mean and standard deviation in mEq/L, and the share at or over 5.5 mEq/L."""

    mean_meq_l: float
    sd_meq_l: float
    hyperkalemia_share: float


@dataclass(frozen=True)
class Pairing:
    """What `pair_mimic` found.

    Attributes:
        pairs: by patient, then by the time of the ECG; at least one. Records are relative to `ecg_dir`.
        ecg_dir: the folder of MIMIC-IV-ECG.
        ecgs, patients: in its list, and how many people have one there with a time.
        tests: potassium of these patients in labevents, whether used or not.
        left_out: how many ECGs and blood tests, for the reasons that occurred.
    """

    pairs: tuple[MimicPair, ...]
    ecg_dir: Path
    ecgs: int
    patients: int
    tests: int
    left_out: dict[LeftOut, int]

    @property
    def paired_patients(self) -> int:
        """How many patients the pairs are of."""
        return len({pair.patient for pair in self.pairs})

    @property
    def missing_records(self) -> int:
        """How many of the paired records do not lie in `ecg_dir`."""
        return sum(not (self.ecg_dir / f"{pair.record}.hea").is_file() for pair in self.pairs)

    @property
    def potassium(self) -> Potassium:
        """Potassium over the pairs."""
        values = np.array([pair.potassium_meq_l for pair in self.pairs])
        high = np.mean(values >= HYPERKALEMIA_MEQ_L)
        return Potassium(float(values.mean()), float(values.std()), float(high))


def write_pairs(path: Path, pairing: Pairing) -> None:
    """Writes the table as CSV, whole or not at all; records become relative to its folder.

    Raises:
        UsageError: the folder cannot be written to.
    """
    to_records = os.path.relpath(pairing.ecg_dir.resolve(), path.parent.resolve())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(MimicPair._fields)
    for pair in pairing.pairs:
        writer.writerow(pair._replace(record=os.path.normpath(f"{to_records}/{pair.record}")))
    write_whole(path, text.getvalue().encode())
