"""Means of accepted cycles, the first of them early: of as many cycles as there are, better with time."""

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
    """What the front end would report with `averaged_cycles` cycles in each mean, none of them early.

    `trace` may have been made with any number: verdicts and cycles do not depend on it.
    """
    average, cycles = Average(averaged_cycles, trace.cycles.shape[1]), iter(trace.cycles.astype(np.int64))
    for index, verdict in enumerate(map(Verdict, trace.verdict.tolist())):
        average.take(index, verdict, next(cycles) if verdict is Verdict.ACCEPTED else None)
    return Means(average.means(), np.array(average.complete_at, np.int64))


class Average:
    """Takes cycles beat by beat; every `averaged_cycles` accepted ones make a mean.

    It is reported early, of `least_cycles` and of each power of two from there on, where the last report is
    `patience` samples ago, or was of fewer of the same cycles. A row of so many points is a cycle, or a cycle
    and a window; windows come one by one.

    Attributes:
        complete_at: the beat at which each mean was reported.
        counts: of how many cycles it is.
        grown: whether it holds the cycles of the one before, which it replaces.
    """

    def __init__(
        self,
        averaged_cycles: int,
        row_size: int = CYCLE_SIZE,
        *,
        least_cycles: int | None = None,
        patience: int = 0,
    ) -> None:
        self._averaged_cycles, self._row_size = averaged_cycles, row_size
        self._least_cycles, self._patience = least_cycles or averaged_cycles, patience
        self.complete_at: list[int] = []
        self.counts: list[int] = []
        self.grown: list[bool] = []
        self._taken: list[NDArray[np.int16]] = []
        self._means: list[NDArray[np.int16]] = []
        self._sum = np.zeros(row_size, np.int64)
        self._summed = self._skipped = 0
        self._reported_at: int | None = None
        self._is_reported = False

    def take(self, index: int, verdict: Verdict, cycle: NDArray[np.int64] | None, now: int = 0) -> None:
        """Beat `index`'s row (int64[row_size], Q12), of which its rounded share in a whole mean is summed.

        A rejected beat has none. It is taken at sample `now`.
        """
        if cycle is None:
            self._skipped += 1
            if self._skipped > SKIPPED_MAX * self._averaged_cycles or verdict in _INTERRUPTIONS:
                self._begin()
            return
        self._taken.append(cycle.astype(np.int16))
        whole = self._averaged_cycles
        self._sum += (cycle + whole // 2) // whole
        self._summed += 1
        is_step = self._summed >= self._least_cycles and self._summed.bit_count() == 1
        if is_step and self._is_due(now):
            self._report(index, now)
        if self._summed == self._averaged_cycles:
            self._begin()

    def taken(self) -> NDArray[np.int16]:
        """Every row, int16[m, row_size]."""
        return np.array(self._taken, np.int16).reshape(-1, self._row_size)

    def means(self) -> NDArray[np.int16]:
        """Every mean, int16[k, row_size]."""
        return np.array(self._means, np.int16).reshape(-1, self._row_size)

    def _is_due(self, now: int) -> bool:
        if self._is_reported or self._reported_at is None or self._summed == self._averaged_cycles:
            return True
        return now - self._reported_at >= self._patience

    def _report(self, index: int, now: int) -> None:
        mean = self._sum.clip(-32768, 32767) * (self._averaged_cycles // self._summed)
        self._means.append(mean.clip(-32768, 32767).astype(np.int16))
        self.complete_at.append(index)
        self.counts.append(self._summed)
        self.grown.append(self._is_reported)
        self._reported_at, self._is_reported = now, True

    def _begin(self) -> None:
        self._sum[:] = 0
        self._summed = self._skipped = 0
        self._is_reported = False
