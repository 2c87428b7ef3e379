"""Layout is found at 8 px/mm: finer pixels cost time and tell no more."""

from dataclasses import replace
from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Box, Layout, Sheet
from splkit.ecg.paper.opencv import cv2

PX_PER_MM: Final = 8.0
WORTH: Final = 1.25
"""A sheet that is finer than that many times PX_PER_MM is made smaller."""


def shrunk(sheet: Sheet) -> tuple[Sheet, tuple[float, float]]:
    """The sheet at PX_PER_MM where it is much finer, and its old pixels in a new one, along x and y."""
    if min(sheet.px_per_mm_x, sheet.px_per_mm_y) < WORTH * PX_PER_MM:
        return sheet, (1.0, 1.0)
    h, w = sheet.coverage.shape
    size = (round(w * PX_PER_MM / sheet.px_per_mm_x), round(h * PX_PER_MM / sheet.px_per_mm_y))
    small = cv2().resize(sheet.coverage, size, interpolation=cv2().INTER_AREA)
    factor = (w / size[0], h / size[1])
    to_page = sheet.page_from_sheet @ np.array(
        [[factor[0], 0, factor[0] / 2 - 0.5], [0, factor[1], factor[1] / 2 - 0.5], [0, 0, 1]]
    )
    return Sheet(small, sheet.px_per_mm_x / factor[0], sheet.px_per_mm_y / factor[1], to_page), factor


def enlarged(layout: Layout, factor: tuple[float, float]) -> Layout:
    """A layout of the shrunk sheet on the pixels of the whole one."""
    if factor == (1.0, 1.0):
        return layout

    def x(value: float) -> float:
        return (value + 0.5) * factor[0] - 0.5

    def y(value: float) -> float:
        return (value + 0.5) * factor[1] - 0.5

    panels = tuple(
        replace(p, left=x(p.left), right=x(p.right), baseline=y(p.baseline)) for p in layout.panels
    )
    clutter = tuple(Box(x(b.left), y(b.top), x(b.right), y(b.bottom)) for b in layout.clutter)
    return replace(layout, panels=panels, clutter=clutter)
