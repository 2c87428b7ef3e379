"""Lines of a lattice of dots or squares that were taken aslant: one to the side for each five along."""

import numpy as np

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.sheet.phase import demodulate
from splkit.ecg.paper.sheet.rectify import Rectified

FIFTH = 0.2
BLOCK_MM = 5


def unslanted(sheet: Rectified) -> Array | None:
    """(3, 3) to the paper's true mm from those of the sheet; None where the lines run as they were taken.

    A page of 1 mm and 5 mm squares has waves along its lines, and fainter ones 11 degrees aside: 1 cycle a
    mm along one axis and 1 cycle in 5 mm along the other. A block of 5 mm tells the two apart.
    """
    slants = []
    for axis in (0, 1):
        loudness = []
        for slant in (0.0, -FIFTH, FIFTH):
            wave = np.array([1.0, slant] if axis == 0 else [slant, 1.0]) / sheet.px_per_mm
            blocks = demodulate(sheet.plane, wave, round(BLOCK_MM * sheet.px_per_mm))
            loudness.append(float(np.median(np.abs(blocks))))
        slants.append((0.0, -FIFTH, FIFTH)[int(np.argmax(loudness))])
    if not any(slants):
        return None
    return np.array([[1, slants[0], 0], [slants[1], 1, 0], [0, 0, 1.0]])
