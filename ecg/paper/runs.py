"""Vertical runs of ink: the columns of a sheet as intervals, from which a trace picks one a column."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Plane

Index = npt.NDArray[np.int64]


class Runs(NamedTuple):
    """All runs of a sheet, sorted by column, then from top to bottom."""

    column: Index
    top: Array
    bottom: Array
    """y at which coverage passes the level, between pixel centres."""
    first: Index
    """first[c] to first[c + 1] are the runs of column c."""


def find_runs(coverage: Plane, level: float) -> Runs:
    """Every vertical run of pixels with coverage of `level` or more."""
    height, width = coverage.shape
    columns = np.zeros((width, height + 2), dtype=np.float32)
    columns[:, 1:-1] = coverage.T
    inked = columns >= level
    column, start = np.nonzero(inked[:, 1:] & ~inked[:, :-1])
    _, end = np.nonzero(inked[:, :-1] & ~inked[:, 1:])
    above, at = columns[column, start], columns[column, start + 1]
    top = start - (at - level) / np.maximum(at - above, 1e-6)
    last, below = columns[column, end], columns[column, end + 1]
    bottom = end - 1 + (last - level) / np.maximum(last - below, 1e-6)
    first = np.searchsorted(column, np.arange(width + 1))
    return Runs(column.astype(np.int64), top.astype(float), bottom.astype(float), first.astype(np.int64))
