"""What a network reads about an accepted beat: its one-cycle ECG, or a longer window with its neighbours."""

from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

CYCLE_SIZE, CYCLE_FS_HZ, R_INDEX = 270, 300, 90
"""A cycle: 270 points 1/300 s apart, -0.3 s to +0.6 s about R."""


class Window(NamedTuple):
    """So many points 1/300 s apart, no fewer than a cycle's, of which number `r_index` is the R peak."""

    size: int
    r_index: int

    @property
    def points(self) -> NDArray[np.int64]:
        """Its points, int64[size]; R is 0."""
        return np.arange(self.size, dtype=np.int64) - self.r_index

    @property
    def span_s(self) -> tuple[float, float]:
        """From where to where it reaches, seconds; R is 0."""
        return -self.r_index / CYCLE_FS_HZ, (self.size - self.r_index) / CYCLE_FS_HZ

    @property
    def is_cycle(self) -> bool:
        """Whether it is the cycle by which beats are judged."""
        return self == CYCLE

    @property
    def row_size(self) -> int:
        """Points that the front end gives of a beat: the cycle, and the window where that is another."""
        return CYCLE_SIZE if self.is_cycle else CYCLE_SIZE + self.size


CYCLE: Final = Window(CYCLE_SIZE, R_INDEX)
TWO_SECONDS: Final = Window(600, 300)
"""A rhythm strip of 2 s, R in its middle: at 60 beats a minute and more it shows the beats on both sides."""

InputName = Literal["cycle", "2s"]
WINDOWS: Final[dict[InputName, Window]] = {"cycle": CYCLE, "2s": TWO_SECONDS}


def input_name(window: Window) -> InputName:
    """What `splkit train --input` calls a window."""
    return next(name for name, each in WINDOWS.items() if each == window)


def cycles_in(rows: NDArray[np.int16]) -> NDArray[np.int16]:
    """The cycles, int16[n, 270], of rows that the front end gave, int16[n, row_size]."""
    return rows[:, :CYCLE_SIZE]


def inputs_in(rows: NDArray[np.int16]) -> NDArray[np.int16]:
    """What a network reads of rows that the front end gave: windows where there are any, or cycles."""
    has_windows = rows.shape[1] in [each.row_size for each in WINDOWS.values() if not each.is_cycle]
    return rows[:, CYCLE_SIZE:] if has_windows else rows
