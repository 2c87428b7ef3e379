"""How wide the pen is, by its upright strokes: hum that is faster than the pen fattens all others."""

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Plane
from splkit.ecg.paper.trace.clutter import CleanInk

TALL_WIDTHS = 3.0
"""A run of ink is upright where it is so many times as high as a level line is thick,"""
NARROW_WIDTHS = 1.5
"""and so many times as wide at most: two flanks that meet are wider."""
ENOUGH = 60
"""Rows of upright strokes that tell the width of a pen; a dozen beats have more."""
THINNEST = 10
"""Percentile of them: flanks are slanted, and tips alone as wide as the pen."""
LEAST_PX, CLEARLY = 2.0, 0.8
"""Thinner pens are paler than their level ink where they lie on two columns. Hum of a pen's width and less is
told from the pen by so much of the thickness of level ink."""


def upright_px(ink: CleanInk) -> float | None:
    """Width of upright strokes in pixels; None where there are few, or level ones are about as thin."""
    plane = np.where(ink.wild | ink.hidden, 0, ink.coverage).astype(np.float32)
    down, height = _runs(np.ascontiguousarray(plane.T), ink.level)
    if not len(height):
        return None
    thick = float(np.percentile(height, 20))
    tall = np.zeros(plane.T.shape, dtype=bool)
    for column, first, end in down[height >= TALL_WIDTHS * thick].tolist():
        tall[column, first:end] = True
    across, width = _runs(plane, ink.level)
    row, middle = across[:, 0], (across[:, 1] + across[:, 2]) // 2
    width = width[tall[middle, row] & (width <= NARROW_WIDTHS * thick)]
    if len(width) < ENOUGH:
        return None
    found = float(np.percentile(width, THINNEST))
    return found if LEAST_PX < found < CLEARLY * thick else None


def _runs(plane: Plane, level: float) -> tuple[npt.NDArray[np.int64], Array]:
    """(n, 3) line, first and end of each run along the second axis; and their ink, soft edges included."""
    padded = np.zeros((plane.shape[0], plane.shape[1] + 2), np.float32)
    padded[:, 1:-1] = plane
    inked = padded >= level
    line, first = np.nonzero(inked[:, 1:] & ~inked[:, :-1])
    _, end = np.nonzero(inked[:, :-1] & ~inked[:, 1:])
    total = np.zeros((len(padded), padded.shape[1] + 1), np.float64)
    np.cumsum(padded, axis=1, out=total[:, 1:])
    ink = total[line, end + 2] - total[line, first]
    return np.stack([line, first, end], axis=1).astype(np.int64), ink
