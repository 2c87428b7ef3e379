"""The pixels near strokes, and how far each lies from the line it belongs to."""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.trace.runs import Index

AT_ONCE = 20_000
"""Pixels whose places are looked for together: their arrays stay in the processor's cache."""


class Lines(NamedTuple):
    """Points of all strokes in one array, stroke after stroke, each point a step right of the last."""

    x: Array
    y: Array
    first: Index
    """Index of each stroke's first point; one more for the end."""
    step: float


class Pixels(NamedTuple):
    """Pixels beside strokes; a pixel between two strokes stands there once for each."""

    row: Index
    column: Index
    stroke: Index
    nearest: Index
    """Index of the stroke's point of about the same x."""


class Nearest(NamedTuple):
    """Of each pixel, the nearest place on its stroke."""

    distance: Array
    segment: Index
    """The place lies between points `segment` and `segment + 1`,"""
    share: Array
    """at this share of the way, 0 to 1."""
    up: Array
    """y part of the unit vector from the place to the pixel."""


def pixels_near(lines: Lines, margin_px: float, shape: tuple[int, ...]) -> Pixels:
    """All pixels within `margin_px` of a stroke in x, and in y of what the stroke spans there."""
    parts = [_pixels_near_one(lines, k, margin_px, shape) for k in range(len(lines.first) - 1)]
    return Pixels(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _pixels_near_one(lines: Lines, stroke: int, margin_px: float, shape: tuple[int, ...]) -> Pixels:
    begin, end = lines.first[stroke], lines.first[stroke + 1]
    x, y = lines.x[begin:end], lines.y[begin:end]
    size = 2 * int(np.ceil(margin_px / lines.step)) + 1
    low, high = minimum_filter1d(y, size), maximum_filter1d(y, size)
    column = np.arange(max(0, int(np.ceil(x[0] - margin_px))), min(shape[1] - 1, int(x[-1] + margin_px)) + 1)
    at = np.clip(np.round((column - x[0]) / lines.step).astype(np.int64), 0, len(x) - 1)
    top = np.clip(np.floor(low[at] - margin_px), 0, shape[0] - 1).astype(np.int64)
    count = np.clip(np.ceil(high[at] + margin_px), 0, shape[0] - 1).astype(np.int64) - top + 1
    which = np.repeat(np.arange(len(column)), count)
    row = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count) + top[which]
    return Pixels(row, column[which], np.full(len(which), stroke), at[which] + begin)


def nearest_places(lines: Lines, pixels: Pixels, margin_px: float) -> Nearest:
    """Of each pixel the nearest place on its stroke, looked for within `margin_px` in x."""
    starts = range(0, max(1, len(pixels.row)), AT_ONCE)
    parts = [_nearest(lines, Pixels(*(a[k : k + AT_ONCE] for a in pixels)), margin_px) for k in starts]
    return Nearest(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _nearest(lines: Lines, pixels: Pixels, margin_px: float) -> Nearest:
    last = lines.first[1:][pixels.stroke] - 2
    begin = lines.first[:-1][pixels.stroke]
    px, py = pixels.column.astype(np.float32), pixels.row.astype(np.float32)
    x, y = lines.x.astype(np.float32), lines.y.astype(np.float32)
    rise = np.diff(y, append=y[-1])
    step = np.float32(lines.step)
    scale = 1.0 / (step * step + rise * rise)
    reach = int(np.ceil(margin_px / lines.step))
    best = np.full(len(px), np.inf, dtype=np.float32)
    segment = np.zeros(len(px), dtype=np.int64)
    for shift in range(-reach, reach):
        k = np.clip(pixels.nearest + shift, begin, last)
        dx, dy, up = px - x[k], py - y[k], rise[k]
        t = np.clip((dx * step + dy * up) * scale[k], 0.0, 1.0)
        far = np.square(dx - t * step) + np.square(dy - t * up)
        better = far < best
        best = np.where(better, far, best)
        segment = np.where(better, k, segment)
    dx, dy, up = px - x[segment], py - y[segment], rise[segment]
    share = np.clip((dx * step + dy * up) * scale[segment], 0.0, 1.0)
    distance = np.sqrt(np.maximum(best, 1e-12))
    return Nearest(distance, segment, share, (dy - share * up) / np.maximum(distance, 1e-3))
