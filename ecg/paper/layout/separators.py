"""Bars, dashes or dots between columns of leads."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Array, Box
from splkit.ecg.paper.layout.known import Fit
from splkit.ecg.paper.layout.marks import INK, Marks
from splkit.ecg.paper.layout.rows import Rows
from splkit.ecg.paper.opencv import cv2

BEFORE_LABEL_MM: Final = (-9.0, 4.0)
"""Where a column begins, from the left edge of its labels."""
BAR: Final = 0.85
"""Share of 4 mm about a row's level that a bar fills,"""
LINE: Final = 0.7
"""and of the blocks of 4 mm, from the first row to the last, that a line of dashes or dots has ink in."""


@dataclass(frozen=True)
class Separators:
    """Bars, dashes or dots between columns."""

    first: float
    """x of where one would stand before the first column, in pixels."""
    boxes: tuple[Box, ...]
    are_bars: bool = True
    """Their edges tell more of their place than small marks do among what is left of a grid."""


def find_separators(marks: Marks, rows: Rows, fit: Fit, pitch: float) -> Separators | None:
    """The separators; None where there are none.

    Every boundary between columns has one, at the same distance from the next: beats do not do that.
    """
    count = len(fit.known.columns)
    low, high = (mm * marks.mm_x for mm in BEFORE_LABEL_MM)
    offsets = np.arange(round(fit.first_x + low), round(fit.first_x + high))
    at = np.round(offsets[:, None] + np.arange(1, count) * pitch).astype(int)
    for profile, least in (_bars(marks, rows, fit), BAR), (_lines(marks, rows, fit), LINE):
        if at.min() < 2 or at.max() >= len(profile) - 2:
            continue
        near = cv2().dilate(profile[None].astype(np.float32), np.ones((1, 3), np.uint8))[0]
        common = near[at].min(axis=1)
        best = int(common.argmax())
        # Where grid is left, there is a little of it everywhere.
        if common[best] < max(least, 1.3 * float(np.median(profile))):
            continue
        best = round(float(np.flatnonzero(common >= common[best] - 0.02).mean()))
        weights = marks.coverage[_height(marks, rows, fit)].mean(axis=0) if least == BAR else profile
        middles = [_middle(weights, int(x), max(3, round(0.8 * marks.mm_x))) for x in at[best]]
        first = float(np.median([m - k * pitch for k, (m, _) in enumerate(middles, 1)]))
        boxes = [box for x, wide in middles for box in _upright(marks, x, wide)]
        among = tuple(box for box in boxes if _is_among_leads(box, rows, fit, least == BAR))
        return Separators(first, among, least == BAR)
    return None


def _height(marks: Marks, rows: Rows, fit: Fit) -> slice:
    """y of the lead rows, and a little more."""
    levels, reach = rows.levels[: fit.known.rows], 8 * marks.mm_y
    return slice(max(0, round(levels[0] - reach)), round(levels[-1] + reach))


def _is_among_leads(box: Box, rows: Rows, fit: Fit, is_bar: bool) -> bool:
    """A bar crosses the level of a row of leads, a dash is nearest to one; else it is a beat."""
    leads = rows.levels[: fit.known.rows]
    if is_bar:
        return bool(np.any((leads > box.top) & (leads < box.bottom)))
    return int(np.abs(rows.levels - (box.top + box.bottom) / 2).argmin()) < len(leads)


def _bars(marks: Marks, rows: Rows, fit: Fit) -> Array:
    """For each x the share of the rows' levels, 2 mm up and down, that ink fills: the median over rows."""
    reach = 2 * marks.mm_y
    each = [
        marks.mask[max(0, round(y - reach)) : round(y + reach) + 1].mean(axis=0)
        for y in rows.levels[: fit.known.rows]
    ]
    return np.asarray(np.median(each, axis=0))


def _lines(marks: Marks, rows: Rows, fit: Fit) -> Array:
    """For each x the share of blocks 4 mm high that have ink there, from the first row to the last."""
    band = (marks.coverage[_height(marks, rows, fit)] > INK[0]).astype(np.uint8)
    block = max(2, round(4 * marks.mm_y))
    n = len(band) // block
    blocks = band[: n * block].reshape(n, block, -1).sum(axis=1)
    return np.asarray((blocks >= max(1, 0.3 * marks.mm_y)).mean(axis=0))


def _middle(weights: Array, x: int, half: int) -> tuple[float, float]:
    """Middle and width of the upright stroke at about x."""
    middle = float(x)
    # The first look may begin at its edge, the next at its middle.
    for _ in range(3):
        x = max(half, min(round(middle), len(weights) - half - 1))
        around = weights[x - half : x + half + 1]
        weight = np.clip(around - 0.5 * around.max(), 0, None)
        middle = x - half + float((weight * np.arange(len(weight))).sum() / weight.sum())
    return middle, float((weight > 0).sum())


def _upright(marks: Marks, x: float, wide: float) -> list[Box]:
    """Boxes of the ink of one separator."""
    column = marks.coverage[:, round(x) - 1 : round(x) + 2].mean(axis=1) > 0.3
    edges = np.flatnonzero(np.diff(np.concatenate([[0], column.astype(np.int8), [0]])))
    runs = [(int(a), int(b)) for a, b in edges.reshape(-1, 2).tolist()]
    half = wide / 2 + 1
    return [Box(x - half, a - 1, x + half, b) for a, b in runs if b - a >= 0.25 * marks.mm_y]
