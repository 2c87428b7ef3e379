"""Which deflection of a complex is R, the upper or the lower one: the same side throughout a record."""

from collections.abc import Iterable
from typing import Protocol

from splkit.ecg.frontend.thresholds import (
    LEAN_EVEN_32NDS,
    LEAN_FOLLOW_SHIFT,
    LEAN_LIKE_32NDS,
    LEAN_OVER_32NDS,
    LEAN_OWN_32NDS,
    UNLIKE_MAX,
)


class Complex(Protocol):
    """What there is to choose from; see `Waves`."""

    @property
    def r_sample(self) -> int:
        """The larger deflection's extremum."""

    @property
    def other(self) -> int:
        """From there to the other one's, samples."""

    @property
    def lean(self) -> int:
        """By how much which one is larger."""


class Side:
    """The side of the record's usual complex, and how much it leans to that side.

    Complexes of which two deflections are about as large would have R now on one and now on the other: with
    breathing, noise, or the place of a sample. R stays on the usual side of every complex that leans about as
    the usual one does, unless it leans clearly to the other. Another complex (ectopic, a bundle branch block)
    has R on its own larger side; so many of these in a row, and theirs is the usual side.
    """

    def __init__(self) -> None:
        self._is_up: bool | None = None
        self._lean_q5 = 0
        self._others = 0

    def learn(self, complexes: Iterable[Complex]) -> None:
        """The usual complex is as these are on average; of none, it is the first that is placed."""
        leans = [each.lean for each in complexes]
        if leans:
            self._begin(sum(leans), len(leans))

    def place(self, beat: Complex) -> int:
        """R of the next beat, which becomes one of the usual ones where it is like them."""
        if self._is_up is None:
            self._begin(beat.lean, 1)
        change_q5 = 32 * beat.lean - self._lean_q5
        if abs(change_q5) > 32 * LEAN_LIKE_32NDS:
            self._others += 1
            if self._others == UNLIKE_MAX:
                self._begin(beat.lean, 1)
            return _on_side(beat, beat.lean > LEAN_EVEN_32NDS)
        self._others = 0
        self._lean_q5 += change_q5 >> LEAN_FOLLOW_SHIFT
        if abs(self._lean_q5) > 32 * LEAN_OVER_32NDS:
            self._is_up = self._lean_q5 > 0
        has_own = abs(beat.lean) > LEAN_OWN_32NDS
        return _on_side(beat, beat.lean > 0 if has_own else self._is_up)

    def _begin(self, sum_of_leans: int, count: int) -> None:
        size = 32 * abs(sum_of_leans) // count
        self._lean_q5 = size if sum_of_leans >= 0 else -size
        self._is_up = self._lean_q5 >= 0
        self._others = 0


def _on_side(beat: Complex, is_up: bool | None) -> int:
    return beat.r_sample if (beat.lean >= 0) == is_up else beat.r_sample + beat.other
