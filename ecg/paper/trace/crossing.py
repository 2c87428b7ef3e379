"""How much of a lead lies where rows cross: one run of ink holds two traces there."""

from typing import Final

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from splkit.ecg.paper.contracts import Array, Stroke

BESIDE_POINTS: Final = 5
"""Strokes meet in a column of pixels if they do within so many points, two pixels, of it."""


def crossed(strokes: tuple[Stroke, ...]) -> list[float]:
    """Of each stroke: the largest share of a signal, squared, that lies where other strokes are.

    Of its own signal, and of those whose strokes pass its level: they may have taken what is its own.
    """
    low, high = _spans(strokes)
    shares = [_share(k, stroke, low, high) for k, stroke in enumerate(strokes)]
    found = []
    for k, stroke in enumerate(strokes):
        level = stroke.panel.baseline
        inside = slice(max(0, round(stroke.panel.left)), round(stroke.panel.right) + 1)
        passing = np.any((low[:, inside] < level) & (high[:, inside] > level), axis=1)
        found.append(max([shares[k], *(shares[j] for j in np.flatnonzero(passing))]))
    return found


def _spans(strokes: tuple[Stroke, ...]) -> tuple[Array, Array]:
    """(strokes, columns): the least and the greatest y of each stroke about each column of pixels."""
    width = 1 + max((int(np.round(stroke.x[-1])) for stroke in strokes if len(stroke.x)), default=0)
    low, high = np.full((len(strokes), width), np.inf), np.full((len(strokes), width), -np.inf)
    for k, stroke in enumerate(strokes):
        known = np.isfinite(stroke.y)
        if not np.any(known):
            continue
        y, column = np.interp(stroke.x, stroke.x[known], stroke.y[known]), _columns(stroke)
        np.minimum.at(low[k], column, minimum_filter1d(y, BESIDE_POINTS))
        np.maximum.at(high[k], column, maximum_filter1d(y, BESIDE_POINTS))
    return low, high


def _columns(stroke: Stroke) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.maximum(np.round(stroke.x), 0).astype(np.int64)


def _share(which: int, stroke: Stroke, low: Array, high: Array) -> float:
    if not np.any(np.isfinite(stroke.y)):
        return 0.0
    column = _columns(stroke)
    others = np.arange(len(low)) != which
    top, bottom = np.maximum(low[others], low[which]), np.minimum(high[others], high[which])
    meets = np.any(bottom - top >= -1.0, axis=0)[column]
    squared = np.nan_to_num(np.square(stroke.y - np.nanmedian(stroke.y)))
    return float(squared[meets].sum() / max(float(squared.sum()), 1e-9))
