"""Vertical runs of ink: the columns of a sheet as intervals, from which a trace picks one a column."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Plane
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.trace.clutter import CleanInk, Mask

Index = npt.NDArray[np.int64]

FLANK_WIDTHS = 3.0
"""A run that is this many times as high as a level line is thick is a piece of a flank."""
PIECE_WIDTHS = 1.5
"""Above or below such a piece, a run that is this many times as high is another piece of the same flank."""
NOTCH_WIDTHS = 2.0
"""White of up to this many thicknesses between two such pieces is a notch: the ink went with a grid line."""
DARK = 0.8
"""Coverage of a dark run at its darkest, as a share of that of the page's darkest lines."""
SPREAD = 0.5
"""Share of the level that a pixel of a flank needs: a line of a pixel's width may lie on two columns,"""
ACROSS = 1.1
"""which together have so many times the level."""
COARSE_PX = 2
"""Most runs of ink are no higher on such a page; elsewhere an upright line covers whole pixels."""
MIDDLE = 0.75
"""Of the darker one of its neighbours, from which a pixel is in the middle of such a line."""
LIGHTEST = 0.8
"""Share of a line's ink from which a run is as good as a line."""


class Runs(NamedTuple):
    """All runs of a sheet, sorted by column, then from top to bottom."""

    column: Index
    top: Array
    bottom: Array
    """y at which coverage passes the level, between pixel centres."""
    wild_top: Mask
    wild_bottom: Mask
    """Whether that end is clutter's, so that a trace need not reach it."""
    pale: Array
    """0 to 1: the share of a line's ink that the run lacks. A level line leaves its width in a column."""
    first: Index
    """first[c] to first[c + 1] are the runs of column c."""


def find_runs(ink: CleanInk) -> Runs:
    """Every vertical run of ink; a bar and the traces that enter it are one run."""
    height, width = ink.coverage.shape
    columns = np.zeros((width, height + 2), dtype=np.float32)
    columns[:, 1:-1] = np.where(ink.wild, 1.0, ink.coverage).T
    inked = _without_notches((columns >= ink.level) | _thin_flanks(columns, ink.level))
    column, start = np.nonzero(inked[:, 1:] & ~inked[:, :-1])
    _, end = np.nonzero(inked[:, :-1] & ~inked[:, 1:])
    above, at = columns[column, start], columns[column, start + 1]
    top = start - np.clip((at - ink.level) / np.maximum(at - above, 1e-6), 0, 1)
    last, below = columns[column, end], columns[column, end + 1]
    bottom = end - 1 + np.clip((last - ink.level) / np.maximum(last - below, 1e-6), 0, 1)
    return Runs(
        column.astype(np.int64),
        top.astype(np.float64),
        bottom.astype(np.float64),
        ink.wild[start, column],
        ink.wild[end - 1, column],
        _pale(columns, column, start, end, ink.level),
        np.searchsorted(column, np.arange(width + 1)).astype(np.int64),
    )


def _thin_flanks(columns: Plane, level: float) -> Mask:
    """Pixels under the level that are the middle of an upright line, and that ink over it joins.

    Args:
        columns: (columns, rows) of coverage.
        level: from which a pixel counts as ink.
    """
    inked = columns >= level
    if np.median(_heights(inked[::4])) > COARSE_PX:  # a quarter tells enough, in little memory
        return np.zeros_like(inked)
    before, after = np.zeros_like(columns), np.zeros_like(columns)
    before[1:], after[:-1] = columns[:-1], columns[1:]
    thin = (columns >= SPREAD * level) & (before + columns + after >= ACROSS * level)
    thin &= np.minimum(before, after) < SPREAD * level
    thin &= columns >= MIDDLE * np.maximum(before, after)
    _, pieces = cv2().connectedComponents((thin | inked).astype(np.uint8), connectivity=8)
    joined = np.zeros(int(pieces.max()) + 1, dtype=bool)
    joined[pieces[inked]] = True
    return np.asarray(thin & joined[pieces])


def _heights(inked: Mask) -> Index:
    """Of all runs down the columns."""
    edges = np.diff(np.pad(inked, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    found = np.nonzero(edges < 0)[1] - np.nonzero(edges > 0)[1]
    return found if len(found) else np.ones(1, np.int64)


def _pale(columns: Plane, column: Index, start: Index, end: Index, level: float) -> Array:
    """Of each run, of rows `start` to `end`, the share of a thin line's ink that it lacks.

    The lightest of the dark runs tell what a line leaves; what is left of a grid line is paler or thinner.
    """
    if not len(column):
        return np.zeros(0)
    begin = column * columns.shape[1] + start
    bounds = np.c_[begin, begin + end - start + 2].ravel()
    flat = np.append(columns, np.float32(0)).astype(np.float32)
    ink = np.add.reduceat(flat, bounds)[::2]
    dark = ink[np.maximum.reduceat(flat, bounds)[::2] > DARK * 2 * level]
    line = float(np.percentile(dark, 20)) if len(dark) else 0.0
    return np.asarray(np.clip(1.0 - ink / max(LIGHTEST * line, 1e-3), 0.0, 1.0), dtype=np.float64)


def _without_notches(inked: Mask) -> Mask:
    """The ink with what was cut out of flanks, as where a grid line crosses a QRS.

    Args:
        inked: (columns, rows), the first and the last row without ink.
    """
    edges = np.diff(inked.astype(np.int8), axis=1)
    column, start = np.nonzero(edges > 0)
    _, end = np.nonzero(edges < 0)
    height = end - start
    if not len(height):
        return inked
    thick = float(np.percentile(height, 20))
    white = start[1:] - end[:-1]
    taller, lower = np.maximum(height[1:], height[:-1]), np.minimum(height[1:], height[:-1])
    flank = (taller >= FLANK_WIDTHS * thick) & (lower >= PIECE_WIDTHS * thick)
    notch = (column[1:] == column[:-1]) & (white <= NOTCH_WIDTHS * thick) & flank
    closed = inked.copy()
    for k in np.flatnonzero(notch):
        closed[column[k], end[k] + 1 : start[k + 1] + 1] = True
    return closed
