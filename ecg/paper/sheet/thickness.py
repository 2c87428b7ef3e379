"""How thick strokes are, whatever their slope: it tells where ink ends, and scales from one another."""

from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Array, Plane

STROKE: Final = 0.3
"""Coverage of a stroke's pixels; the next one on either side is its soft edge."""
CORE: Final = 0.5
"""Coverage of its middle, where it is measured."""
THINNER: Final = 0.25
"""Quantile of thickness: noise makes much of a trace thicker, as its strokes touch."""
PEN_MM: Final = (0.14, 0.9)
"""Pens of ECG machines draw 0.2 to 0.5 mm; blur makes that wider, and rounding narrower."""


def fits_pen(coverage: Plane, px_per_mm: float) -> bool:
    """Whether strokes are as thick as pens are, if the page has that scale.

    Args:
        coverage: (height, width), 0 to 1: the ink of the page.
        px_per_mm: the scale that is asked about.
    """
    thick = stroke_px(coverage)
    return thick is not None and PEN_MM[0] <= thick / px_per_mm <= PEN_MM[1]


def stroke_px(coverage: Plane) -> float | None:
    """Thickness of the thinner strokes in pixels, those that cross no others; None where there are none.

    A straight stroke of width w has w / cos a of ink down a column and w / sin a along a row.
    """
    core = coverage > CORE
    down, along = _run_ink(coverage.T).T[core], _run_ink(coverage)[core]
    return float(np.quantile(down * along / np.hypot(down, along), THINNER)) if len(down) else None


def _run_ink(plane: Plane) -> Array:
    """For each pixel the ink of the unbroken run of its row in which it lies, with a pixel on either side."""
    inked = np.pad((plane > STROKE).astype(np.int8), ((0, 0), (1, 1)))
    steps = np.diff(inked, axis=1)
    rows, begins = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    sums = np.pad(np.cumsum(plane, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    ink = np.zeros(plane.shape)
    lengths = ends - begins
    at = np.repeat(begins - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    far = np.minimum(ends + 1, plane.shape[1])
    ink[np.repeat(rows, lengths), at] = np.repeat(
        sums[rows, far] - sums[rows, np.maximum(begins - 1, 0)], lengths
    )
    return ink
