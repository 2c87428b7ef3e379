"""What of the ink is a trace's own, by where the other beats of its lead and of other leads are expected."""

import numpy as np

from splkit.ecg.paper.contracts import Array, Panel
from splkit.ecg.paper.trace.clutter import Mask
from splkit.ecg.paper.trace.expect import Expected
from splkit.ecg.paper.trace.middle import points_x
from splkit.ecg.paper.trace.runs import Index

EXPECTED_COST_PER_MM = 0.2
MOST_UNEXPECTED = 0.8
"""Of a run that lies beside where the other beats of the lead have the trace: less than of none, for a beat
may be unlike the others."""
BEYOND_MM, UNEVEN = 1.0, 0.25
"""Ink of another trace goes on so far beyond what is expected, and by this share of the wave's height."""
EXPLAINED = 0.7
"""Share of what goes on that another panel expects there, to be its own."""
TALL_MM = 3.0
"""Where a wave is that high on one side and half on the other, ink so far on the other side is none of it."""


def unexpected(
    panel: Panel, expected: Expected, columns: range, top: Array, bottom: Array, mm_per_px: float
) -> Array:
    """(columns, choices) cost of runs that lie beside where the other beats have the trace."""
    x = points_x(panel)
    low, high = (np.interp(columns, x, each)[:, None] for each in expected[:2])
    away_mm = np.maximum(0.0, np.maximum(top - high, low - bottom)) * mm_per_px
    cost = np.minimum(EXPECTED_COST_PER_MM * away_mm, MOST_UNEXPECTED)
    return np.where(np.isfinite(cost), cost, 0.0)


def not_own(
    x: Array, column: Index, top: Array, bottom: Array, expected: Expected, px_per_mm: float
) -> tuple[Mask, Mask]:
    """The tops, and the bottoms, of runs that are another thing's, as of a label or a person's words.

    Such a run has the wave that is expected on its one side, and goes on where none is on the other.

    Args:
        x: of the points of the stroke.
        column: of each run.
        top: of each run.
        bottom: of each run.
        expected: of each point.
        px_per_mm: of the sheet.
    """
    low, high, _, level = (np.interp(column, x, each) for each in expected)
    up, down, tall = level - low, high - level, TALL_MM * px_per_mm
    is_up = (up > np.maximum(tall, 2 * down)) & (level - top > 0.5 * up)
    is_down = (down > np.maximum(tall, 2 * up)) & (bottom - level > 0.5 * down)
    above, below = low - np.maximum(tall, 0.5 * down), high + np.maximum(tall, 0.5 * up)
    return is_down & (top < above), is_up & (bottom > below)


def beside_expected(
    x: Array,
    column: Index,
    top: Array,
    bottom: Array,
    expected: Expected,
    others: tuple[tuple[Panel, Expected], ...],
    px_per_mm: float,
) -> Mask:
    """The runs of which all that goes on beyond what is expected is what another panel expects there.

    Args: as of `not_own`; `others` are the other panels with what they expect.
    """
    low, high, middle, level = (np.interp(column, x, each) for each in expected)
    spare = np.maximum(BEYOND_MM * px_per_mm, UNEVEN * np.abs(middle - level))
    low, high = low - spare, high + spare
    found = np.zeros(len(column), dtype=bool)
    for panel, theirs in others:
        inside = (column >= panel.left) & (column <= panel.right)
        if not np.any(inside):
            continue
        above, below = (np.interp(column, points_x(panel), each) for each in theirs[:2])
        over, under = low - top, bottom - high
        over_theirs = np.minimum(low, below) - np.maximum(top, above) > EXPLAINED * over
        under_theirs = np.minimum(bottom, below) - np.maximum(high, above) > EXPLAINED * under
        found |= inside & (((over > 0) & over_theirs) | ((under > 0) & under_theirs))
    return found
