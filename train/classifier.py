"""Runs of a classifier: it learns classes, answers a probability, and is measured by how well it tells."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.errors import ModelError
from splkit.train.cycle_set import CycleSet
from splkit.train.hyperkalemia import Detection, detection, is_positive
from splkit.train.metrics import HYPERKALEMIA_MEQ_L


def check_classes(**splits: CycleSet) -> None:
    """Raises `ModelError` for a split, by its name, that has ECGs on one side of 5.5 mEq/L alone."""
    for name, cycles in splits.items():
        positive = int(is_positive(cycles).sum())
        if not 0 < positive < len(cycles.patient):
            raise ModelError(
                f"a classifier needs cycles with potassium on both sides of {HYPERKALEMIA_MEQ_L:g} mEq/L",
                found=f"{positive:,} of {len(cycles.patient):,} {name} cycles at or above it",
                next_step="train on more patients, with another --seed, or a network that estimates SPL",
            )


def probabilities(model: Any, cycles: CycleSet) -> NDArray[np.float64]:
    """The probability of hyperkalemia that a float classifier gives for cycles, float64[n]."""
    return np.asarray(model.predict(cycles.inputs, batch_size=256, verbose=0), np.float64)[:, 0]


def detected(model: Any, validation: CycleSet, test: CycleSet) -> Detection:
    """The figures of a float classifier; thresholds come from the validation patients alone."""
    found = detection(probabilities(model, validation), validation, probabilities(model, test), test)
    assert found is not None  # check_classes
    return found


def not_told(found: Detection) -> str | None:
    """In words, that a classifier is not shown to tell anything on its test patients; None where it is."""
    area = found.auc
    if area.low > 0.5:
        return None
    return f"AUC {area.value:.3f} (95 % {area.low:.3f} to {area.high:.3f}) on its test patients"
