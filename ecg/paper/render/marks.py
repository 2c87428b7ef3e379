"""What happens to paper before it is scanned: creases, handwriting, stamps. None of it moves the traces."""

from dataclasses import replace

import numpy as np

from splkit.ecg.paper.contracts import Array, Plane
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.render.gridlines import blend
from splkit.ecg.paper.render.pen import draw_line
from splkit.ecg.paper.render.rendered import Rendered
from splkit.ecg.paper.render.style import Rgb
from splkit.ecg.paper.render.text import draw_text

_PENS: tuple[Rgb, ...] = ((28, 40, 130), (20, 20, 20), (170, 30, 40))
_PEN_MM = (0.35, 0.7)
_LETTER_MM = 3.0
_RING_MM = (4.0, 9.0)
_SWAY = 0.35
"""Of a letter's height: how far it swings to the side."""
_STAMPS = ("SEEN", "COPY", "FILED 12 MAR", "RECEIVED", "CARDIOLOGY WARD 3")
_STAMP_INKS: tuple[Rgb, ...] = ((60, 60, 170), (190, 40, 60), (90, 40, 130))
_STAMP_MM = 4.0


def write_by_hand(page: Rendered, words: float, rng: np.random.Generator) -> Rendered:
    """Scrawls so many words, or rings about a beat, each across the trace of some lead."""
    coverage = np.zeros(page.rgb.shape[:2], np.float32)
    px_per_mm = page.grid.px_per_mm_x
    for _ in range(round(words)):
        trace = page.traces[rng.integers(len(page.traces))]
        start = trace.points[rng.integers(len(trace.points))]
        shape = _ring(rng) if rng.random() < 0.25 else _word(rng)
        points = start + px_per_mm * shape
        draw_line(coverage, points, px_per_mm * float(rng.uniform(*_PEN_MM)))
    return _inked(page, coverage, _PENS[rng.integers(len(_PENS))])


def _word(rng: np.random.Generator) -> Array:
    """Letters that run to the right in loops, bows and peaks, (n, 2) in mm about their start."""
    letters = int(rng.integers(4, 10))
    turn = np.linspace(0, letters, 40 * letters)
    knots = np.arange(letters + 1)
    high, sway, pace = (
        np.interp(turn, knots, rng.uniform(low, most, letters + 1))
        for low, most in ((0.3, 1.6), (-1.0, 1.0), (0.5, 1.5))
    )
    size = _LETTER_MM * rng.uniform(0.6, 1.3)
    along = np.cumsum(pace) / 40 * size * 0.9
    x = along + _SWAY * size * sway * np.sin(2 * np.pi * turn)
    y = -0.5 * size * high * (1 + np.cos(2 * np.pi * turn)) + rng.uniform(-0.15, 0.15) * along
    return np.column_stack([x, y + rng.uniform(-1, 3)])


def _ring(rng: np.random.Generator) -> Array:
    """A closed line that does not quite meet itself, (n, 2) in mm about its middle."""
    turn = np.linspace(0, 2 * np.pi * rng.uniform(1.0, 1.15), 80)
    radius = rng.uniform(*_RING_MM, 2) * (1 + 0.06 * np.sin(turn * 1.7 + rng.uniform(0, 6)))[:, None]
    return np.asarray(radius * np.column_stack([np.cos(turn), np.sin(turn)]))


def stamp(page: Rendered, strength: float, rng: np.random.Generator) -> Rendered:
    """A rubber stamp somewhere on the page, framed, askew, its ink between the grid's and the trace's."""
    cv, px_per_mm = cv2(), page.grid.px_per_mm_x
    height, width = page.rgb.shape[:2]
    capital_px = _STAMP_MM * px_per_mm * rng.uniform(0.8, 1.5)
    text = str(rng.choice(_STAMPS))
    pad = round(capital_px)
    block = np.zeros((3 * pad, round(len(text) * capital_px) + 2 * pad), np.float32)
    box = draw_text(block, text, pad, 2 * pad, capital_px, "sans")
    right = (box.right if box else block.shape[1]) + pad / 2
    frame = np.array([[3, 3], [right, 3], [right, 3 * pad - 4], [3, 3 * pad - 4], [3, 3]], np.float64)
    draw_line(block, frame, max(capital_px / 8, 1.0))
    turn = cv.getRotationMatrix2D((right / 2, 1.5 * pad), float(rng.uniform(-20, 20)), 1.0)
    turn[:, 2] += np.array([rng.uniform(0.1, 0.8) * width, rng.uniform(0.1, 0.9) * height]) - (
        right / 2,
        1.5 * pad,
    )
    coverage = cv.warpAffine(block, turn, (width, height), flags=cv.INTER_LINEAR)
    worn = 0.6 + 0.4 * _patches(page.rgb.shape[:2], px_per_mm, rng)
    return _inked(page, strength * coverage * worn, _STAMP_INKS[rng.integers(len(_STAMP_INKS))])


def crease(page: Rendered, strength: float, rng: np.random.Generator) -> Rendered:
    """A fold across the page: a dark line with a bright one beside it, over a soft change of light."""
    height, width = page.rgb.shape[:2]
    px_per_mm = page.grid.px_per_mm_x
    angle = rng.choice((0.0, np.pi / 2)) + rng.uniform(-0.08, 0.08)
    middle = np.array([width, height]) * rng.uniform(0.25, 0.75, 2)
    distance_mm = _distance(page.rgb.shape[:2], angle, middle) / px_per_mm
    dark = np.exp(-0.5 * (distance_mm / 0.25) ** 2)
    bright = np.exp(-0.5 * ((distance_mm - 0.6) / 0.35) ** 2)
    side = 0.08 * np.tanh(distance_mm / 3.0) * np.exp(-np.abs(distance_mm) / 25.0)
    light = 1.0 + strength * (-0.45 * dark + 0.2 * bright + side)
    return lit(page, np.asarray(light, np.float32)[..., None])


def lit(page: Rendered, light: Plane) -> Rendered:
    """The page under a light of 0 to 1 and above, (height, width, 1 or 3)."""
    return replace(page, rgb=np.clip(np.round(page.rgb * light), 0, 255).astype(np.uint8))


def _distance(shape: tuple[int, ...], angle: float, through: Array) -> Plane:
    """Of each pixel from a straight line, with a sign."""
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return np.asarray(
        (rows - through[1]) * np.cos(angle) - (columns - through[0]) * np.sin(angle), np.float32
    )


def _patches(shape: tuple[int, ...], size_px: float, rng: np.random.Generator) -> Plane:
    """Smooth random patches of 0 to 1."""
    cells = max(int(shape[0] / size_px), 2), max(int(shape[1] / size_px), 2)
    coarse = rng.uniform(0, 1, cells).astype(np.float32)
    cv = cv2()
    return np.asarray(cv.resize(coarse, (shape[1], shape[0]), interpolation=cv.INTER_LINEAR), np.float32)


def _inked(page: Rendered, coverage: Plane, ink: Rgb) -> Rendered:
    rgb = page.rgb.astype(np.float32)
    blend(rgb, coverage, ink)
    return replace(page, rgb=np.round(rgb).astype(np.uint8))
