"""What of a page's ink may be grid: thin lines, away from the thicker strokes of traces and letters."""

import numpy as np

from splkit.ecg.paper.contracts import Plane
from splkit.ecg.paper.opencv import cv2

THICK = 0.5
"""Coverage of the middle of a stroke."""
THICK_PX, SOFT_PX = 2, 2
"""A stroke holds a square of so many pixels, which a line of a copy seldom does; and its soft edge."""
FAINT = 0.06
"""Less is paper and noise."""


def thin_ink(coverage: Plane) -> Plane:
    """(height, width), 0 to 1: the ink less whatever is near a stroke; there it is the mean of all else."""
    cv = cv2()
    strokes = cv.morphologyEx(
        (coverage > THICK).astype(np.uint8), cv.MORPH_OPEN, np.ones((THICK_PX, THICK_PX), np.uint8)
    )
    near = cv.dilate(strokes, np.ones((2 * SOFT_PX + 1,) * 2, np.uint8)) > 0
    left = coverage[~near]
    lines = left[left > FAINT]
    if not len(lines):
        return np.zeros_like(coverage)
    thin = np.clip(coverage / np.quantile(lines, 0.9), 0, 1)
    thin[near] = thin[~near].mean()
    return np.asarray(thin, np.float32)
