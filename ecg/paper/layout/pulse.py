"""The calibration pulse: a rectangle 1 mV high beside a row's trace."""

from typing import Final, NamedTuple

import numpy as np

from splkit.ecg.paper.contracts import Box
from splkit.ecg.paper.layout.marks import Marks, opened
from splkit.ecg.paper.layout.rows import Rows
from splkit.ecg.paper.opencv import cv2

HEIGHT_MM: Final = (4.0, 22.0)
"""1 mV at 5 to 20 mm/mV, with a little to both sides."""
WIDTH_MM: Final = (1.5, 11.0)
"""0.2 s is 5 mm at 25 mm/s and 10 mm at 50; some machines draw narrower ones."""


class Pulse(NamedTuple):
    """One rectangle, in pixels of the sheet."""

    row: int
    left: float
    right: float
    """x of its two upright strokes."""
    top: float
    foot: float
    """y of the strokes along its top and its foot."""


def find_pulses(marks: Marks, rows: Rows) -> tuple[Pulse, ...]:
    """Every rectangle that stands on the level of a row, from left to right within each row."""
    uprights = opened(rows.traces, 1, 0.8 * HEIGHT_MM[0] * marks.mm_y)
    uprights = cv2().dilate(uprights, np.ones((1, 3), np.uint8))
    boxes = cv2().connectedComponentsWithStats(uprights, connectivity=8)[2][1:]
    strokes = [
        Box(x, y, x + w - 1, y + h - 1) for x, y, w, h, _ in boxes.tolist() if w <= 1.5 * marks.mm_x + 2
    ]
    strokes.sort()
    found: list[Pulse] = []
    for i, a in enumerate(strokes):
        if (a.bottom - a.top) / marks.mm_y < HEIGHT_MM[0]:
            continue
        for b in strokes[i + 1 :]:
            if (b.left - a.left) / marks.mm_x > WIDTH_MM[1]:
                break
            pulses = _stack(marks, rows, a, b)
            found += pulses
            if pulses:
                break
    return tuple(sorted(found))


def _stack(marks: Marks, rows: Rows, a: Box, b: Box) -> list[Pulse]:
    """The pulses whose strokes are a and b: one, or those of rows that are nearer than it is high."""
    if (a.bottom - a.top) / marks.mm_y <= HEIGHT_MM[1]:
        pulse = _rectangle(marks, rows, a, b)
        return [] if pulse is None else [pulse]
    inside = np.flatnonzero((rows.levels > a.top) & (rows.levels < a.bottom + marks.mm_y))
    if not len(inside):
        return []
    high = float(rows.levels[inside[0]]) - a.top
    found = []
    for r in inside.tolist():
        level = float(rows.levels[r])
        left, right = (each._replace(top=level - high, bottom=level) for each in (a, b))
        pulse = _rectangle(marks, rows, left, right, alone=False)
        if pulse is not None:
            found.append(pulse._replace(row=r))
    return found if 2 * len(found) > len(inside) else []


def _rectangle(marks: Marks, rows: Rows, a: Box, b: Box, alone: bool = True) -> Pulse | None:
    """The pulse whose upright strokes are a and b, where they make one; empty inside where it is alone."""
    mm_x, mm_y = marks.mm_x, marks.mm_y
    left, right = (a.left + a.right) / 2, (b.left + b.right) / 2
    if (
        (right - left) / mm_x < WIDTH_MM[0]
        or abs(a.top - b.top) > 0.6 * mm_y
        or b.bottom < a.bottom - 1.2 * mm_y
    ):
        return None
    x0, x1 = int(a.right + 0.3 * mm_x) + 1, int(b.left - 0.3 * mm_x)
    y0, y1 = max(0, round(a.top - 0.6 * mm_y)), round(a.top + 0.9 * mm_y)
    if x1 - x0 < 2:
        return None
    lid = marks.coverage[y0:y1, x0:x1].astype(np.float64)
    hollow = marks.mask[y1 : round(a.bottom - 0.8 * mm_y), x0:x1]
    if (lid.max(axis=0) > 0.3).mean() < 0.95 or hollow.size == 0 or (alone and hollow.mean() > 0.04):
        return None
    top = y0 + float((lid.sum(axis=1) * np.arange(len(lid))).sum() / lid.sum())
    pen = float(np.median(lid.sum(axis=0)))
    # The stroke ends half a pen's width below the middle of the foot; the mask begins at a third of coverage.
    foot = a.bottom + 0.5 - pen / 2
    if not HEIGHT_MM[0] <= (foot - top) / mm_y <= HEIGHT_MM[1] or not len(rows.levels):
        return None
    row = int(np.abs(rows.levels - foot).argmin())
    return Pulse(row, left, right, top, foot) if abs(rows.levels[row] - foot) <= 5 * mm_y else None
