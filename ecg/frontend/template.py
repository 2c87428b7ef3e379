"""The running template: what an accepted cycle of this patient and lead looks like at 50 Hz."""

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.config import COARSE_STEP, R_INDEX

_LIMIT_Q3 = 5
"""The largest distance to the template, in eighths of the template's size."""

_STUBBORN = 8
"""So many unlike cycles in a row, and the last of them becomes the template: the lead has moved."""


_R = R_INDEX // COARSE_STEP
_QRS = slice(_R - 5, _R + 5)
"""The bends within 80 ms before R and 100 ms after it."""

_NARROW = 9 * 256
"""How sharply a complex bends at R, Q12 of R over 20 ms: less is as wide as a T wave, or a sine wave."""


def has_qrs(coarse: NDArray[np.int64]) -> bool:
    """Whether a coarse cycle (int64[45], Q12) has a QRS complex at R, and no rival of it elsewhere.

    A complex as wide as a T wave is none, and where something else bends three quarters as much, R and T
    may have been confused: in severe hyperkalemia no estimate is better than one from the wrong wave.
    """
    bend = 2 * coarse[1:-1] - coarse[:-2] - coarse[2:]
    size = np.abs(bend)
    rival = max(size[: _QRS.start].max(), size[_QRS.stop :].max())
    return bool(bend[_R - 1] >= _NARROW and 4 * rival <= 3 * size[_QRS].max())


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
