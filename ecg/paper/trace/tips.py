"""Tips of narrow waves: there the two flanks are one ink, and a path may have taken another run below it."""

import numpy as np

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.trace.clutter import CleanInk, Mask
from splkit.ecg.paper.trace.runs import Index, Runs

MOST_COLUMNS = 4
"""A tip is no wider: two flanks that are further apart have white between them."""
LEVEL_WIDTHS = 2.5
"""A run that is no higher than so many thicknesses of a level line may be what is left of a grid line."""


def ends_with_tips(runs: Runs, path: Index, start: int, foreign: Mask) -> tuple[Index, Index]:
    """The runs that have the upper, and the lower end of what a path takes in each column.

    What is left of a grid line may lie between two flanks, nearer to their middles than the tip is. Where a
    path takes such a thin run, a run that joins the taken ones on its left to those on its right is the
    trace's own, too.

    Args:
        runs: of the sheet.
        path: (columns,) the run that each column takes, -1 where it takes none.
        start: the first column.
        foreign: (runs,) which of them are other panels', or may be letters or bars.

    Returns:
        (columns,) indices of runs twice, -1 where the path takes none.
    """
    held = slice(runs.first[start], runs.first[start + len(path)])
    column = runs.column[held] - start
    top, bottom = runs.top[held], runs.bottom[held]
    thick = np.where(path >= 0, runs.bottom[path] - runs.top[path], np.nan)
    thin = thick <= LEVEL_WIDTHS * np.nanpercentile(thick, 20) if np.any(path >= 0) else path >= 0
    own = ~foreign[held]
    joins = own & thin[column]
    for way in (-1, 1):
        joins &= _reached(top, bottom, column, own, path, runs, way)
    high, low = path.copy(), path.copy()
    for k in np.flatnonzero(joins):
        run, at = held.start + k, column[k]
        high[at] = run if runs.top[run] < runs.top[high[at]] else high[at]
        low[at] = run if runs.bottom[run] > runs.bottom[low[at]] else low[at]
    return high, low


def may_be_clutter(runs: Runs, ink: CleanInk) -> Mask:
    """The runs that end in a bar, or have an end or their middle in the box of a label."""
    letter = np.zeros(len(runs.top), dtype=bool)
    for y in (runs.top, 0.5 * (runs.top + runs.bottom), runs.bottom):
        row = np.clip(np.round(y).astype(np.int64), 0, ink.hidden.shape[0] - 1)
        letter |= ink.hidden[row, runs.column]
    return np.asarray(letter | runs.wild_top | runs.wild_bottom)


def _reached(top: Array, bottom: Array, column: Index, own: Mask, path: Index, runs: Runs, way: int) -> Mask:
    """The own runs that touch, over MOST_COLUMNS at most, a taken run on their left (-1) or right (1)."""
    taken = path >= 0
    upper = np.where(taken, runs.top[path], np.inf)
    lower = np.where(taken, runs.bottom[path], -np.inf)
    beside = column + way
    inside = (beside >= 0) & (beside < len(path))
    beside = np.clip(beside, 0, len(path) - 1)
    found = np.zeros(len(column), dtype=bool)
    for _ in range(MOST_COLUMNS):
        found = own & inside & (top <= lower[beside]) & (bottom >= upper[beside])
        upper, lower = upper.copy(), lower.copy()
        np.minimum.at(upper, column[found], top[found])
        np.maximum.at(lower, column[found], bottom[found])
    return found
