"""Means of accepted cycles."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.thresholds import SKIPPED_MAX
from splkit.ecg.frontend.trace import FrontEndTrace, Verdict
from splkit.ecg.frontend.window import CYCLE_SIZE

_INTERRUPTIONS = (Verdict.RR, Verdict.LEAD_OFF)
"""After which a mean begins anew."""


class Means(NamedTuple):
    """Means of accepted cycles, int16[k, 270] or rows with windows, Q12, and the beat that completed each."""

    cycles: NDArray[np.int16]
    completed_at: NDArray[np.int64]


def means_of(trace: FrontEndTrace, averaged_cycles: int) -> Means:
    """What the front end would report with `averaged_cycles` cycles in each mean.

    `trace` may have been made with any number: verdicts and cycles do not depend on it.
    """
    average, cycles = Average(averaged_cycles, trace.cycles.shape[1]), iter(trace.cycles.astype(np.int64))
    for index, verdict in enumerate(map(Verdict, trace.verdict.tolist())):
        average.take(index, verdict, next(cycles) if verdict is Verdict.ACCEPTED else None)
    return Means(average.means(), np.array(average.complete_at, np.int64))


class Average:
    """Takes cycles beat by beat; every `averaged_cycles` accepted ones make a mean.

    A row of so many points is a cycle, or a cycle and a window; windows come one by one.

    Attributes:
        complete_at: the beat that completed each mean.
    """

    def __init__(self, averaged_cycles: int, row_size: int = CYCLE_SIZE) -> None:
        self._averaged_cycles, self._row_size = averaged_cycles, row_size
        self.complete_at: list[int] = []
        self._taken: list[NDArray[np.int16]] = []
        self._means: list[NDArray[np.int16]] = []
        self._sum = np.zeros(row_size, np.int64)
        self._summed = self._skipped = 0

    def take(self, index: int, verdict: Verdict, cycle: NDArray[np.int64] | None) -> None:
        """Beat `index`'s row (int64[row_size], Q12), of which a rounded share goes into the mean.

        A rejected beat has none.
        """
        if cycle is None:
            self._skipped += 1
            if self._skipped > SKIPPED_MAX * self._averaged_cycles or verdict in _INTERRUPTIONS:
                self._begin()
            return
        self._taken.append(cycle.astype(np.int16))
        self._sum += (cycle + self._averaged_cycles // 2) // self._averaged_cycles
        self._summed += 1
        if self._summed == self._averaged_cycles:
            self._means.append(self._sum.clip(-32768, 32767).astype(np.int16))
            self.complete_at.append(index)
            self._begin()

    def taken(self) -> NDArray[np.int16]:
        """Every row, int16[m, row_size]."""
        return np.array(self._taken, np.int16).reshape(-1, self._row_size)

    def means(self) -> NDArray[np.int16]:
        """Every mean, int16[k, row_size]."""
        return np.array(self._means, np.int16).reshape(-1, self._row_size)

    def _begin(self) -> None:
        self._sum[:] = 0
        self._summed = self._skipped = 0
