"""The running template: what an accepted cycle of this patient and lead looks like at 50 Hz."""

import numpy as np
from numpy.typing import NDArray

_LIMIT_Q3 = 5
"""The largest distance to the template, in eighths of the template's size."""

_STUBBORN = 8
"""So many unlike cycles in a row, and the last of them becomes the template: the lead has moved."""


class Template:
    """Compares coarse cycles (int64[45], Q12) with the running mean of those that were like it."""

    def __init__(self) -> None:
        self._points: NDArray[np.int64] | None = None
        self._unlike = 0

    def takes(self, coarse: NDArray[np.int64]) -> bool:
        """Whether `coarse` is like the template, which then moves an eighth of the way towards it.

        A mere offset is no difference: the isoelectric level is the least certain part of a cycle.
        """
        if self._points is None:
            self._points = coarse.copy()
        difference = coarse - self._points
        distance = np.abs(difference - difference.sum() // len(difference)).sum()
        is_like = bool(8 * distance <= _LIMIT_Q3 * np.abs(self._points).sum())
        self._unlike = 0 if is_like else self._unlike + 1
        if is_like:
            self._points += difference >> 3
        elif self._unlike == _STUBBORN:
            self._points, self._unlike = coarse.copy(), 0
        return is_like
