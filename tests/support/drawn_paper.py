"""Small pages of paper drawn from their formula: where every line and stroke lies is known exactly."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Page

Floats = npt.NDArray[np.float64]
RED, GREEN, GREY, BLACK = (255, 120, 120), (120, 190, 120), (190, 190, 190), (0, 0, 0)


@dataclass(frozen=True)
class Paper:
    """What is printed on the paper, in mm, and how it lies on the page."""

    page_from_mm: Floats
    fine: tuple[int, int, int] | None = RED
    """Colour of the 1 mm lines; None for none."""
    coarse: tuple[int, int, int] | None = RED
    coarse_mm: float = 0.3
    fine_mm: float = 0.12
    ink: tuple[int, int, int] = BLACK
    stroke_mm: float = 0.4
    wiggle_mm: float = 8.0
    """Height of the trace; 0 for none."""


def scaled(
    px_per_mm_x: float, px_per_mm_y: float, turn_deg: float = 0, shift: tuple[float, float] = (0, 0)
) -> Floats:
    """(3, 3) from mm to pixels: stretched, then turned anticlockwise about the origin, then shifted."""
    c, s = np.cos(np.deg2rad(turn_deg)), np.sin(np.deg2rad(turn_deg))
    turned = np.array([[c, s], [-s, c]]) @ np.diag([px_per_mm_x, px_per_mm_y])
    return np.array([[*turned[0], shift[0]], [*turned[1], shift[1]], [0, 0, 1.0]])


def draw(paper: Paper, width: int, height: int, oversampling: int = 4) -> Page:
    """The page, each pixel the mean of oversampling x oversampling points."""
    steps = (np.arange(oversampling) + 0.5) / oversampling - 0.5
    mean = np.zeros((height, width, 3))
    for dx in steps:
        for dy in steps:
            mean += _colours(paper, np.arange(width) + dx, np.arange(height) + dy)
    return Page(np.clip(np.round(mean / oversampling**2), 0, 255).astype(np.uint8), "drawn")


def _colours(paper: Paper, x: Floats, y: Floats) -> Floats:
    inverse = np.linalg.inv(paper.page_from_mm)
    u, v, scale = (row[0] * x[None, :] + row[1] * y[:, None] + row[2] for row in inverse)
    u, v = u / scale, v / scale
    out = np.full((*u.shape, 3), 255.0)
    for colour, spacing, line in ((paper.fine, 1, paper.fine_mm), (paper.coarse, 5, paper.coarse_mm)):
        if colour is not None:
            off = np.minimum(*(np.abs(w - spacing * np.round(w / spacing)) for w in (u, v)))
            out[off < line / 2] = colour
    if paper.wiggle_mm:
        slope = paper.wiggle_mm * 2 * np.pi / 25 / 2
        trace = paper.wiggle_mm / 2 * np.sin(u * 2 * np.pi / 25)
        row = np.abs(v - 20 * np.round(v / 20) - trace)
        out[row < paper.stroke_mm / 2 * np.sqrt(1 + (slope * np.cos(u * 2 * np.pi / 25)) ** 2)] = paper.ink
    return out
