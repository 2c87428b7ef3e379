"""A first line along a row, and how far two of them agree: enough to tell which lead a strip shows."""

from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from scipy.ndimage import median_filter

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.rows import Rows
from splkit.ecg.paper.layout.span import corridor

JUMP_MM: Final = 3.0
"""A line goes on in ink that is no farther above or below its last; else from the row's level anew."""
DARK: Final = 0.3
BIN_MM: Final = 0.25
SLOW_MM: Final = 15.0
"""What is slower, 0.6 s at 25 mm/s, is wander, or the paper's own bend."""
BEAT_MM: Final = 0.8
"""Two lines are compared where one of them lies so far from its level: flat parts are alike in all leads."""
SAME_MM, SAME_SHARE = 0.35, 0.12
"""A lead and its strip, drawn with one pen at one gain, lie this near to each other, and this share more."""

WAVE_MM: Final = 1.0
"""A row is no trace where less of it, all in all, leaves its level."""

MOST_OF_A_ROW: Final = (0.03, 0.97)
"""Quantiles between which its flat ink lies, whatever is written beside it."""
BEYOND_MM: Final = 10.0
"""No row both begins so far before the others and ends so far behind them."""
THROUGHOUT: Final = 0.6
"""A row has ink over that share of where the others have theirs, or more; what is seen of an edge may not,"""
NEARLY_ALL: Final = 0.9
"""where three of four of the others have ink over this share: a copy may have lost parts of several rows."""


class Agreement(NamedTuple):
    """Of two lines."""

    share: float
    """0 to 1: of the compared length, where both lie at the same height."""
    length_mm: float
    """That was compared."""


def rough_line(marks: Marks, rows: Rows, row: int) -> Array:
    """y of a row's trace for each x, nan where it has no ink: the run of ink nearest to the last one.

    Neighbours' beats and handwriting take it along where they cross. A share of places that agree
    forgives that; a correlation would not.
    """
    top, bottom = corridor(marks, rows, row)
    band = ((rows.traces[top:bottom] > 0) & (marks.coverage[top:bottom] > DARK)).astype(np.int8)
    n = band.shape[1]
    steps = np.diff(np.pad(band, ((1, 1), (0, 0))), axis=0).T
    columns, begins = np.nonzero(steps == 1)
    ends = (np.nonzero(steps == -1)[1] - 1).tolist()
    first = np.searchsorted(columns, np.arange(n + 1)).tolist()
    begins_at = begins.tolist()
    level = float(rows.levels[row]) - top
    y = np.full(n, np.nan)
    low = high = level
    for x in range(n):
        runs = [(begins_at[i], ends[i]) for i in range(first[x], first[x + 1])]
        if not runs:
            continue
        gaps = [max(a - high, low - b, 0) + 0.02 * abs((a + b) / 2 - level) for a, b in runs]
        nearest = min(gaps)
        a, b = runs[gaps.index(nearest)]
        if nearest > JUMP_MM * marks.mm_y:
            a, b = min(runs, key=lambda run: abs((run[0] + run[1]) / 2 - level))
        low, high = float(a), float(b)
        y[x] = top + (low + high) / 2
    return y


def agreement(a: Array, b: Array, mm_y: float) -> Agreement:
    """How far two lines agree, given at steps of BIN_MM in pixels; wander between them does not count."""
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < 2:
        return Agreement(0.0, 0.0)
    x, at = np.arange(len(a)), np.flatnonzero(known)
    a, b = (np.interp(x, at, each[at]) for each in (a, b))
    reach = 2 * round(SLOW_MM / BIN_MM / 2) + 1
    high = np.maximum(
        *(np.abs(each - median_filter(each, reach, mode="nearest")) for each in (a, b)),
    )
    apart = a - b
    apart = np.abs(apart - median_filter(apart, reach, mode="nearest"))
    compared = known & (high > BEAT_MM * mm_y)
    length = int(compared.sum())
    if not length:
        return Agreement(0.0, 0.0)
    alike = apart[compared] < SAME_MM * mm_y + SAME_SHARE * high[compared]
    return Agreement(float(alike.mean()), length * BIN_MM)


def with_beats(marks: Marks, rows: Rows) -> Rows:
    """The rows without a first or last one that is an edge of the paper, or its shadow.

    No beat leaves it; or, where beats of a row reach it, it goes on beyond both ends of the other rows, or
    is seen along a part of them only.
    """
    kept = list(range(len(rows.levels)))
    lines = [rough_line(marks, rows, row) for row in kept] if len(kept) > 1 else []
    for end in (0, -1):
        if len(kept) < 2:
            break
        row = kept[end]
        if not (
            _beats(marks, lines[row])
            and _within(marks, rows, kept, row)
            and _throughout(marks, rows, kept, row, lines)
        ):
            kept.pop(end)
    return rows if len(kept) == len(rows.levels) else replace(rows, levels=rows.levels[kept])


def _ends(marks: Marks, rows: Rows, row: int) -> Array:
    """(2,) x of the first and the last of a row's flat ink."""
    top, bottom = corridor(marks, rows, row)
    return np.asarray(np.quantile(np.append(rows.flat[top:bottom].nonzero()[1], 0), MOST_OF_A_ROW))


def _within(marks: Marks, rows: Rows, kept: list[int], row: int) -> bool:
    """Whether a row's flat ink begins or ends about where that of the others does, or between.

    What a black grid leaves at one side of a page may lengthen a row there.
    """
    if len(kept) <= 2:
        return True
    others = np.median([_ends(marks, rows, each) for each in kept if each != row], axis=0)
    left, right = (_ends(marks, rows, row) - others) / marks.mm_x
    return bool(left > -BEYOND_MM or right < BEYOND_MM)


def _throughout(marks: Marks, rows: Rows, kept: list[int], row: int, lines: list[Array]) -> bool:
    """Whether a row has ink over most of where the others have theirs."""
    if len(kept) <= 2:
        return True
    others = [each for each in kept if each != row]
    left, right = np.median([_ends(marks, rows, each) for each in others], axis=0).astype(int)
    shares = [float(np.isfinite(lines[each][left : right + 1]).mean()) for each in (row, *others)]
    return shares[0] > THROUGHOUT or bool(np.quantile(shares[1:], 0.25) < NEARLY_ALL)


def _beats(marks: Marks, line: Array) -> bool:
    """Whether a row's line leaves its level anywhere for the length of a wave."""
    step = max(1, round(BIN_MM * marks.mm_x))
    line = line[::step]
    known = line[np.isfinite(line)]
    if not len(known):
        return False
    level = median_filter(known, 2 * round(SLOW_MM / BIN_MM / 2) + 1, mode="nearest")
    return bool((np.abs(known - level) > BEAT_MM * marks.mm_y).sum() >= WAVE_MM / BIN_MM)
