"""How the ink of a sheet differs from strokes that a pen would draw there."""

from typing import NamedTuple

import numpy as np

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.trace.canvas import Lines, Nearest, Pixels, nearest_places, pixels_near
from splkit.ecg.paper.trace.clutter import CleanInk
from splkit.ecg.paper.trace.pen import Landed, Pen, land

OUTLIER = 0.35
"""Coverage off by more than this is rather another thing than this line."""
UNEXPLAINED = 0.3
"""Weight of a pixel where clutter may have added ink to that of the line."""


class Look(NamedTuple):
    """What one look at the sheet says, pixel by pixel."""

    pixels: Pixels
    places: Nearest
    landed: Landed
    bare: Array
    """Share of the pixel that other strokes leave bare."""
    error: Array
    weight: Array


def margin_px(pen: Pen) -> float:
    """How far from the middle of a line its ink may reach."""
    return 0.5 * pen.width_px + 2.5 * pen.blur_px + 0.5


def look(ink: CleanInk, lines: Lines, pen: Pen, *, robust: bool) -> Look:
    """At all pixels near the lines; where `robust`, what is rather another thing than a line counts less."""
    margin = margin_px(pen)
    pixels = pixels_near(lines, margin, ink.coverage.shape)
    places = nearest_places(lines, pixels, margin)
    landed = land(places.distance, pen)
    bare = _left_bare(pixels, landed.coverage, ink.coverage.shape)
    seen = ink.coverage[pixels.row, pixels.column]
    error = seen - pen.darkness * (1.0 - bare * (1.0 - landed.coverage))
    weight = 1.0 - ink.wild[pixels.row, pixels.column].astype(np.float64)
    weight *= np.where(ink.hidden[pixels.row, pixels.column] & (error > 0), UNEXPLAINED, 1.0)
    if robust:
        weight /= np.square(1.0 + np.square(error / OUTLIER))
    return Look(pixels, places, landed, bare, error, weight)


def _left_bare(pixels: Pixels, coverage: Array, shape: tuple[int, ...]) -> Array:
    """Of each pixel the share that all other strokes leave bare."""
    flat = pixels.row * shape[1] + pixels.column
    own = np.log1p(-np.minimum(coverage, 0.999))
    _, at, count = np.unique(flat, return_inverse=True, return_counts=True)
    if not np.any(count > 1):
        return np.ones_like(own)
    return np.asarray(np.exp(np.bincount(at, own)[at] - own), dtype=own.dtype)
