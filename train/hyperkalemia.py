"""How well hyperkalemia is told, by a classifier's probability or by an estimate's chance of 5.5 mEq/L."""

from collections.abc import Callable
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from splkit.train.agreement import draws, share, weighted_auc
from splkit.train.cycle_set import CycleSet
from splkit.train.metrics import HYPERKALEMIA_MEQ_L, Count

Values = NDArray[np.float64]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Held = Literal["specificity", "sensitivity"]

LEAST_SHARE: Final = 0.9
"""Of what an operating point holds on the validation patients: one false alarm in ten ECGs without
hyperkalemia, as the alerts of models with quantiles have; or nine in ten with it found, as Galloway 2019."""
PERMILLE: Final = 1000
"""Thresholds are thousandths, as a device compares them."""

ENDS_MEQ_L: Final = (2.0, 10.0)
"""Between which the chance beyond the outer quantiles is spread: what a potassium may be."""


class Rate(BaseModel):
    """A share of the test cycles, with the 95 % interval of drawing patients again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Share
    low: Share
    high: Share


class OperatingPoint(BaseModel):
    """A threshold, chosen on validation patients alone, and what it comes to on test patients.

    Attributes:
        holds: which of both is `LEAST_SHARE` or more on the validation patients, where any threshold has it.
        threshold_permille: positive is a probability of so much or more, thousandths.
        validation_sensitivity, validation_specificity: where it was chosen.
        sensitivity, specificity: on the test cycles.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    holds: Held
    threshold_permille: int = Field(ge=1, le=999)
    validation_sensitivity: Share
    validation_specificity: Share
    sensitivity: Rate
    specificity: Rate


class Detection(BaseModel):
    """How well potassium at or above `positive_meq_l` is told on test patients, a cycle or mean an answer.

    Attributes:
        positive_meq_l: from where on a patient is positive.
        cycles, positive_cycles, patients, positive_patients: who was tested.
        auc: area under the ROC curve.
        brier: mean squared error of the probability (Brier 1950).
        mean_probability: beside the share that is positive: alike where it is calibrated.
        points: operating points, that of the specificity first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    positive_meq_l: float = HYPERKALEMIA_MEQ_L
    cycles: Count
    positive_cycles: Count
    patients: Count
    positive_patients: Count
    auc: Rate
    brier: Share
    mean_probability: Share
    points: tuple[OperatingPoint, ...]

    @property
    def text(self) -> str:
        """In words, with what the alert of the first operating point comes to."""
        point = self.points[0]
        return (
            f"AUC at {self.positive_meq_l:g} {self.auc.value:.3f} (95 % {self.auc.low:.3f} to "
            f"{self.auc.high:.3f}), "
            f"positive from {point.threshold_permille / PERMILLE:g} on with a sensitivity of "
            f"{point.sensitivity.value:.1%} and a specificity of {point.specificity.value:.1%}"
        )


def is_positive(cycles: CycleSet) -> NDArray[np.bool_]:
    """Which cycles are of hyperkalemia, bool[n]."""
    return cycles.potassium_meq_l >= HYPERKALEMIA_MEQ_L


def detection(
    validation_probability: Values, validation: CycleSet, test_probability: Values, test: CycleSet
) -> Detection | None:
    """The figures of probabilities, float64[n] each; None where a split has one class alone.

    Thresholds see the validation patients alone, and figures the test patients.
    """
    truth, tested = is_positive(validation), is_positive(test)
    if len(set(truth.tolist())) < 2 or len(set(tested.tolist())) < 2:
        return None
    points = tuple(
        _point(holds, validation_probability, truth, test_probability, test)
        for holds in ("specificity", "sensitivity")
    )
    return Detection(
        cycles=len(tested),
        positive_cycles=int(tested.sum()),
        patients=len(np.unique(test.patient)),
        positive_patients=len(np.unique(test.patient[tested])),
        auc=_rate(test, lambda weights: weighted_auc(test_probability, tested, weights)),
        brier=round(float(np.mean((test_probability - tested) ** 2)), 4),
        mean_probability=round(float(np.mean(test_probability)), 4),
        points=points,
    )


def threshold_permille(probability: Values, positive: NDArray[np.bool_], holds: Held) -> int:
    """The threshold, 1 to 999 thousandths, that holds `LEAST_SHARE` and does best in the other measure.

    Args:
        probability: of validation cycles, float64[n]; positive is so much or more.
        positive: what they are, bool[n].
        holds: the specificity, of which the least such threshold is taken, or the sensitivity, of which the
            greatest is. Where none holds it, the last one.
    """
    limits = np.arange(1, PERMILLE) / PERMILLE
    if holds == "specificity":
        below = np.searchsorted(np.sort(probability[~positive]), limits, side="left")
        enough = below >= LEAST_SHARE * np.count_nonzero(~positive)
        return int(np.argmax(enough)) + 1 if enough.any() else PERMILLE - 1
    missed = np.searchsorted(np.sort(probability[positive]), limits, side="left")
    count = np.count_nonzero(positive)
    enough = count - missed >= LEAST_SHARE * count
    return int(np.flatnonzero(enough)[-1]) + 1 if enough.any() else 1


def chances(estimated_meq_l: Values, validation_error_meq_l: Values) -> Values:
    """The chance of hyperkalemia behind estimates, float64[n], by the errors on validation patients.

    Errors, float64[m], are truth less estimate: the chance is the share of them that would take the estimate
    to 5.5 mEq/L or beyond (a conformal predictive distribution: Vovk et al. 2019, Mach Learn 108: 445).
    """
    errors = np.sort(validation_error_meq_l)
    reached = len(errors) - np.searchsorted(errors, HYPERKALEMIA_MEQ_L - estimated_meq_l, side="left")
    return np.asarray((reached + 0.5) / (len(errors) + 1), np.float64)


def chances_of_quantiles(quantiles_meq_l: Values, levels: tuple[float, ...]) -> Values:
    """The chance of hyperkalemia, float64[n], of quantiles, float64[n, k]: spread evenly between two."""
    low, high = ENDS_MEQ_L
    rows = np.sort(np.clip(quantiles_meq_l, low, high), axis=1)
    below = [np.interp(HYPERKALEMIA_MEQ_L, [low, *row, high], [0.0, *levels, 1.0]) for row in rows]
    return 1 - np.array(below, np.float64)


def chances_behind(
    quantiles: tuple[float, ...], validated_meq_l: Values, potassium_meq_l: Values, answers_meq_l: Values
) -> tuple[Values, Values]:
    """The chance of hyperkalemia behind a network's answers to validation and to test cycles.

    Args:
        quantiles: that it answers; none of a network with one answer.
        validated_meq_l: its answers to validation cycles, float64[m, k].
        potassium_meq_l: of these, float64[m].
        answers_meq_l: its answers to test cycles, float64[n, k].

    Returns:
        float64[m] and float64[n].
    """
    if quantiles:
        told = [chances_of_quantiles(each, quantiles) for each in (validated_meq_l, answers_meq_l)]
        return told[0], told[1]
    off = potassium_meq_l - validated_meq_l[:, 0]
    return chances(validated_meq_l[:, 0], off), chances(answers_meq_l[:, 0], off)


def _point(
    holds: Held,
    validation_probability: Values,
    truth: NDArray[np.bool_],
    test_probability: Values,
    test: CycleSet,
) -> OperatingPoint:
    limit = threshold_permille(validation_probability, truth, holds)
    chosen, told = (each >= limit / PERMILLE for each in (validation_probability, test_probability))
    tested = is_positive(test)
    return OperatingPoint(
        holds=holds,
        threshold_permille=limit,
        validation_sensitivity=round(float(chosen[truth].mean()), 4),
        validation_specificity=round(float((~chosen[~truth]).mean()), 4),
        sensitivity=_rate(test, lambda weights: share(told, tested, weights)),
        specificity=_rate(test, lambda weights: share(~told, ~tested, weights)),
    )


def _rate(test: CycleSet, figure: Callable[[Values], Values]) -> Rate:
    """A figure of weights of the test cycles, with its interval; of draws in which it is defined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(figure(np.ones((1, len(test.patient))))[0])
        drawn = np.concatenate([np.array([value]), *(figure(weights) for weights in draws(test.patient))])
    low, high = np.percentile(drawn[np.isfinite(drawn)], (2.5, 97.5))
    return Rate(value=round(value, 4), low=round(float(low), 4), high=round(float(high), 4))
