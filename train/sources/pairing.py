"""What comes of pairing ECGs with blood tests, and its table."""

import csv
import io
import os
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from splkit.errors import UsageError
from splkit.train.metrics import HYPERKALEMIA_MEQ_L
from splkit.train.pairs import POTASSIUM_MEQ_L
from splkit.train.sources.reasons import LeftOut, Tally

_COLUMNS_ALWAYS = ("record", "patient", "potassium_meq_l")


class PairRow(NamedTuple):
    """A row of the table; `minutes_apart` is the blood test minus the ECG, where both times are known."""

    record: str
    patient: str
    potassium_meq_l: float
    minutes_apart: int | None = None
    channel: str = ""


class Potassium(NamedTuple):
    """Mean and standard deviation in mEq/L, and the share at or over 5.5 mEq/L."""

    mean_meq_l: float
    sd_meq_l: float
    hyperkalemia_share: float


@dataclass(frozen=True)
class Pairing:
    """What pairing found.

    Attributes:
        pairs: at least one. Records are relative to `records_dir`.
        records_dir: where the ECGs lie.
        ecgs, patients: that the source lists, and how many people have an ECG that can be paired.
        tests: of potassium, whether used or not.
        tally: which ECGs and blood tests are in no pair.
        source: what the files were held against, in words; None where there is nothing to hold them to.
        unfetched: addresses of ECGs that could not be paired, as they are not there.
    """

    pairs: tuple[PairRow, ...]
    records_dir: Path
    ecgs: int
    patients: int
    tests: int
    tally: Tally
    source: str | None = None
    unfetched: tuple[str, ...] = ()

    @property
    def left_out(self) -> dict[LeftOut, int]:
        """How many ECGs and blood tests, for the reasons that occurred."""
        return self.tally.counts

    @property
    def paired_patients(self) -> int:
        """How many patients the pairs are of."""
        return len({pair.patient for pair in self.pairs})

    @property
    def missing(self) -> tuple[str, ...]:
        """The paired records that do not lie in `records_dir`."""
        return tuple(pair.record for pair in self.pairs if not is_there(self.records_dir / pair.record))

    @property
    def to_fetch(self) -> int:
        """How many ECGs are not there, paired or not."""
        return len(self.missing) + len(self.unfetched)

    @property
    def potassium(self) -> Potassium:
        """Potassium over the pairs."""
        values = np.array([pair.potassium_meq_l for pair in self.pairs])
        high = np.mean(values >= HYPERKALEMIA_MEQ_L)
        return Potassium(float(values.mean()), float(values.std()), float(high))


def is_there(record: Path) -> bool:
    """Whether a record is a file, or the name of a WFDB record."""
    return Path(f"{record}.hea").is_file() or record.is_file()


def require_unit(tests: int, tally: Tally) -> None:
    """Refuses a column most of whose values are no potassium in mEq/L: the others are then none either.

    2.9 mEq/L are 11.3 mg/dL, which alone would pass for mEq/L.

    Raises:
        UsageError: more than half of `tests` lie outside the range.
    """
    outside = tally[LeftOut.OUT_OF_RANGE]
    if outside * 2 > tests:
        raise UsageError(
            "most values of a column of potassium lie in {:g} to {:g} mEq/L".format(*POTASSIUM_MEQ_L),
            found=f"{outside:,} of {tests:,} outside, first {tally.first[LeftOut.OUT_OF_RANGE]}",
            next_step="check the column and its unit",
        )


def pairs_table(path: Path, pairing: Pairing) -> bytes:
    """The table as CSV, to stand at `path`: records become relative to its folder.

    A column that no pair has a value for is left out.
    """
    to_records = os.path.relpath(pairing.records_dir.resolve(), path.parent.resolve())
    columns = [
        name
        for name in PairRow._fields
        if name in _COLUMNS_ALWAYS or any(getattr(pair, name) not in (None, "") for pair in pairing.pairs)
    ]
    chosen = itemgetter(*map(PairRow._fields.index, columns))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for pair in pairing.pairs:
        writer.writerow(chosen(pair._replace(record=os.path.normpath(f"{to_records}/{pair.record}"))))
    return text.getvalue().encode()
