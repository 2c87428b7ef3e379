"""The last few values of a quantity and their median, which one outlier cannot move (Hamilton 2002)."""

from collections.abc import Iterable

from splkit.ecg.frontend.thresholds import LEVELS, STEADY_PARTS


class Levels:
    """The last 8 values.

    Attributes:
        median: the upper one, 0 of none.
        steady: whether the middle half of 8 values lies within an eighth of the median.
    """

    def __init__(self, values: Iterable[int] = ()) -> None:
        self._values: list[int] = []
        self.median = 0
        self.steady = False
        for value in values:
            self.push(value)

    def __len__(self) -> int:
        return len(self._values)

    def recent(self, age: int) -> int:
        """The value taken in `age` values before the newest; there must be so many."""
        return self._values[-1 - age]

    def push(self, value: int) -> None:
        """Take a new value in, and let the oldest go."""
        self._values.append(value)
        del self._values[:-LEVELS]
        ranked = sorted(self._values)
        self.median = ranked[len(ranked) // 2]
        self.steady = len(ranked) == LEVELS and STEADY_PARTS * (ranked[6] - ranked[2]) < self.median
