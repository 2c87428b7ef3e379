"""How thick strokes are, in pixels: it tells scales apart that differ five times."""

from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Plane

STROKE: Final = 0.3
"""Coverage of a stroke's pixels, its soft edge included."""
LEAST_PX: Final = 0.5
"""Less is a speck."""
PEN_MM: Final = (0.14, 0.9)
"""Pens of ECG machines draw 0.2 to 0.5 mm; blur makes that wider, and rounding narrower."""


def fits_pen(coverage: Plane, px_per_mm: float) -> bool:
    """Whether strokes are as thick as pens are, if the page has that scale.

    Args:
        coverage: (height, width), 0 to 1: the ink of the page.
        px_per_mm: the scale that is asked about.
    """
    thick = stroke_px(coverage)
    return bool(thick is not None and PEN_MM[0] <= thick / px_per_mm <= PEN_MM[1])


def stroke_px(coverage: Plane) -> float | None:
    """Median ink of a stroke across, in pixels, down all columns; None on a page without strokes."""
    down = coverage.T
    inked = np.pad((down > STROKE).astype(np.int8), ((0, 0), (1, 1)))
    steps = np.diff(inked, axis=1)
    columns, begins = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    sums = np.pad(np.cumsum(down, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    ink = sums[columns, ends] - sums[columns, begins]
    ink = ink[ink > LEAST_PX]
    return float(np.median(ink)) if len(ink) else None
