"""How much of the truth a model's intervals hold, and how well its risks are told, on test patients."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from splkit.quantize.spread import RISK_LEVELS_MEQ_L, UEQ_L, Covered, Risk, Spread
from splkit.train.baselines import interval_by_patients
from splkit.train.cycle_set import CycleSet
from splkit.train.metrics import BANDS_MEQ_L

SPECIFICITY: Final = 0.9
"""At which alerts are compared: one false alert in ten ECGs without high potassium."""
_ESTIMATE_BANDS_MEQ_L: Final = (4.5, 5.0, 5.5, 6.5)
"""Estimates are drawn to the mean, so that their bands are narrower than those of the truth."""

_Values = NDArray[np.float64]
_Ends = tuple[float | None, float | None]


def with_figures(
    spread: Spread, answers_meq_l: _Values, test: CycleSet, plausible_meq_l: tuple[float, float]
) -> Spread:
    """A spread with what it comes to on `test`, whose answers are float64[n, k]."""
    quantiles = spread.quantiles_ueq_l(answers_meq_l)
    risks = tuple(
        _risk(spread, quantiles, test, level, plausible_meq_l)
        for level in RISK_LEVELS_MEQ_L
        if 0 < np.count_nonzero(test.potassium_meq_l >= level) < len(test.potassium_meq_l)
    )
    covered = tuple(_covered(quantiles / UEQ_L, spread.median, test.potassium_meq_l))
    return spread.model_copy(update={"covered": covered, "risks": risks})


def _covered(quantiles_meq_l: _Values, median: int, true_meq_l: _Values) -> Iterator[Covered]:
    low, high = quantiles_meq_l[:, 0], quantiles_meq_l[:, -1]
    inside = (true_meq_l >= low) & (true_meq_l <= high)
    bands: list[tuple[str, _Values, _Ends]] = [("all", true_meq_l, (None, None))]
    for by, values, ends in (
        ("estimate", quantiles_meq_l[:, median], _ESTIMATE_BANDS_MEQ_L),
        ("truth", true_meq_l, BANDS_MEQ_L),
    ):
        bands += [(by, values, band) for band in pairwise((None, *ends, None))]
    for by, values, (start, end) in bands:
        here = (values >= (start or -np.inf)) & (values < (end or np.inf))
        if here.any():
            yield Covered(
                by=by,
                from_meq_l=start,
                below_meq_l=end,
                cycles=int(here.sum()),
                share=round(float(inside[here].mean()), 3),
                width_meq_l=round(float((high - low)[here].mean()), 2),
            )


def _risk(
    spread: Spread,
    quantiles_ueq_l: NDArray[np.int64],
    test: CycleSet,
    level_meq_l: float,
    plausible_meq_l: tuple[float, float],
) -> Risk:
    risk = spread.risk_permille(quantiles_ueq_l, level_meq_l, plausible_meq_l)
    positive = test.potassium_meq_l >= level_meq_l
    limit, told = _alerts(risk, positive)
    _, told_by_median = _alerts(quantiles_ueq_l[:, spread.median], positive)
    low, high = interval_by_patients(told[positive].astype(np.float64), test.patient[positive])
    return Risk(
        level_meq_l=level_meq_l,
        share=round(float(positive.mean()), 4),
        mean_risk=round(float(risk.mean()) / 1000, 4),
        brier=round(float(np.mean((risk / 1000 - positive) ** 2)), 4),
        specificity=SPECIFICITY,
        alert_permille=limit,
        sensitivity=round(float(told[positive].mean()), 3),
        sensitivity_low=round(low, 3),
        sensitivity_high=round(high, 3),
        median_sensitivity=round(float(told_by_median[positive].mean()), 3),
    )


def _alerts(values: NDArray[np.int64], positive: NDArray[np.bool_]) -> tuple[int, NDArray[np.bool_]]:
    """The least limit that one in ten of the others is above at most, and who is above it."""
    limit = int(np.quantile(values[~positive], SPECIFICITY, method="higher"))
    return limit, values > limit
