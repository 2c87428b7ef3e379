"""Sheets are read at 10 px/mm at most: finer pixels cost time and memory, and tell little more."""

from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Sheet
from splkit.ecg.paper.opencv import cv2

PX_PER_MM: Final = 10.0
"""A pen of 0.25 mm is 2.5 pixels wide. On drawn pages of 13 to 15 px/mm, 8 px/mm cost 2 dB, and 10 one."""
WORTH: Final = 1.1
"""A sheet that is finer than that many times PX_PER_MM is made smaller."""


def is_fine(px_per_mm_x: float, px_per_mm_y: float) -> bool:
    """Whether a sheet of that scale is made smaller."""
    return min(px_per_mm_x, px_per_mm_y) >= WORTH * PX_PER_MM


def shrunk(sheet: Sheet) -> Sheet:
    """The sheet at PX_PER_MM along x and along y where it is much finer; else the sheet itself."""
    if not is_fine(sheet.px_per_mm_x, sheet.px_per_mm_y):
        return sheet
    h, w = sheet.coverage.shape
    size = (round(w * PX_PER_MM / sheet.px_per_mm_x), round(h * PX_PER_MM / sheet.px_per_mm_y))
    coverage = np.asarray(cv2().resize(sheet.coverage, size, interpolation=cv2().INTER_AREA), np.float32)
    x, y = w / size[0], h / size[1]
    to_page = sheet.page_from_sheet @ np.array([[x, 0, x / 2 - 0.5], [0, y, y / 2 - 0.5], [0, 0, 1]])
    return Sheet(coverage, sheet.px_per_mm_x / x, sheet.px_per_mm_y / y, to_page)
