"""Take out what is left of lines that are unequally dark: each line is looked at along its whole length.

A line of a pixel's width falls on one row of pixels or on two, so black lines on a coarse page are unlike
each other. `cell.py` takes out what they all have.
"""

import numpy as np

from splkit.ecg.paper.contracts import Array, Plane
from splkit.ecg.paper.opencv import cv2

BESIDE_MM = 0.3
EVERY_MM = 5
USUAL = 0.4
"""Quantile along a line: letters and traces that cross it leave more of it free."""
LEAK = 0.03
"""Coverage that is left by no line is left alone."""
DARKEST = 0.8
"""Lines darker than that hide a trace: what shows on them counts less and less."""
HIDES = 0.9
"""A line that is so dark leaves a gap in a trace."""
MOST_OF, MOST_TIMES = 0.85, 1.3
"""A line has at most so many times the ink of those below that quantile: a level trace may lie along it."""


def without_uneven_lines(
    coverage: Plane, px_per_mm: tuple[float, float], line_px: tuple[float, float]
) -> Plane:
    """The coverage less what goes on along whole lines.

    Args:
        coverage: (height, width), its grid lying straight.
        px_per_mm: along x and along y.
        line_px: x and y where 5 mm lines cross.
    """
    level = _left(coverage, px_per_mm[1], line_px[1])
    upright = _left(np.ascontiguousarray(coverage.T), px_per_mm[0], line_px[0])
    if max(level.max(), upright.max()) < LEAK:
        return coverage
    lines = np.maximum(level[:, None], upright[None, :]).astype(np.float32)
    return np.asarray(np.clip((coverage - lines) / (1 - np.minimum(lines, DARKEST)), 0, 1), np.float32)


def bridged(coverage: Plane, before: Plane) -> Plane:
    """The coverage with strokes that go on across lines: ink on both sides of one is ink on it, too.

    Args:
        coverage: (height, width), without lines.
        before: the same with them.
    """
    taken = before - coverage
    level, upright = (np.quantile(taken, USUAL, axis=axis) for axis in (1, 0))
    del taken
    if max(level.max(), upright.max()) <= HIDES:
        return coverage
    out = coverage.copy()
    _bridge(out, level)
    _bridge(out.T, upright)
    return out


def _bridge(plane: Plane, lines: Array) -> None:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], lines > HIDES, [False]]).astype(np.int8)))
    for first, end in edges.reshape(-1, 2).tolist():
        if first == 0 or end == len(plane):
            continue
        above, below = (cv2().dilate(plane[k][None], np.ones((1, 3)))[0] for k in (first - 1, end))
        plane[first:end] = np.maximum(plane[first:end], np.minimum(above, below))


def _left(plane: Plane, px_per_mm: float, line_px: float) -> Array:
    """(rows,): the coverage that lines leave in each row of the plane."""
    usual = np.quantile(plane, USUAL, axis=1)
    at_mm = (np.arange(len(plane)) - line_px) / px_per_mm
    number = np.round(at_mm).astype(int)
    usual[np.abs(at_mm - number) > BESIDE_MM + 0.5 / px_per_mm] = 0
    ink = np.bincount(number - number.min(), weights=usual).astype(np.float64)
    line = np.arange(len(ink)) + number.min()
    most = np.empty(len(ink))
    for of_kind in (line % EVERY_MM == 0, line % EVERY_MM != 0):
        most[of_kind] = MOST_TIMES * np.quantile(ink[of_kind], MOST_OF) if of_kind.any() else 0
    share = np.minimum(1, most / np.maximum(ink, 1e-6))
    return np.asarray(usual * share[number - number.min()])
