"""The middle of a line of which only the edges are known, column by column."""

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from splkit.ecg.paper.contracts import Array, Panel
from splkit.ecg.paper.trace.clutter import Mask
from splkit.ecg.paper.trace.runs import Index

STEP_PX = 0.5
"""Distance of a stroke's points along x."""


def points_x(panel: Panel) -> Array:
    """x of a stroke's points."""
    return np.arange(np.ceil(panel.left / STEP_PX), np.floor(panel.right / STEP_PX) + 1) * STEP_PX


def middle_line(
    x: Array,
    column: Index,
    above: Array,
    below: Array,
    wild_above: Mask,
    wild_below: Mask,
    pen_px: float = np.inf,
) -> Array:
    """The middle of a line of which the upper and the lower edge are known at every column.

    A line of width w touches, at x, what its middle does from x - w/2 to x + w/2: a tip is w wide, and a
    flank reaches w/2 to either side. Narrowed by w/2, the edges are w/2 off the middle of a flank. At
    a tip only the edge beyond the tip is. An edge that is clutter's says nothing. A line is at most `pen_px`
    wide: where level ink is thicker, hum has fattened it.
    """
    width = min(float(np.percentile(below - above, 20)), pen_px)
    size = 2 * max(0, int((0.5 * width) / STEP_PX - 0.25)) + 1
    at = np.clip(np.searchsorted(column, x, side="right") - 1, 0, len(column) - 1)
    top = np.where(wild_above[at], -1e6, np.interp(x, column, above))
    bottom = np.where(wild_below[at], 1e6, np.interp(x, column, below))
    upper = maximum_filter1d(top, size) + 0.5 * width
    lower = minimum_filter1d(bottom, size) - 0.5 * width
    around = 2 * size + 1
    is_top = (upper <= minimum_filter1d(upper, around)) & (upper < lower)
    is_bottom = (lower >= maximum_filter1d(lower, around)) & (upper < lower)
    y = np.where(is_top & ~is_bottom, upper, np.where(is_bottom & ~is_top, lower, 0.5 * (upper + lower)))
    y = np.where(upper < -1e5, lower, np.where(lower > 1e5, upper, y))
    known = (upper > -1e5) | (lower < 1e5)
    return np.interp(x, x[known], y[known]) if np.any(known) else np.full(len(x), np.nan)
