"""Millimetre paper."""

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Box, Plane
from splkit.ecg.paper.render.pen import fill_box, overlap
from splkit.ecg.paper.render.style import GRID_COLOURS, Rgb, Style

_DOT_MM = 0.2
_FRAME_WIDTHS = 1.5


def blend(rgb: Plane, coverage: Plane, colour: Rgb) -> None:
    """Lays a colour over a picture (height, width, 3) of 0 to 255, in place."""
    for channel, value in enumerate(colour):
        plane = rgb[..., channel]
        plane += coverage * (np.float32(value) - plane)


def draw_grid(rgb: Plane, style: Style, frame: Box) -> None:
    """Draws the lines of 1 mm and of 5 mm, over the whole picture or within a frame, in place."""
    if style.grid == "none":
        return
    top, bottom, left, right = 0, rgb.shape[0], 0, rgb.shape[1]
    if style.grid_framed:
        top, bottom = max(round(frame.top), 0), min(round(frame.bottom) + 1, bottom)
        left, right = max(round(frame.left), 0), min(round(frame.right) + 1, right)
    seen = rgb[top:bottom, left:right]
    origin = (
        style.grid_mm[0] * style.px_per_mm_x - 0.5 - left,
        style.grid_mm[1] * style.px_per_mm_y - 0.5 - top,
    )
    major, minor = GRID_COLOURS[style.grid_colour]
    if style.grid == "full":
        blend(seen, _lines(seen.shape[:2], style, origin, 1.0, style.minor_width_mm), minor)
    if style.grid == "dotted":
        columns, rows = _profiles(seen.shape[:2], style, origin, 1.0, _DOT_MM)
        blend(seen, rows[:, None] * columns[None, :], major)
    coverage = _lines(seen.shape[:2], style, origin, 5.0, style.major_width_mm)
    if style.grid_framed:
        _edge(coverage, _FRAME_WIDTHS * style.major_width_mm * style.px_per_mm_x)
    blend(seen, coverage, major)


def _lines(
    shape: tuple[int, ...], style: Style, origin: tuple[float, float], every_mm: float, width_mm: float
) -> Plane:
    columns, rows = _profiles(shape, style, origin, every_mm, width_mm)
    return np.maximum(rows[:, None], columns[None, :])


def _profiles(
    shape: tuple[int, ...], style: Style, origin: tuple[float, float], every_mm: float, width_mm: float
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Coverage of the columns by lines along y, and of the rows by lines along x."""
    scales = (style.px_per_mm_x, style.px_per_mm_y)
    columns, rows = (
        _profile(length, start, every_mm * scale, width_mm * scale)
        for length, start, scale in zip((shape[1], shape[0]), origin, scales, strict=True)
    )
    return columns, rows


def _profile(length: int, origin: float, every: float, width: float) -> npt.NDArray[np.float32]:
    first = origin - np.ceil(origin / every) * every
    total = np.zeros(length, np.float32)
    for centre in np.arange(first, length + every, every):
        total += overlap(centre - width / 2, centre + width / 2, length)
    return np.minimum(total, np.float32(1))


def _edge(coverage: Plane, width_px: float) -> None:
    height, width = coverage.shape
    right, bottom = width - 0.5, height - 0.5
    for left, top, to_right, to_bottom in (
        (-0.5, -0.5, right, -0.5 + width_px),
        (-0.5, bottom - width_px, right, bottom),
        (-0.5, -0.5, -0.5 + width_px, bottom),
        (right - width_px, -0.5, right, bottom),
    ):
        fill_box(coverage, left, top, to_right, to_bottom)
