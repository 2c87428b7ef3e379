"""The running template: what an accepted cycle of this patient and lead looks like."""

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.config import COARSE_STEP, R_INDEX
from splkit.ecg.frontend.thresholds import (
    CYCLE_LIKE_32NDS,
    DEEP_PARTS,
    FOLLOW_SHIFT,
    LARGEST_SHIFT_Q10,
    NARROW_Q12,
    QRS_BEFORE,
    QRS_COARSE,
    QRS_LIKE_32NDS,
    RIVAL_QUARTERS,
    UNLIKE_MAX,
)

_R = R_INDEX // COARSE_STEP
_QRS = slice(_R - QRS_BEFORE, _R - QRS_BEFORE + QRS_COARSE)


def has_qrs(coarse: NDArray[np.int64]) -> bool:
    """Whether a coarse cycle (int64[45], Q12) has a QRS complex at R, and no rival of it elsewhere.

    A complex as wide as a T wave is none, nor one that bends less than half as much as it is deep; and where
    something else bends three quarters as much, R and T may have been confused: in severe hyperkalemia no
    estimate is better than one from the wrong wave.
    """
    bend = 2 * coarse[1:-1] - coarse[:-2] - coarse[2:]
    size = np.abs(bend)
    rival = max(size[: _QRS.start].max(), size[_QRS.stop - 2 :].max())
    is_narrow = bend[_R - 1] >= NARROW_Q12 and DEEP_PARTS * bend[_R - 1] >= coarse[_R] - coarse[_QRS].min()
    return bool(is_narrow and 4 * rival <= RIVAL_QUARTERS * size[_QRS.start : _QRS.stop - 2].max())


class Template:
    """The running means of coarse cycles (int64[45], Q12) and of their finer QRS complexes (int64[15])."""

    def __init__(self) -> None:
        self._coarse: NDArray[np.int64] | None = None
        self._qrs: NDArray[np.int64] | None = None
        self._unlike = 0

    def is_usual(self, coarse: NDArray[np.int64]) -> bool:
        """Whether `coarse` correlates with the template, as a whole and by its QRS complex."""
        if self._coarse is None:
            return True
        cycle_like = _correlates(coarse, self._coarse, CYCLE_LIKE_32NDS)
        is_like = cycle_like and _correlates(coarse[_QRS], self._coarse[_QRS], QRS_LIKE_32NDS)
        self._unlike = 0 if is_like else self._unlike + 1
        if self._unlike == UNLIKE_MAX:
            self._coarse, self._qrs, self._unlike = coarse.copy(), None, 0
        return is_like

    def follow(self, coarse: NDArray[np.int64], qrs: NDArray[np.int64]) -> int:
        """How far this usual cycle has to be shifted to lie on the template, which then follows it.

        One step of least squares by the template's slope (Lucas and Kanade 1981). The template follows R as
        it was found, so that it cannot drift away from R. Gives points of a cycle, Q10.
        """
        self._coarse = coarse.copy() if self._coarse is None else _followed(self._coarse, coarse)
        shift_q10 = 0 if self._qrs is None else _shift_q10(qrs, self._qrs)
        self._qrs = qrs.copy() if self._qrs is None else _followed(self._qrs, qrs)
        return shift_q10


def _followed(mean: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.int64]:
    return mean + (new - mean >> FOLLOW_SHIFT)


def _correlates(a: NDArray[np.int64], b: NDArray[np.int64], least: int) -> bool:
    """Whether their squared correlation reaches `least` 32nds, and is not negative."""
    covariance, of_a, of_b = _covariance(a, b) >> 14, _covariance(a, a) >> 14, _covariance(b, b) >> 14
    return covariance > 0 and 32 * covariance * covariance >= least * of_a * of_b


def _covariance(a: NDArray[np.int64], b: NDArray[np.int64]) -> int:
    """n^2 times it."""
    return len(a) * int(a @ b) - int(a.sum()) * int(b.sum())


def _shift_q10(qrs: NDArray[np.int64], mean: NDArray[np.int64]) -> int:
    slope2 = mean[2:] - mean[:-2]
    lead, unit = 2048 * _covariance(slope2, qrs[1:-1] - mean[1:-1]), _covariance(slope2, slope2)
    size = min(abs(lead) // max(unit, 1), LARGEST_SHIFT_Q10)
    return size if lead >= 0 else -size
