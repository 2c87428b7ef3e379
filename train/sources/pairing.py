"""The result of pairing ECGs with blood tests, and the table of pairs."""

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
    """A row of the table. `minutes_apart` is the blood test's time minus the ECG's, or None if unknown."""

    record: str
    patient: str
    potassium_meq_l: float
    minutes_apart: int | None = None
    channel: str = ""


class Potassium(NamedTuple):
    """Mean and standard deviation in mEq/L, and the share at or above 5.5 mEq/L."""

    mean_meq_l: float
    sd_meq_l: float
    hyperkalemia_share: float


@dataclass(frozen=True)
class Pairing:
    """What pairing found.

    Attributes:
        pairs: the pairs, at least one. Their records are relative to `records_dir`.
        records_dir: the folder with the ECGs.
        ecgs: how many ECGs the source lists.
        patients: how many patients have an ECG that can be paired.
        tests: how many tests of potassium the source has, used or not.
        tally: counts the ECGs and the blood tests that are in no pair.
        source: with which published release the files were compared, in words. None if there is no release.
        unfetched: addresses of ECGs that could not be paired because they are not on the disk.
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
        """How many ECGs and blood tests were left out, by reason. Only reasons that occurred are listed."""
        return self.tally.counts

    @property
    def paired_patients(self) -> int:
        """How many patients have a pair."""
        return len({pair.patient for pair in self.pairs})

    @property
    def missing(self) -> tuple[str, ...]:
        """The paired records that are not in `records_dir`."""
        return tuple(pair.record for pair in self.pairs if not is_there(self.records_dir / pair.record))

    @property
    def to_fetch(self) -> int:
        """How many ECGs are still to be fetched, paired or not."""
        return len(self.missing) + len(self.unfetched)

    @property
    def potassium(self) -> Potassium:
        """Statistics of the potassium in the pairs."""
        values = np.array([pair.potassium_meq_l for pair in self.pairs])
        high = np.mean(values >= HYPERKALEMIA_MEQ_L)
        return Potassium(float(values.mean()), float(values.std()), float(high))


def is_there(record: Path) -> bool:
    """Whether a record exists, as a file or as a WFDB record without its extension."""
    return Path(f"{record}.hea").is_file() or record.is_file()


def require_unit(tests: int, tally: Tally) -> None:
    """Refuses a column if most of its values cannot be potassium in mEq/L.

    Its unit is then another one, so that the remaining values are wrong too. For example, 2.9 mEq/L are
    11.3 mg/dL, and 11.3 alone would pass as mEq/L.

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
    """The table as CSV, for a file at `path`. Records become relative to the folder of `path`.

    A column is left out if no pair has a value for it.
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
