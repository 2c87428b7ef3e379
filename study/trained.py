"""Reads back the folds of one training: its answers to test patients whom the network never saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from splkit.report.table import Interval
from splkit.train.agreement import Measure, Pairs, Values, draws, measures, weighted_auc
from splkit.train.baselines import interval_by_patients
from splkit.train.checkpoint import Epoch
from splkit.train.config import TrainConfig
from splkit.train.curve import read_history
from splkit.train.folder import HISTORY, Run, RunFigures, RunMetrics, load_run
from splkit.train.held_out import NETWORK, TEST_ANSWERS, HeldOut
from splkit.train.hyperkalemia import Detection
from splkit.train.metrics import HYPERKALEMIA_MEQ_L


@dataclass(frozen=True)
class Trained:
    """A training of the study.

    Attributes:
        config: configuration of its first fold.
        figures: the metrics of each fold, for any kind of network.
        folds: the same metrics for a network that estimates SPL; empty for a classifier.
        detections: how well each fold detects hyperkalemia. None if all its patients are in one class.
        histories: the history of each fold, epoch by epoch.
        tested: the answers of all folds. Every patient is in exactly one fold.
    """

    config: TrainConfig
    figures: tuple[RunFigures, ...]
    folds: tuple[RunMetrics, ...]
    detections: tuple[Detection | None, ...]
    histories: tuple[list[Epoch], ...]
    tested: HeldOut

    @classmethod
    def load(cls, folders: Sequence[Path]) -> Self:
        """Reads the run folders of the folds.

        Raises:
            ModelError: a folder has no finished run.
        """
        runs = [load_run(folder) for folder in folders]
        return cls(
            runs[0].config,
            tuple(run.metrics for run in runs),
            tuple(run.metrics for run in runs if isinstance(run, Run)),
            tuple(run.metrics.hyperkalemia if isinstance(run, Run) else run.metrics.test for run in runs),
            tuple(read_history(run.folder / HISTORY) for run in runs),
            HeldOut.together([HeldOut.load(run.folder / TEST_ANSWERS) for run in runs]),
        )

    @property
    def parameters(self) -> int:
        """The number of parameters of the network."""
        return self.figures[0].parameters

    @property
    def simple(self) -> tuple[str, ...]:
        """The names of the simple estimates of the same cycles."""
        return tuple(name for name in self.tested.estimates if name != NETWORK)

    def pairs(self, estimate: str = NETWORK) -> Pairs:
        """The estimates and the true potassium, of all folds."""
        tested = self.tested
        return Pairs(tested.estimates[estimate], tested.potassium_meq_l, tested.patient)

    @cached_property
    def _measured(self) -> dict[str, dict[str, Measure]]:
        return {}

    def measures(self, estimate: str = NETWORK) -> dict[str, Measure]:
        """R2, MAE and the other measures of `splkit.train.agreement`, by name.

        Their intervals come from drawing patients again with replacement.
        """
        if estimate not in self._measured:
            self._measured[estimate] = {one.name: one for one in measures(self.pairs(estimate))}
        return self._measured[estimate]

    def interval(self, measure: str, estimate: str = NETWORK) -> Interval:
        """A measure as a cell of a table."""
        found = self.measures(estimate)[measure]
        return Interval(found.value, found.low, found.high)


def mae_difference(ours: HeldOut, theirs: HeldOut, estimate: str = NETWORK) -> tuple[Interval, int]:
    """MAE of `estimate` in `ours` minus MAE of the network in `theirs`, in mEq/L, and the number of ECGs.

    Both are calculated on the ECGs that have an answer in both. The 95 % interval comes from drawing patients
    again with replacement.
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


def auc_difference(ours: HeldOut, theirs: HeldOut) -> tuple[Interval, int]:
    """AUC for hyperkalemia of the network in `ours` minus that in `theirs`, and the number of ECGs.

    The ECGs and the interval are those of `mae_difference`.
    """
    _, here, there = np.intersect1d(ours.record, theirs.record, return_indices=True)
    positive = ours.potassium_meq_l[here] >= HYPERKALEMIA_MEQ_L
    scores = (ours.estimates[NETWORK][here], theirs.estimates[NETWORK][there])

    def apart(weights: Values) -> Values:
        return weighted_auc(scores[0], positive, weights) - weighted_auc(scores[1], positive, weights)

    value = float(apart(np.ones((1, len(here))))[0])
    if not np.isfinite(value):
        return Interval(None), len(here)
    drawn = np.concatenate([np.empty(0), *(apart(weights) for weights in draws(ours.patient[here]))])
    ends = np.percentile(drawn[np.isfinite(drawn)], (2.5, 97.5)).tolist() if len(drawn) else ()
    return Interval(value, *ends), len(here)
