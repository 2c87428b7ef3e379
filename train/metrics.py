"""How well potassium was estimated."""

from itertools import pairwise
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from splkit.errors import ModelError

HYPERKALEMIA_MEQ_L = 5.5
"""The published classifiers' threshold (Galloway 2019)."""

BANDS_MEQ_L = (3.5, 5.5, 6.5, 7.5)
"""Low, normal, mild, moderate and severe; severe is an emergency in every guideline."""


MAX_MEQ_L = 1e6
"""A model whose estimates are larger has not learned anything, and its figures would fit no card."""

MeqL = Annotated[float, Field(ge=-MAX_MEQ_L, le=MAX_MEQ_L, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**9)]


class Accuracy(BaseModel):
    """One model on patients that training never saw, one averaged cycle an estimate.

    Attributes:
        mae_meq_l: mean absolute error.
        bias_meq_l: mean error.
        r2: share of the variance that is explained; None where nothing varies, and in older cards.
        auc_5_5: area under the ROC curve for SPL >= 5.5 mEq/L; None where only one class is there.
        cycles: averaged cycles scored.
        patients: patients they come from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mae_meq_l: MeqL
    bias_meq_l: MeqL
    r2: float | None = Field(default=None, le=1, allow_inf_nan=False)
    auc_5_5: float | None = Field(ge=0, le=1)
    cycles: Count
    patients: Count

    @property
    def text(self) -> str:
        """In words: "MAE 0.542 mEq/L, AUC at 5.5 0.811"."""
        area = "not defined" if self.auc_5_5 is None else f"{self.auc_5_5:.3f}"
        return f"MAE {self.mae_meq_l:.3f} mEq/L, AUC at 5.5 {area}"


class Band(BaseModel):
    """Estimates of the cycles whose potassium lies in a band; an open end is None.

    Attributes:
        from_meq_l, below_meq_l: the band.
        cycles: how many cycles are in it.
        true_meq_l, answer_meq_l: means of potassium and of estimates.
        mae_meq_l: mean absolute error.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_meq_l: MeqL | None
    below_meq_l: MeqL | None
    cycles: Count
    true_meq_l: MeqL
    answer_meq_l: MeqL
    mae_meq_l: MeqL

    @property
    def name(self) -> str:
        """In words: "3.5 to 5.5"."""
        return band_name(self.from_meq_l, self.below_meq_l)


def band_name(from_meq_l: float | None, below_meq_l: float | None) -> str:
    """A band in words: "3.5 to 5.5", "under 3.5" or "from 7.5"."""
    if from_meq_l is None:
        return f"under {below_meq_l}"
    return f"from {from_meq_l}" if below_meq_l is None else f"{from_meq_l} to {below_meq_l}"


def score(
    estimated_meq_l: NDArray[np.float64], true_meq_l: NDArray[np.float64], patient: NDArray[np.int64]
) -> Accuracy:
    """Score estimates, each float64[n], of the patients numbered in `patient`, int64[n]; four decimals.

    Raises:
        ModelError: an estimate is beyond 1e6 mEq/L, or not a number.
    """
    if not (np.abs(estimated_meq_l) <= MAX_MEQ_L).all():
        raise ModelError(
            "estimates of SPL are finite",
            found=f"one of {estimated_meq_l[np.argmax(~(np.abs(estimated_meq_l) <= MAX_MEQ_L))]:g} mEq/L",
            next_step="train again with a smaller learning rate",
        )
    error = estimated_meq_l - true_meq_l
    area = auc(estimated_meq_l, true_meq_l >= HYPERKALEMIA_MEQ_L)
    spread = float(np.var(true_meq_l))
    return Accuracy(
        mae_meq_l=round(float(np.mean(np.abs(error))), 4),
        bias_meq_l=round(float(np.mean(error)), 4),
        r2=round(1 - float(np.mean(error**2)) / spread, 4) if spread else None,
        auc_5_5=None if area is None else round(area, 4),
        cycles=len(error),
        patients=len(np.unique(patient)),
    )


MIN_SPREAD_MEQ_L = 0.1
"""Of a model's answers to unlike ECGs. Less is a laboratory's uncertainty (assumed), so one answer to all."""


def no_better_than_mean(model: Accuracy, mean_answer: Accuracy | None) -> str | None:
    """In words, that a model is no better than one answer to all; None where it is better.

    Args:
        model: on test patients.
        mean_answer: the mean of the training cycles as the answer to every ECG, on the same patients.
    """
    if model.r2 is not None and model.r2 <= 0:
        return f"R2 {model.r2:.3f} on its test patients"
    if mean_answer is not None and model.mae_meq_l >= mean_answer.mae_meq_l:
        return (
            f"an MAE of {model.mae_meq_l:.3f} mEq/L on its test patients, where the mean answer has "
            f"{mean_answer.mae_meq_l:.3f}"
        )
    return None


def same_answer(estimated_meq_l: NDArray[np.float64]) -> str | None:
    """In words, that estimates of many ECGs, float64[n], are all alike; None where they are not."""
    low, high = float(estimated_meq_l.min()), float(estimated_meq_l.max())
    if high - low >= MIN_SPREAD_MEQ_L:
        return None
    return f"answers of {low:.2f} to {high:.2f} mEq/L to all of its test ECGs"


def score_bands(estimated_meq_l: NDArray[np.float64], true_meq_l: NDArray[np.float64]) -> tuple[Band, ...]:
    """Score estimates band by band, each float64[n]; bands without a cycle are left out."""
    ends = (None, *BANDS_MEQ_L, None)
    bands = []
    for low, high in pairwise(ends):
        inside = (true_meq_l >= (low or -np.inf)) & (true_meq_l < (high or np.inf))
        if inside.any():
            estimated, true = estimated_meq_l[inside], true_meq_l[inside]
            bands.append(
                Band(
                    from_meq_l=low,
                    below_meq_l=high,
                    cycles=len(true),
                    true_meq_l=round(float(true.mean()), 2),
                    answer_meq_l=round(float(estimated.mean()), 2),
                    mae_meq_l=round(float(np.abs(estimated - true).mean()), 3),
                )
            )
    return tuple(bands)


def auc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float | None:
    """Area under the ROC curve: the chance that a positive outscores a negative, ties counted half."""
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return None
    from scipy.stats import rankdata  # slow to load, and most commands compute none

    ranks = rankdata(scores)[positive].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * negatives))
