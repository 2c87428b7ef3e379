"""How wide the pen is, by its upright strokes: hum that is faster than the pen fattens all others."""

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.trace.clutter import CleanInk

TALL_WIDTHS = 3.0
"""A run of ink is upright where it is so many times as high as a level line is thick,"""
NARROW_WIDTHS = 1.5
"""and so many times as wide at most: two flanks that meet are wider."""
ENOUGH = 60
"""Rows of upright strokes that tell the width of a pen; a dozen beats have more."""
THINNEST = 10
"""Percentile of them: flanks are slanted, and tips alone as wide as the pen."""
BAND = 256
LEAST_PX, CLEARLY = 2.0, 0.8
"""Thinner pens are paler than their level ink where they lie on two columns. Hum of a pen's width and less is
told from the pen by so much of the thickness of level ink."""


def upright_px(ink: CleanInk) -> float | None:
    """Width of upright strokes in pixels; None where there are few, or level ones are about as thin."""
    down, height = _runs(ink, upright=True)
    if not len(height):
        return None
    thick = float(np.percentile(height, 20))
    tall = np.zeros(ink.coverage.shape, dtype=bool)
    for column, first, end in down[height >= TALL_WIDTHS * thick].tolist():
        tall[first:end, column] = True
    across, width = _runs(ink, upright=False)
    row, middle = across[:, 0], (across[:, 1] + across[:, 2]) // 2
    width = width[tall[row, middle] & (width <= NARROW_WIDTHS * thick)]
    if len(width) < ENOUGH:
        return None
    found = float(np.percentile(width, THINNEST))
    return found if LEAST_PX < found < CLEARLY * thick else None


def _runs(ink: CleanInk, upright: bool) -> tuple[npt.NDArray[np.int64], Array]:
    """(n, 3) line, first and end of each run down columns or along rows; and their ink, soft edges too.

    Some lines at a time: a fine page has 8 million pixels.
    """
    coverage, wild, hidden = ink.coverage, ink.wild, ink.hidden
    if upright:
        coverage, wild, hidden = coverage.T, wild.T, hidden.T
    runs, inks = [np.zeros((0, 3), np.int64)], [np.zeros(0)]
    for top in range(0, len(coverage), BAND):
        band = slice(top, top + BAND)
        seen = np.where(wild[band] | hidden[band], np.float32(0), coverage[band])
        padded = np.pad(seen, ((0, 0), (1, 1)))
        inked = padded >= ink.level
        line, first = np.nonzero(inked[:, 1:] & ~inked[:, :-1])
        _, end = np.nonzero(inked[:, :-1] & ~inked[:, 1:])
        total = np.pad(np.cumsum(padded, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
        inks.append(total[line, end + 2] - total[line, first])
        runs.append(np.stack([line + top, first, end], axis=1))
    return np.concatenate(runs), np.concatenate(inks)
