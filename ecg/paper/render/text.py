"""Texts as ECG machines print them, in plotter strokes or in type."""

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from splkit.ecg.paper.contracts import Box, Plane
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.render.strokes import GLYPHS, stroke_text
from splkit.optional import optional

_FILES = {"dejavu": "DejaVuSans.ttf", "serif": "STIXGeneral.ttf", "mono": "DejaVuSansMono.ttf"}
"""Type that comes with matplotlib; where that is not installed, Pillow's own stands in."""
_CAPITAL_OF_SIZE = 0.72
"""Height of capitals in sizes of the type, as DejaVu has it; the others are near it."""
_OPENCV_CAPITAL_PX = 21.0
"""Height of capitals at scale 1."""


def draw_text(
    coverage: Plane, text: str, left: float, baseline: float, capital_px: float, font: str
) -> Box | None:
    """Writes a text, united with what is there.

    Args:
        coverage: (height, width), changed in place.
        text: one line of ASCII.
        left: x of its first letter, in pixels.
        baseline: y on which its letters stand, in pixels.
        capital_px: height of capitals.
        font: `Style.font`. "plotter" has the letters of leads only, other texts are in "sans"; "bold" is
            OpenCV's own, which differs between its versions; "sans" is Pillow's.

    Returns:
        The rectangle of its ink; None where all of it is outside.
    """
    mask, dx, dy = _mask(text, capital_px, font)
    x, y = round(left) + dx, round(baseline) + dy
    height, width = coverage.shape
    top, bottom = max(y, 0), min(y + mask.shape[0], height)
    first, last = max(x, 0), min(x + mask.shape[1], width)
    if top >= bottom or first >= last:
        return None
    seen = mask[top - y : bottom - y, first - x : last - x]
    target = coverage[top:bottom, first:last]
    np.maximum(target, seen, out=target)
    rows, columns = (np.flatnonzero(seen.max(axis=axis) > 0.25) for axis in (1, 0))
    if not rows.size:
        return None
    edges = (first + columns[0], top + rows[0], first + columns[-1] + 1, top + rows[-1] + 1)
    return Box(*(float(edge) - 0.5 for edge in edges))


def _mask(text: str, capital_px: float, font: str) -> tuple[Plane, int, int]:
    """The ink of a text, and where its top left pixel lies from the start of the baseline."""
    if font == "bold":
        return _opencv(text, capital_px)
    if font == "plotter" and set(text) <= set(GLYPHS):
        return stroke_text(text, capital_px)
    return _type(text, capital_px, font)


def _opencv(text: str, capital_px: float) -> tuple[Plane, int, int]:
    cv = cv2()
    scale = capital_px / _OPENCV_CAPITAL_PX
    thickness = max(1, round(capital_px / 10))
    (width, height), below = cv.getTextSize(text, cv.FONT_HERSHEY_SIMPLEX, scale, thickness)
    edge = thickness + 1
    mask = np.zeros((height + below + 2 * edge, width + 2 * edge), np.uint8)
    at = (edge, edge + height)
    cv.putText(mask, text, at, cv.FONT_HERSHEY_SIMPLEX, scale, 255, thickness, cv.LINE_AA)
    return mask.astype(np.float32) / np.float32(255), -edge, -edge - height


def _type(text: str, capital_px: float, font: str) -> tuple[Plane, int, int]:
    images, draws = _pillow("Image"), _pillow("ImageDraw")
    type_face = _face(font, max(round(capital_px / _CAPITAL_OF_SIZE), 4))
    left, top, right, bottom = type_face.getbbox(text, anchor="ls")
    image = images.new("L", (max(int(right - left), 1), max(int(bottom - top), 1)))
    draws.Draw(image).text((-left, -top), text, 255, type_face, anchor="ls")
    return np.asarray(image, np.float32) / np.float32(255), int(left), int(top)


@lru_cache(maxsize=32)
def _face(font: str, size_px: int) -> Any:
    fonts = _pillow("ImageFont")
    path = _matplotlib_file(_FILES[font]) if font in _FILES else None
    return fonts.truetype(str(path), size_px) if path else fonts.load_default(size_px)


def _pillow(name: str) -> Any:
    return optional(f"PIL.{name}", "texts are written with Pillow")


def _matplotlib_file(name: str) -> Path | None:
    """A type file of matplotlib, found without loading the package."""
    found = importlib.util.find_spec("matplotlib")
    path = Path(found.origin).parent / "mpl-data/fonts/ttf" / name if found and found.origin else None
    return path if path and path.is_file() else None
