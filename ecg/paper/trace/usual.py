"""Strokes that took a person's words for the trace go back to where the other beats have it."""

from dataclasses import replace
from typing import Final

import numpy as np
from scipy.ndimage import binary_closing, binary_dilation, maximum_filter1d, uniform_filter1d

from splkit.ecg.paper.contracts import Array, Sheet, Stroke
from splkit.ecg.paper.trace.clutter import CleanInk, Mask
from splkit.ecg.paper.trace.evidence import explained
from splkit.ecg.paper.trace.expect import Expected

ODD_MM, UNEVEN = 1.0, 0.5
"""A stroke is odd where it is so far from what is expected, and this share of the height of a wave."""
JOINED_S, BESIDE_S = 0.06, 0.02
"""Odd places so near to each other are one; it begins and ends so far before and behind them."""
CALM: Final = 0.34
"""At most this share of the other leads is odd at the same time: all leads show an unusual beat."""
WITNESSES: Final = 2
"""So many other leads must be shown then."""
WIDE_S: Final = 0.06
"""A lead is unlike the usual beat where it is odd over most of the time so long before and after,"""
MOST_OF_WIDE: Final = 0.75
AFTER_S: Final = 0.2
"""and nothing is expected so long before and after such a time."""
INK_MM: Final = 0.6
"""Ink so near to what is expected may be the trace's,"""
THERE: Final = 0.7
"""and must be along this share of an odd place."""
AROUND_MM: Final = 2.0
"""Near an odd place there is ink that is no trace's,"""
FOREIGN_MM2: Final = 1.0
"""at least so much: 3 mm of a person's pen."""
LINE_MM: Final = 0.5
"""Ink is a trace's where it is so near to its stroke."""


def with_usual(
    ink: CleanInk, sheet: Sheet, strokes: tuple[Stroke, ...], expected: list[Expected]
) -> tuple[Stroke, ...]:
    """The strokes, which take the expected way where they are odd alone and ink shows that way, too."""
    odd = [_odd(sheet, stroke, each) for stroke, each in zip(strokes, expected, strict=True)]
    loose = (ink.coverage > ink.level) & ~ink.wild & ~ink.hidden
    loose[explained(strokes, loose.shape, LINE_MM * sheet.px_per_mm_x)] = False
    mended = []
    for k, (stroke, each) in enumerate(zip(strokes, expected, strict=True)):
        y = stroke.y.copy()
        calm = _calm(k, sheet, strokes, odd)
        there = _there(ink, sheet, stroke, each)
        for begin, end in _spans(odd[k]):
            usual = calm[begin:end].mean() > THERE and there[begin:end].mean() > THERE
            if usual and _foreign_mm2(sheet, loose, stroke, each, begin, end) > FOREIGN_MM2:
                known = np.isfinite(each.middle[begin:end])
                y[begin:end] = np.where(known, each.middle[begin:end], y[begin:end])
        mended.append(replace(stroke, y=y))
    return tuple(mended)


def of_usual_beats(sheet: Sheet, strokes: tuple[Stroke, ...], expected: list[Expected]) -> list[Expected]:
    """What is expected, but for times at which many leads are unlike it for long: as a premature beat is."""
    wide = [
        uniform_filter1d(
            _far(sheet, stroke, each).astype(float), 2 * round(WIDE_S / _step_s(sheet, stroke)) + 1
        )
        > MOST_OF_WIDE
        for stroke, each in zip(strokes, expected, strict=True)
    ]
    found = []
    for k, each in enumerate(expected):
        shown, strange = _others(k, sheet, strokes, wide)
        shown, strange = shown + 1, strange + wide[k]
        unlike = (shown > WITNESSES) & (strange > CALM * shown)
        around = round(AFTER_S / _step_s(sheet, strokes[k]))
        unlike = maximum_filter1d(unlike, 2 * around + 1)
        low, high, middle = (np.where(unlike, np.nan, part) for part in each[:3])
        found.append(Expected(low, high, middle, each.level))
    return found


def _step_s(sheet: Sheet, stroke: Stroke) -> float:
    return float(stroke.x[1] - stroke.x[0]) / (sheet.px_per_mm_x * stroke.panel.mm_per_s)


def _far(sheet: Sheet, stroke: Stroke, expected: Expected) -> Mask:
    """The points that are far from what is expected."""
    beside = round(BESIDE_S / _step_s(sheet, stroke))
    wave = np.where(np.isfinite(expected.middle), np.abs(expected.middle - expected.level), 0.0)
    spare = ODD_MM * sheet.px_per_mm_y + UNEVEN * maximum_filter1d(wave, 2 * beside + 1)
    return np.asarray(np.abs(stroke.y - expected.middle) > spare)


def _odd(sheet: Sheet, stroke: Stroke, expected: Expected) -> Mask:
    """The places that are far from what is expected, joined where they are near to each other."""
    far = _far(sheet, stroke, expected)
    if not np.any(far):
        return far
    joined, beside = (round(each / _step_s(sheet, stroke)) for each in (JOINED_S, BESIDE_S))
    padded = binary_closing(np.pad(far, joined), np.ones(2 * (joined // 2) + 1, bool))
    return np.asarray(binary_dilation(padded[joined : joined + len(far)], np.ones(2 * beside + 1, bool)))


def _calm(which: int, sheet: Sheet, strokes: tuple[Stroke, ...], odd: list[Mask]) -> Mask:
    """Whether enough other leads are shown at the time of each point, and few of them are odd."""
    shown, strange = _others(which, sheet, strokes, odd)
    return np.asarray((shown >= WITNESSES) & (strange <= CALM * shown))


def _others(which: int, sheet: Sheet, strokes: tuple[Stroke, ...], odd: list[Mask]) -> tuple[Array, Array]:
    """How many other leads are shown at the time of each point, and how many of them are odd."""
    own = strokes[which]
    at_s = own.panel.start_s + np.arange(len(own.x)) * _step_s(sheet, own)
    shown, strange = np.zeros((2, len(at_s)))
    for k, stroke in enumerate(strokes):
        if k == which or not np.any(np.isfinite(stroke.y)):
            continue
        point = np.round((at_s - stroke.panel.start_s) / _step_s(sheet, stroke)).astype(int)
        inside = (point >= 0) & (point < len(odd[k]))
        shown += inside
        strange += inside & odd[k][np.clip(point, 0, len(odd[k]) - 1)]
    return shown, strange


def _there(ink: CleanInk, sheet: Sheet, stroke: Stroke, expected: Expected) -> Mask:
    """Whether ink shows the expected way at each point."""
    reach = max(1, round(INK_MM * sheet.px_per_mm_y))
    height, width = ink.coverage.shape
    column = np.clip(np.round(stroke.x).astype(int), 0, width - 1)
    row = np.round(np.where(np.isfinite(expected.middle), expected.middle, -1e6)).astype(int)
    rows = row[:, None] + np.arange(-reach, reach + 1)
    inked = ink.coverage[np.clip(rows, 0, height - 1), column[:, None]] > ink.level
    return np.asarray((inked & (rows >= 0) & (rows < height)).any(axis=1))


def _foreign_mm2(
    sheet: Sheet, loose: Mask, stroke: Stroke, expected: Expected, begin: int, end: int
) -> float:
    """Ink about a span of a stroke that is of no trace."""
    ways = np.concatenate([stroke.y[begin:end], expected.middle[begin:end]])
    if not np.any(np.isfinite(ways)):
        return 0.0
    around_x, around_y = AROUND_MM * sheet.px_per_mm_x, AROUND_MM * sheet.px_per_mm_y
    left, right = int(stroke.x[begin] - around_x), int(stroke.x[end - 1] + around_x) + 1
    top, bottom = int(np.nanmin(ways) - around_y), int(np.nanmax(ways) + around_y) + 1
    part = loose[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    return float(np.count_nonzero(part)) / (sheet.px_per_mm_x * sheet.px_per_mm_y)


def _spans(mask: Mask) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[False, mask, False].astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
