"""Means of 8 accepted cycles."""

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.config import AVERAGED_CYCLES, CYCLE_SIZE
from splkit.ecg.frontend.trace import Verdict

_SKIPPED_MAX = 16
"""Beats left out of one mean: with more than two in three rejected, what was accepted is accident."""

_INTERRUPTIONS = (Verdict.RR, Verdict.LEAD_OFF)
"""After which a mean begins anew."""


class Average:
    """Takes cycles beat by beat.

    Attributes:
        complete_at: the beat that completed each mean.
    """

    def __init__(self) -> None:
        self.complete_at: list[int] = []
        self._taken: list[NDArray[np.int16]] = []
        self._means: list[NDArray[np.int16]] = []
        self._sum = np.zeros(CYCLE_SIZE, np.int64)
        self._summed = self._skipped = 0

    def take(self, index: int, verdict: Verdict, cycle: NDArray[np.int64] | None) -> None:
        """A rounded eighth of beat `index`'s cycle (int64[270], Q12); a rejected beat has none."""
        if cycle is None:
            self._skipped += 1
            if self._skipped > _SKIPPED_MAX or verdict in _INTERRUPTIONS:
                self._begin()
            return
        self._taken.append(cycle.astype(np.int16))
        self._sum += (cycle + AVERAGED_CYCLES // 2) // AVERAGED_CYCLES
        self._summed += 1
        if self._summed == AVERAGED_CYCLES:
            self._means.append(self._sum.clip(-32768, 32767).astype(np.int16))
            self.complete_at.append(index)
            self._begin()

    def taken(self) -> NDArray[np.int16]:
        """Every cycle, int16[m, 270]."""
        return np.array(self._taken, np.int16).reshape(-1, CYCLE_SIZE)

    def means(self) -> NDArray[np.int16]:
        """Every mean, int16[k, 270]."""
        return np.array(self._means, np.int16).reshape(-1, CYCLE_SIZE)

    def _begin(self) -> None:
        self._sum[:] = 0
        self._summed = self._skipped = 0
