"""How well potassium was estimated."""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from scipy.stats import rankdata

HYPERKALEMIA_MEQ_L = 5.5
"""The published classifiers' threshold (Galloway 2019)."""


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

    mae_meq_l: float
    bias_meq_l: float
    r2: float | None = None
    auc_5_5: float | None
    cycles: int
    patients: int

    @property
    def text(self) -> str:
        """In words: "MAE 0.542 mEq/L, AUC at 5.5 0.811"."""
        area = "not defined" if self.auc_5_5 is None else f"{self.auc_5_5:.3f}"
        return f"MAE {self.mae_meq_l:.3f} mEq/L, AUC at 5.5 {area}"


def score(
    estimated_meq_l: NDArray[np.float64], true_meq_l: NDArray[np.float64], patient: NDArray[np.int64]
) -> Accuracy:
    """Score estimates, each float64[n], of the patients numbered in `patient`, int64[n]; four decimals."""
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


def auc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float | None:
    """Area under the ROC curve: the chance that a positive outscores a negative, ties counted half."""
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return None
    ranks = rankdata(scores)[positive].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * negatives))
