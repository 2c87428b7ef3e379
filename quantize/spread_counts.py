"""The corrections and the figures of a spread by the number of cycles in a mean."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from splkit.progress import Advance, ignore_progress
from splkit.quantize.contract import POTASSIUM_PLAUSIBLE_MEQ_L
from splkit.quantize.deviation import estimate_int8
from splkit.quantize.spread import UEQ_L, OfCycles, Spread, corrections
from splkit.train.cycle_set import CycleSet
from splkit.train.folder import Run

Means = Mapping[int, tuple[CycleSet, CycleSet]]
"""By the number of cycles, rising: means of validation patients, and of test patients."""
Answers = Mapping[int, tuple[NDArray[np.float64], ...]]
"""To each of them, float64[n, k] of k quantiles."""


def answers_to(
    means: Means, content: bytes, offset_meq_l: float, advance: Advance = ignore_progress
) -> Answers:
    """What an int8 model answers to them, mEq/L. `advance` counts means."""
    return {
        cycles: tuple(estimate_int8(content, each.averaged, offset_meq_l, advance) for each in pair)
        for cycles, pair in means.items()
    }


def with_counts(spread: Spread, means: Means, answers: Answers) -> Spread:
    """A spread, with the operating points of whole means, and what it comes to by the number of cycles."""
    rows = []
    for cycles, (validation, test) in means.items():
        validated, tested = answers[cycles]
        fitted = corrections(spread.permille, validated, validation.potassium_meq_l)
        alike = spread.model_copy(update={"correction_meq_l": fitted})
        rows.append(of_cycles(alike, cycles, tested, test))
    return spread.model_copy(update={"counts": tuple(rows)})


def means_of_run(run: Run) -> Means:
    """Those of a run; none where it has whole means alone."""
    beats = sorted(run.config.beats) if len(run.config.beats) > 1 else ()
    return {each: (run.cycles("validation", each), run.cycles("test", each)) for each in beats}


def of_cycles(spread: Spread, cycles: int, answers_meq_l: NDArray[np.float64], test: CycleSet) -> OfCycles:
    """The figures of one number of cycles, whose corrections `spread` has.

    Args:
        spread: with the operating points of whole means.
        cycles: in a mean.
        answers_meq_l: to the means of test patients, float64[n, k].
        test: these means.
    """
    quantiles = spread.quantiles_ueq_l(answers_meq_l)
    quantiles_meq_l, true_meq_l = quantiles / UEQ_L, test.potassium_meq_l
    low, high = quantiles_meq_l[:, 0], quantiles_meq_l[:, -1]
    told = [
        (
            spread.risk_permille(quantiles, risk.level_meq_l, POTASSIUM_PLAUSIBLE_MEQ_L)
            > risk.alert_permille,
            true_meq_l >= risk.level_meq_l,
        )
        for risk in spread.risks
    ]
    return OfCycles.model_validate(
        {
            "cycles": cycles,
            "correction_meq_l": spread.correction_meq_l,
            "means": len(true_meq_l),
            "mae_meq_l": round(float(np.abs(quantiles_meq_l[:, spread.median] - true_meq_l).mean()), 4),
            "share": round(float(((true_meq_l >= low) & (true_meq_l <= high)).mean()), 4),
            "width_meq_l": round(float((high - low).mean()), 3),
            "specificity": [_share(~alert[~positive]) for alert, positive in told],
            "sensitivity": [_share(alert[positive]) for alert, positive in told],
        }
    )


def _share(told: NDArray[np.bool_]) -> float | None:
    return round(float(told.mean()), 3) if len(told) else None
