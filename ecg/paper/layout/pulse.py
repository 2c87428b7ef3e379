"""The calibration pulse: a rectangle 1 mV high beside a row's trace."""

from typing import Final, NamedTuple

import numpy as np

from splkit.ecg.paper.contracts import Array, Box
from splkit.ecg.paper.layout.marks import Marks, opened
from splkit.ecg.paper.layout.rows import Rows
from splkit.ecg.paper.opencv import cv2

GAINS_MM_PER_MV: Final = (5.0, 10.0, 20.0)
HEIGHT_MM: Final = (4.0, 22.0)
"""1 mV at 5 to 20 mm/mV, with a little to both sides."""
WIDTH_MM: Final = (1.5, 11.0)
"""0.2 s is 5 mm at 25 mm/s and 10 mm at 50; some machines draw narrower ones."""

BROKEN_MM: Final = 0.8
"""No upright stroke is interrupted by more."""
ALIGNED_MM: Final = 1.0
"""Pulses of one page stand below each other to so much."""
LID: Final = 0.95
"""Share of a pulse's width that its lid fills."""
OVER_MM: Final = 2.0
"""An upright stroke ends so near to lid and foot: bits of grid stand out, and faint ends are not seen."""
STROKE_MM: Final = 0.6
"""Half the height of the place in which a level stroke is measured."""
BESIDE_MM: Final = (0.3, 1.2)
"""The foot goes on so far on both sides."""


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
    # Where a line of the grid was taken out a stroke may be broken.
    bridge = np.ones((2 * round(BROKEN_MM / 2 * marks.mm_y) + 1, 1), np.uint8)
    whole = np.asarray(cv2().morphologyEx(rows.traces, cv2().MORPH_CLOSE, bridge), np.uint8)
    uprights = opened(whole, 1, 0.8 * HEIGHT_MM[0] * marks.mm_y)
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


def pulse_feet(pulses: tuple[Pulse, ...], mm_x: float) -> Array:
    """y of the feet of most pulses: those that stand below each other, equally wide."""
    if not pulses:
        return np.zeros(0)
    sides = np.array([(p.left, p.right) for p in pulses])
    alike = np.abs(sides[:, None] - sides).max(axis=2) < ALIGNED_MM * mm_x
    most = alike[int(alike.sum(axis=1).argmax())]
    return np.sort([p.foot for p, one in zip(pulses, most.tolist(), strict=True) if one])


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
        or abs(a.top - b.top) > OVER_MM * mm_y
        or b.bottom < a.bottom - OVER_MM * mm_y
    ):
        return None
    inside = range(int(a.right + 0.3 * mm_x) + 1, int(b.left - 0.3 * mm_x))
    if len(inside) < 2 or not len(rows.levels):
        return None
    lid = _level_stroke(marks, inside, min(a.top, b.top) - 0.6 * mm_y, max(a.top, b.top) + 0.9 * mm_y)
    if lid is None or lid.share < LID:
        return None
    hollow = marks.mask[round(lid.y + 0.9 * mm_y) : round(a.bottom - 0.8 * mm_y), inside.start : inside.stop]
    if hollow.size == 0 or (alone and hollow.mean() > 0.04):
        return None
    foot, both = _foot(marks, a, b, lid)
    alike = abs(a.top - b.top) <= 0.6 * mm_y and b.bottom >= a.bottom - 1.2 * mm_y
    if not (alike or both):
        return None
    if not HEIGHT_MM[0] <= (foot - lid.y) / mm_y <= HEIGHT_MM[1]:
        return None
    row = int(np.abs(rows.levels - foot).argmin())
    return Pulse(row, left, right, lid.y, foot) if abs(rows.levels[row] - foot) <= 5 * mm_y else None


class _Level(NamedTuple):
    """A stroke along the page."""

    y: float
    share: float
    """Of its length, that has ink."""
    pen: float
    """How thick it is, in pixels."""


def _level_stroke(marks: Marks, columns: range, top: float, bottom: float) -> _Level | None:
    """The level stroke that fills columns best, its middle between two y; None outside the sheet."""
    first, last = max(0, round(top)), min(len(marks.coverage) - 1, round(bottom))
    if first >= last or columns.start < 0 or columns.stop > marks.coverage.shape[1] or not len(columns):
        return None
    part = marks.coverage[first : last + 1, columns.start : columns.stop].astype(np.float64)
    filled = np.convolve(part.mean(axis=1), np.ones(3), mode="same")
    at = int(filled.argmax())
    reach = max(1, round(STROKE_MM * marks.mm_y))
    stroke = part[max(0, at - reach) : at + reach + 1]
    if not stroke.any():
        return None
    y = first + max(0, at - reach) + float((stroke.sum(axis=1) * np.arange(len(stroke))).sum() / stroke.sum())
    return _Level(y, float((stroke.max(axis=0) > 0.3).mean()), float(np.median(stroke.sum(axis=0))))


def _foot(marks: Marks, a: Box, b: Box, lid: _Level) -> tuple[float, bool]:
    """y of the strokes on both sides of a pulse, or of where its own stop; and whether both are seen.

    What is left of a grid line may make an upright stroke longer, or a pale one end too soon. On one side the
    trace may begin at another height.
    """
    near, far = (mm * marks.mm_x for mm in BESIDE_MM)
    beside = range(int(a.left - far), int(a.left - near)), range(int(b.right + near), int(b.right + far))
    strokes = [
        _level_stroke(marks, x, bottom - OVER_MM * marks.mm_y, bottom + OVER_MM * marks.mm_y)
        for x, bottom in zip(beside, (a.bottom, b.bottom), strict=True)
    ]
    feet = [each.y for each in strokes if each is not None and each.share > 0.8]
    if len(feet) == 2 and abs(feet[0] - feet[1]) < STROKE_MM * marks.mm_y:
        return float(np.mean(feet)), True
    # The stroke ends half a pen's width below the middle of the foot; the mask begins at a third of coverage.
    told = [a.bottom + 0.5 - lid.pen / 2, *feet]
    return min(told, key=lambda y: _off_gain((y - lid.y) / marks.mm_y)), False


def _off_gain(high_mm: float) -> float:
    """How far a height is from that of any pulse of 1 mV, as a share."""
    return min(abs(high_mm / gain - 1) for gain in GAINS_MM_PER_MV)
