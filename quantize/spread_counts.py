"""The corrections and the figures of a spread by the number of cycles in a mean."""

import numpy as np
from numpy.typing import NDArray

from splkit.progress import Advance
from splkit.quantize.contract import POTASSIUM_PLAUSIBLE_MEQ_L
from splkit.quantize.deviation import estimate_int8
from splkit.quantize.spread import UEQ_L, OfCycles, Spread, corrections
from splkit.train.cycle_set import CycleSet
from splkit.train.folder import Run


def with_counts(spread: Spread, content: bytes, run: Run, advance: Advance) -> Spread:
    """A spread with what its model comes to on means of each number of cycles that the run has.

    None are added where it has whole means alone. `advance` counts `counted_means` of them.
    """
    if len(run.config.beats) == 1:
        return spread
    offset_meq_l = run.metrics.spl_offset_meq_l
    rows = []
    for beats in sorted(run.config.beats):
        validation, test = run.cycles("validation", beats), run.cycles("test", beats)
        validated, tested = (
            estimate_int8(content, each.averaged, offset_meq_l, advance) for each in (validation, test)
        )
        fitted = corrections(spread.permille, validated, validation.potassium_meq_l)
        alike = spread.model_copy(update={"correction_meq_l": fitted})
        rows.append(of_cycles(alike, beats, tested, test))
    return spread.model_copy(update={"counts": tuple(rows)})


def counted_means(run: Run) -> int:
    """How many means `with_counts` answers."""
    if len(run.config.beats) == 1:
        return 0
    splits = ("validation", "test")
    return sum(len(run.cycles(split, beats).patient) for split in splits for beats in run.config.beats)


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
