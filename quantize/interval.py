"""How far the truth lies from an estimate: split-conformal offsets, from patients that training never saw."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from splkit.quantize.card import Interval

COVERAGE: Final = 0.9


def conformal_interval(
    validation_meq_l: NDArray[np.float64],
    validation_estimate_meq_l: NDArray[np.float64],
    test_meq_l: NDArray[np.float64],
    test_estimate_meq_l: NDArray[np.float64],
) -> Interval | None:
    """The interval about an estimate: potassium and estimates of validation patients, float64[n], make it.

    Those of test patients, float64[m], only check it. None where the validation patients are too few.
    """
    return split_conformal(validation_meq_l - validation_estimate_meq_l, test_meq_l - test_estimate_meq_l)


def split_conformal(
    validation_error_meq_l: NDArray[np.float64],
    test_error_meq_l: NDArray[np.float64],
    coverage: float = COVERAGE,
) -> Interval | None:
    """Offsets between which the truth less the estimate lies, by the errors on validation patients.

    The quantiles have the correction for finite samples of Vovk, Gammerman and Shafer 2005 (Algorithmic
    Learning in a Random World), half of what is left out on each side. Cycles of one patient resemble each
    other, which that correction does not know: the share of test cycles that are covered is told beside it.

    Args:
        validation_error_meq_l: truth less estimate, float64[n].
        test_error_meq_l: the same on test patients, float64[m], only to check the coverage.
        coverage: the share to cover, between 0 and 1.

    Returns:
        The interval, or None where the errors are too few for that coverage.
    """
    errors = np.sort(validation_error_meq_l)
    below = int(np.floor(round((len(errors) + 1) * (1 - coverage) / 2, 6)))
    if below < 1:
        return None
    low, high = (round(float(errors[at]), 2) for at in (below - 1, -below))
    covered = (test_error_meq_l >= low) & (test_error_meq_l <= high)
    return Interval(
        coverage=coverage, low_meq_l=low, high_meq_l=high, test_coverage=round(float(covered.mean()), 3)
    )
