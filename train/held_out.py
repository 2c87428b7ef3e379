"""What a trained network and the simple estimates answer to each test cycle, as a run folder keeps it."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from splkit.errors import ModelError, reason
from splkit.files import write_whole
from splkit.train.cohort import turned_back
from splkit.train.config import TrainConfig
from splkit.train.cycle_set import CycleSet

Values = NDArray[np.float64]

TEST_ANSWERS: Final = "test_answers.csv"
NETWORK: Final = "network"
_KEYS: Final = ("record", "patient", "potassium_meq_l")
_DIGITS: Final = 6
"""Of an answer in mEq/L; a float network repeats itself to more."""


class HeldOut(NamedTuple):
    """Answers to the test cycles of one fold, or of several one after the other.

    Attributes:
        record: int64[n], the number of the record, the same in every fold.
        patient: int64[n], the patient's number, the same in every fold.
        potassium_meq_l: float64[n], as a laboratory reports it.
        estimates: float64[n] in mEq/L, of `NETWORK` and of each simple estimate, by name; of a classifier
            the probability of hyperkalemia.
    """

    record: NDArray[np.int64]
    patient: NDArray[np.int64]
    potassium_meq_l: Values
    estimates: Mapping[str, Values]

    @classmethod
    def of(cls, config: TrainConfig, test: CycleSet, estimates: Mapping[str, Values]) -> Self:
        """Of the test cycles of a run."""
        patient = [turned_back(int(one), config.fold, config.patients) for one in test.patient]
        return cls(test.record, np.array(patient, np.int64), test.potassium_meq_l, estimates)

    @classmethod
    def together(cls, folds: Sequence[Self]) -> Self:
        """All of them, in their order."""
        return cls(
            np.concatenate([one.record for one in folds]),
            np.concatenate([one.patient for one in folds]),
            np.concatenate([one.potassium_meq_l for one in folds]),
            {name: np.concatenate([one.estimates[name] for one in folds]) for name in folds[0].estimates},
        )

    def save(self, path: Path) -> None:
        """Write as CSV, a row a cycle; the same bytes for the same answers."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow((*_KEYS, *self.estimates))
        columns = (self.potassium_meq_l, *self.estimates.values())
        for number, (record, patient) in enumerate(zip(self.record, self.patient, strict=True)):
            rows.writerow((record, patient, *(f"{column[number]:.{_DIGITS}f}" for column in columns)))
        write_whole(path, text.getvalue().encode())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            ModelError: it is missing or damaged.
        """
        try:
            heading, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
            if tuple(heading[:3]) != _KEYS or NETWORK not in heading:
                raise ValueError("other columns")
            columns = [np.array(column, np.float64) for column in zip(*rows, strict=True)]
        except (OSError, ValueError) as error:
            raise ModelError(
                "a run folder holds the answers to its test cycles",
                found=f"{path}: {reason(error)}",
                next_step="train again",
            ) from error
        record, patient, potassium_meq_l, *estimates = columns
        named = dict(zip(heading[3:], estimates, strict=True))
        return cls(record.astype(np.int64), patient.astype(np.int64), potassium_meq_l, named)
