"""Weights for training cycles, so that rare potassium counts for more than its share."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_BIN_MEQ_L: Final = 0.1
_SMOOTHED_OVER_MEQ_L: Final = 0.3
"""About what two potassium values must differ by for an ECG to tell them apart."""


def balance(potassium_meq_l: NDArray[np.float64], exponent: float) -> NDArray[np.float32]:
    """The density of each potassium among all, to the power of minus `exponent`; mean 1.

    0 leaves every cycle its weight, 1 gives every potassium the same in all. The density is smoothed, as in
    Yang 2021, Delving into Deep Imbalanced Regression (arXiv:2102.09554).

    Args:
        potassium_meq_l: float64[n].
        exponent: 0 to 1.

    Returns:
        float32[n].
    """
    bins = np.floor(potassium_meq_l / _BIN_MEQ_L).astype(np.int64)
    counts = np.bincount(bins, minlength=bins.max() + 1).astype(np.float64)
    from scipy.ndimage import gaussian_filter1d  # slow to load, and only training needs it

    density = gaussian_filter1d(counts, _SMOOTHED_OVER_MEQ_L / _BIN_MEQ_L, mode="constant")
    weights = density[bins] ** -exponent
    return np.asarray(weights / weights.mean(), np.float32)
