"""Means of accepted cycles."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.config import CYCLE_SIZE
from splkit.ecg.frontend.thresholds import SKIPPED_MAX
from splkit.ecg.frontend.trace import FrontEndTrace, Verdict

_INTERRUPTIONS = (Verdict.RR, Verdict.LEAD_OFF)
"""After which a mean begins anew."""


class Means(NamedTuple):
    """Means of accepted cycles, int16[k, 270], Q12, and the beat that completed each, int64[k]."""

    cycles: NDArray[np.int16]
    completed_at: NDArray[np.int64]


def means_of(trace: FrontEndTrace, averaged_cycles: int) -> Means:
    """What the front end would report with `averaged_cycles` cycles in each mean.

    `trace` may have been made with any number: verdicts and cycles do not depend on it.
    """
    average, cycles = Average(averaged_cycles), iter(trace.cycles.astype(np.int64))
    for index, verdict in enumerate(map(Verdict, trace.verdict.tolist())):
        average.take(index, verdict, next(cycles) if verdict is Verdict.ACCEPTED else None)
    return Means(average.means(), np.array(average.complete_at, np.int64))


class Average:
    """Takes cycles beat by beat; every `averaged_cycles` accepted ones make a mean.

    Attributes:
        complete_at: the beat that completed each mean.
    """

    def __init__(self, averaged_cycles: int) -> None:
        self._averaged_cycles = averaged_cycles
        self.complete_at: list[int] = []
        self._taken: list[NDArray[np.int16]] = []
        self._means: list[NDArray[np.int16]] = []
        self._sum = np.zeros(CYCLE_SIZE, np.int64)
        self._summed = self._skipped = 0

    def take(self, index: int, verdict: Verdict, cycle: NDArray[np.int64] | None) -> None:
        """Beat `index`'s cycle (int64[270], Q12), of which a rounded share goes into the mean.

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
        """Every cycle, int16[m, 270]."""
        return np.array(self._taken, np.int16).reshape(-1, CYCLE_SIZE)

    def means(self) -> NDArray[np.int16]:
        """Every mean, int16[k, 270]."""
        return np.array(self._means, np.int16).reshape(-1, CYCLE_SIZE)

    def _begin(self) -> None:
        self._sum[:] = 0
        self._summed = self._skipped = 0
