"""Draw strokes again with the pen that was found, to learn what refining makes of a line that is known."""

import numpy as np

from splkit.ecg.paper.contracts import Plane
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.trace.canvas import Lines
from splkit.ecg.paper.trace.pen import Pen

FINE_WIDTH = 9.0
"""Pixels that the line is wide on the fine canvas, about."""
PIXEL_VARIANCE = 1 / 12
"""Of the blur that comes from averaging over a pixel, which the fine canvas has already."""
BAND_PX = 128
"""Rows of the sheet that are drawn at once: the fine canvas of a whole page would take 600 MB."""
SHIFT = 8
"""Bits of the fractions of a pixel that OpenCV draws with."""


def drawn_ink(lines: Lines, pen: Pen, shape: tuple[int, ...]) -> Plane:
    """(height, width) coverage of all strokes as the pen would draw them, with round joins and tips."""
    finer = int(np.clip(round(FINE_WIDTH / pen.width_px), 2, 6))
    wide = pen.width_px * finer
    narrow = max(1, int((wide - 1) // 2) * 2 + 1)
    share = float(np.clip((wide - narrow) / 2, 0.0, 1.0))
    drawn = _hard(lines, narrow, finer, shape)
    drawn *= 1 - share
    wider = _hard(lines, narrow + 2, finer, shape)
    wider *= share
    drawn += wider
    del wider
    drawn *= pen.darkness
    blur = float(np.sqrt(max(0.0, pen.blur_px**2 - PIXEL_VARIANCE)))
    return np.asarray(cv2().GaussianBlur(drawn, (0, 0), blur) if blur > 0.05 else drawn, dtype=np.float32)


def _hard(lines: Lines, width: int, finer: int, shape: tuple[int, ...]) -> Plane:
    """Strokes of an odd width in fine pixels, averaged over the sheet's."""
    # OpenCV draws a line of thickness t over 1 two pixels wider than an odd t.
    thickness = width - 2 if width > 3 else (2 if width == 3 else 1)
    drawn = np.empty(shape, np.float32)
    for top in range(0, shape[0], BAND_PX):
        band = drawn[top : top + BAND_PX]
        canvas = np.zeros((len(band) * finer, shape[1] * finer), dtype=np.uint8)
        for begin, end in zip(lines.first[:-1], lines.first[1:], strict=True):
            x, y = lines.x[begin:end], lines.y[begin:end] - top
            if np.max(y) < -width or np.min(y) > len(band) + width:
                continue
            points = np.round(((np.c_[x, y] + 0.5) * finer - 0.5) * (1 << SHIFT)).astype(np.int32)
            cv2().polylines(canvas, [points.reshape(-1, 1, 2)], False, 255, thickness, cv2().LINE_8, SHIFT)
        small = cv2().resize(canvas, (shape[1], len(band)), interpolation=cv2().INTER_AREA)
        band[...] = small / np.float32(255)
    return drawn
