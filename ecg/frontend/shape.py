"""The running template: what an accepted cycle of this patient and lead looks like."""

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.config import COARSE_STEP, CYCLE_SIZE, QRS_SIZE, R_INDEX
from splkit.ecg.frontend.thresholds import (
    CYCLE_LESS_LIKE_32NDS,
    CYCLE_LIKE_32NDS,
    CYCLE_LIKE_LEAST_32NDS,
    DEEP_PARTS,
    FOLLOW_SHIFT,
    FUSED_FIFTHS,
    LARGEST_SHIFT_Q10,
    LIKENESS_BITS,
    NARROW_Q12,
    QRS_BEFORE,
    QRS_COARSE,
    QRS_LIKE_32NDS,
    RIVAL_QUARTERS,
    SPIKE_AWAY,
    SPIKE_SHIFT,
    UNLIKE_MAX,
)

_R = R_INDEX // COARSE_STEP
_QRS = slice(_R - QRS_BEFORE, _R - QRS_BEFORE + QRS_COARSE)
_LARGEST_LIKENESS = (1 << LIKENESS_BITS) - 1
_ALIKE_Q5 = 32 * _LARGEST_LIKENESS


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


def is_spike(qrs: NDArray[np.int64]) -> bool:
    """Whether hardly anything of R is left 10 ms to both sides of it: a pacing spike, and no QRS complex."""
    middle, away = QRS_SIZE // 2, SPIKE_AWAY
    return bool(np.abs(qrs[[middle - away, middle + away]]).max() < abs(qrs[middle]) >> SPIKE_SHIFT)


def coarse_size(limit: int) -> int:
    """Points of a coarse cycle before `limit`, points after R; no fewer than to where its complex ends."""
    return max(_QRS.stop, min((limit + R_INDEX + COARSE_STEP - 1) // COARSE_STEP, CYCLE_SIZE // COARSE_STEP))


class Template:
    """The running means of usual coarse cycles (int64[45], Q12) and of their finer QRS complexes (int64[15]).

    Behind the latter stands how large R is, counts.
    Beside them it holds what unlike cycles look like. So many in a row that are like each other, and theirs
    is the usual shape; where they are not, they are noise, and the template stays.
    """

    def __init__(self) -> None:
        self._coarse: NDArray[np.int64] | None = None
        self._qrs: NDArray[np.int64] | None = None
        self._other: NDArray[np.int64] | None = None
        self._others = 0
        self._likeness_q5 = _ALIKE_Q5

    def is_usual(self, coarse: NDArray[np.int64], size: int, amplitude2: int, beside: bool) -> bool:
        """Whether `coarse`, of which the first `size` points lie before the next beat, is like the template.

        A cycle `beside` a premature beat begins no template, nor is it counted among those of another shape.
        `amplitude2` is twice its R amplitude.
        """
        if self._coarse is None:
            return not beside
        likeness = _likeness(coarse[:size], self._coarse[:size])
        qrs_likeness = _qrs_likeness(coarse, self._coarse)
        has_usual_qrs = qrs_likeness >= QRS_LIKE_32NDS
        is_fused = qrs_likeness < _LARGEST_LIKENESS and self._is_fused(likeness, amplitude2)
        is_like = has_usual_qrs and likeness >= self._least() and not is_fused
        if has_usual_qrs:
            self._likeness_q5 += 32 * likeness - self._likeness_q5 >> FOLLOW_SHIFT
        self._others = 0 if is_like else self._others
        if not is_like and not beside:
            self._follow_other(coarse, size)
        return is_like

    def follow(self, coarse: NDArray[np.int64], size: int) -> None:
        """Moves the template towards this usual cycle."""
        self._coarse = coarse.copy() if self._coarse is None else _followed(self._coarse, coarse, size)

    def align(self, qrs: NDArray[np.int64], amplitude2: int) -> int:
        """How far this usual complex has to be shifted to lie on the template, which then follows it.

        One step of least squares by the template's slope (Lucas and Kanade 1981). The template follows R as
        it was found, so that it cannot drift away from R. Gives points of a cycle, Q10.
        """
        shift_q10 = 0 if self._qrs is None else _shift_q10(qrs, self._qrs[:-1])
        row = np.append(qrs, _size(amplitude2))
        self._qrs = row if self._qrs is None else _followed(self._qrs, row, len(row))
        return shift_q10

    def _least(self) -> int:
        """How like the template a cycle must be: less where noise makes all of them less like it."""
        usual = self._likeness_q5 >> 5
        return max(CYCLE_LIKE_LEAST_32NDS, min(CYCLE_LIKE_32NDS, usual - CYCLE_LESS_LIKE_32NDS))

    def _is_fused(self, likeness: int, amplitude2: int) -> bool:
        """Whether a beat adds a ventricular one to a usual one: larger, and less like the template."""
        if self._qrs is None:
            return False
        is_quiet = self._likeness_q5 >= 32 * CYCLE_LIKE_32NDS
        is_larger = 5 * _size(amplitude2) > FUSED_FIFTHS * int(self._qrs[-1])
        return is_quiet and is_larger and 32 * likeness < self._likeness_q5

    def _follow_other(self, coarse: NDArray[np.int64], size: int) -> None:
        is_alike = (
            self._other is not None
            and _qrs_likeness(coarse, self._other) >= QRS_LIKE_32NDS
            and _likeness(coarse[:size], self._other[:size]) >= self._least()
        )
        if self._other is None or not is_alike:
            self._other, self._others = coarse.copy(), 1
            return
        self._other = _followed(self._other, coarse, size)
        self._others += 1
        if self._others == UNLIKE_MAX:
            self._coarse, self._qrs, self._other = self._other, None, None
            self._others, self._likeness_q5 = 0, _ALIKE_Q5


def _size(amplitude2: int) -> int:
    """How large R is, counts."""
    return min(abs(amplitude2) >> 1, 32767)


def _followed(mean: NDArray[np.int64], new: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """`mean`, its first `size` points an eighth of the way towards `new`."""
    moved = mean.copy()
    moved[:size] += new[:size] - mean[:size] >> FOLLOW_SHIFT
    return moved


def _qrs_likeness(coarse: NDArray[np.int64], usual: NDArray[np.int64]) -> int:
    """How alike the slopes of two QRS complexes are: motion is slower, and leaves them alone."""
    slopes = (np.diff(each[_QRS]).clip(-32768, 32767) for each in (coarse, usual))
    return _likeness(*slopes)


def _likeness(a: NDArray[np.int64], b: NDArray[np.int64]) -> int:
    """Their squared correlation, in 32nds and at most 31; 0 where it is negative."""
    covariance, of_a, of_b = _covariance(a, b) >> 14, _covariance(a, a) >> 14, _covariance(b, b) >> 14
    if covariance <= 0:
        return 0
    return min(32 * covariance * covariance // max(of_a * of_b, 1), _LARGEST_LIKENESS)


def _covariance(a: NDArray[np.int64], b: NDArray[np.int64]) -> int:
    """n^2 times it."""
    return len(a) * int(a @ b) - int(a.sum()) * int(b.sum())


def _shift_q10(qrs: NDArray[np.int64], mean: NDArray[np.int64]) -> int:
    slope2 = mean[2:] - mean[:-2]
    lead, unit = 2048 * _covariance(slope2, qrs[1:-1] - mean[1:-1]), _covariance(slope2, slope2)
    size = min(abs(lead) // max(unit, 1), LARGEST_SHIFT_Q10)
    return size if lead >= 0 else -size
