"""Even the light of a page: what share of the light each pixel keeps from the paper beside it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Plane
from splkit.ecg.paper.opencv import cv2

MIN_REACH_PX = 15
"""Wider than any pen stroke: at 16 px/mm these are 0.9 mm, and a stroke is 0.3 to 0.5 mm."""
REACH_SHARE = 0.01
"""Of the longer side: 2 to 3 mm of a page of 200 to 300 mm. Shadow edges are followed to half of it."""
FULL_SIZE_PX = 1_500_000
"""Pages of fewer pixels are not halved: on small pictures the paper between lines is 2 pixels wide."""


@dataclass(frozen=True)
class Flat:
    """A page and the light on its bare paper."""

    rgb: npt.NDArray[np.uint8]
    paper: npt.NDArray[np.uint8]
    """(height, width, 3): what the pixel would be without ink and grid. 1 to 255."""

    def darkness(self, rows: slice, step: int = 1) -> Plane:
        """(rows, columns, 3): 1 - pixel / paper, so 0 on bare paper and 1 where no light comes back.

        It is linear in the share of a pixel that ink covers, as the renderers and scanners mix colours.
        """
        return np.asarray(
            1 - self.rgb[rows, ::step].astype(np.float32) / self.paper[rows, ::step], np.float32
        )


def flatten(rgb: npt.NDArray[np.uint8]) -> Flat:
    """Find the light on the paper: the closing of each channel, which fills in whatever is thin and dark.

    Args:
        rgb: (height, width, 3).
    """
    cv = cv2()
    height, width = rgb.shape[:2]
    reach = max(MIN_REACH_PX, round(REACH_SHARE * max(height, width)))
    small = rgb
    if height * width > FULL_SIZE_PX:
        small = cv.resize(rgb, (width // 2, height // 2), interpolation=cv.INTER_AREA).astype(np.uint8)
        reach //= 2
    small = cv.medianBlur(small, 3)
    kernel = np.ones((reach | 1, reach | 1), np.uint8)
    paper = cv.morphologyEx(small, cv.MORPH_CLOSE, kernel, borderType=cv.BORDER_REPLICATE)
    paper = cv.blur(paper, (reach | 1, reach | 1), borderType=cv.BORDER_REPLICATE)
    if small.shape != rgb.shape:
        paper = cv.resize(paper, (width, height), interpolation=cv.INTER_LINEAR)
    return Flat(rgb, np.maximum(paper, 1).astype(np.uint8))
