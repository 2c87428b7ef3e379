"""Vertical runs of ink: the columns of a sheet as intervals, from which a trace picks one a column."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.trace.clutter import CleanInk, Mask

Index = npt.NDArray[np.int64]


class Runs(NamedTuple):
    """All runs of a sheet, sorted by column, then from top to bottom."""

    column: Index
    top: Array
    bottom: Array
    """y at which coverage passes the level, between pixel centres."""
    wild_top: Mask
    wild_bottom: Mask
    """Whether that end is clutter's, so that a trace need not reach it."""
    first: Index
    """first[c] to first[c + 1] are the runs of column c."""


def find_runs(ink: CleanInk) -> Runs:
    """Every vertical run of ink; a bar and the traces that enter it are one run."""
    height, width = ink.coverage.shape
    columns = np.zeros((width, height + 2), dtype=np.float32)
    columns[:, 1:-1] = np.where(ink.wild, 1.0, ink.coverage).T
    inked = columns >= ink.level
    column, start = np.nonzero(inked[:, 1:] & ~inked[:, :-1])
    _, end = np.nonzero(inked[:, :-1] & ~inked[:, 1:])
    above, at = columns[column, start], columns[column, start + 1]
    top = start - (at - ink.level) / np.maximum(at - above, 1e-6)
    last, below = columns[column, end], columns[column, end + 1]
    bottom = end - 1 + (last - ink.level) / np.maximum(last - below, 1e-6)
    return Runs(
        column.astype(np.int64),
        top.astype(np.float64),
        bottom.astype(np.float64),
        ink.wild[start, column],
        ink.wild[end - 1, column],
        np.searchsorted(column, np.arange(width + 1)).astype(np.int64),
    )
