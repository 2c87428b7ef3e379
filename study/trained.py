"""The folds of one training, read back: what was answered to patients whom no network of it had seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from splkit.report.table import Interval
from splkit.train.agreement import Measure, Pairs, measures
from splkit.train.baselines import interval_by_patients
from splkit.train.checkpoint import Epoch
from splkit.train.config import TrainConfig
from splkit.train.curve import read_history
from splkit.train.folder import HISTORY, ClassifierMetrics, RunMetrics, load_run
from splkit.train.held_out import NETWORK, TEST_ANSWERS, HeldOut
from splkit.train.hyperkalemia import Detection


@dataclass(frozen=True)
class Trained:
    """A training of the study.

    Attributes:
        config: of its first fold.
        folds: what each fold came to.
        histories: of each fold, epoch by epoch.
        tested: the answers of all folds; every patient stands in one fold.
    """

    config: TrainConfig
    folds: tuple[RunMetrics | ClassifierMetrics, ...]
    histories: tuple[list[Epoch], ...]
    tested: HeldOut

    @classmethod
    def load(cls, folders: Sequence[Path]) -> Self:
        """Read the run folders of its folds.

        Raises:
            ModelError: one is no finished run.
        """
        runs = [load_run(folder) for folder in folders]
        return cls(
            runs[0].config,
            tuple(run.metrics for run in runs),
            tuple(read_history(run.folder / HISTORY) for run in runs),
            HeldOut.together([HeldOut.load(run.folder / TEST_ANSWERS) for run in runs]),
        )

    @property
    def parameters(self) -> int:
        """Of the network."""
        return self.folds[0].parameters

    @property
    def told(self) -> tuple[Detection | None, ...]:
        """How well each fold told hyperkalemia: by a probability, or by the chance behind estimates."""
        return tuple(
            fold.test if isinstance(fold, ClassifierMetrics) else fold.hyperkalemia for fold in self.folds
        )

    @property
    def simple(self) -> tuple[str, ...]:
        """The simple estimates of the same cycles, by name."""
        return tuple(name for name in self.tested.estimates if name != NETWORK)

    def pairs(self, estimate: str = NETWORK) -> Pairs:
        """Estimates beside potassium, of all folds."""
        tested = self.tested
        return Pairs(tested.estimates[estimate], tested.potassium_meq_l, tested.patient)

    @cached_property
    def _measured(self) -> dict[str, dict[str, Measure]]:
        return {}

    def measures(self, estimate: str = NETWORK) -> dict[str, Measure]:
        """R2, MAE and the others of `splkit.train.agreement`, by name, patients drawn again."""
        if estimate not in self._measured:
            self._measured[estimate] = {one.name: one for one in measures(self.pairs(estimate))}
        return self._measured[estimate]

    def interval(self, measure: str, estimate: str = NETWORK) -> Interval:
        """A measure as a cell of a table."""
        found = self.measures(estimate)[measure]
        return Interval(found.value, found.low, found.high)


def mae_difference(ours: HeldOut, theirs: HeldOut, estimate: str = NETWORK) -> tuple[Interval, int]:
    """MAE of `estimate` in `ours` less that of the network in `theirs`, mEq/L, and of how many ECGs.

    Both are taken of the ECGs that have an answer in both; the interval is 95 %, patients drawn again.
    """
    _, here, there = np.intersect1d(ours.record, theirs.record, return_indices=True)
    errors = [
        np.abs(tested.estimates[name][at] - tested.potassium_meq_l[at])
        for tested, name, at in ((ours, estimate, here), (theirs, NETWORK, there))
    ]
    gain, patient = errors[0] - errors[1], ours.patient[here]
    if len(np.unique(patient)) < 2:
        return Interval(float(gain.mean()) if len(gain) else None), len(here)
    return Interval(float(gain.mean()), *interval_by_patients(gain, patient)), len(here)
