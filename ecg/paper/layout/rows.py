"""Rows of traces: where the flat parts of the traces lie, whatever the beats of neighbours reach."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.layout.marks import Marks, Mask, opened
from splkit.ecg.paper.opencv import cv2

NEAREST_MM: Final = 7.0
"""Rows stand no nearer: 13 rows on A4 leave 13 mm for each."""
FLAT_MM: Final = 1.0
"""A stroke that goes this far along x without leaving its pixels' height is flat."""
TALL_MM: Final = 5.0
"""Ink that goes so far down is no flat stroke, however wide it is: the edge of the paper, or its shadow."""
BESIDE_MM, NARROW_MM = 0.3, 2.5
"""The edge of that ink is ragged to so much; or it lies in pieces that are no wider."""
HUM_MM: Final = 1.2
"""A period of 50 Hz at 50 mm/s is 1 mm long, one of 60 Hz at 25 mm/s 0.4 mm."""
BIN_MM: Final = 2.0
FILLED: Final = 0.3
"""Share of the page's width with flat ink that makes a row: high beats leave little that is flat."""
LATTICE_ROWS: Final = 5
"""So many rows tell how far apart all are,"""
OF_LATTICE: Final = 0.3
"""if they lie so near to even distances, as a share of one."""
REGULAR: Final = 0.6
"""Rows stand no nearer to each other than that share of their usual distance."""


@dataclass(frozen=True)
class Rows:
    """Rows from top to bottom, on the sheet's pixels."""

    levels: Array
    """(rows,): y of the flat parts."""
    flat: Mask
    """1 where a trace is flat."""
    traces: Mask
    """1 where ink is no letter."""


def find_rows(marks: Marks, bridged: bool = False) -> Rows:
    """Rows of traces; none where the page has none.

    Args:
        marks: of the sheet.
        bridged: whether the strokes of mains hum, which are nowhere flat, count as one flat band.
    """
    _, _, w, h, _ = marks.boxes.T
    of_trace = (
        (w >= 4 * marks.mm_x) | (h >= 8 * marks.mm_y) | ((w >= 1.5 * marks.mm_x) & (h <= 0.8 * marks.mm_y))
    )
    of_trace[0] = False
    traces = of_trace.astype(np.uint8)[marks.pieces]
    band = _bridged(traces, marks.mm_x) if bridged else traces
    flat = opened(band, max(3, FLAT_MM * marks.mm_x), 1)
    if not bridged:
        tall = opened(traces, 1, TALL_MM * marks.mm_y)
        beside = np.ones((1, 2 * round(BESIDE_MM * marks.mm_x) + 1), np.uint8)
        narrow = ((h > TALL_MM * marks.mm_y) & (w < NARROW_MM * marks.mm_x)).astype(np.uint8)
        flat &= 1 - np.maximum(cv2().dilate(tall, beside), narrow[marks.pieces])
    step_x, step_y = BIN_MM * marks.mm_x, 0.5 * marks.mm_y
    size = (max(1, round(flat.shape[1] / step_x)), max(1, round(flat.shape[0] / step_y)))
    # Share of ink in bins of 2 mm by half a mm.
    share = cv2().resize(flat.astype(np.float32), size, interpolation=cv2().INTER_AREA)
    there = (cv2().dilate(share, np.ones((9, 1), np.uint8)) > 0.02).astype(np.float64)
    used = np.flatnonzero(there.any(axis=0))
    if not len(used):
        return Rows(np.zeros(0), flat, traces)
    width = used[-1] - used[0] + 1
    filled = there.sum(axis=1) / width
    dense = cv2().GaussianBlur(share.sum(axis=1, keepdims=True), (1, 0), 0, sigmaY=3)[:, 0].astype(np.float64)
    return Rows(_peaks(filled, dense, 2 * NEAREST_MM) * step_y, flat, traces)


def _bridged(traces: Mask, mm_x: float) -> Mask:
    across = np.ones((1, 2 * round(HUM_MM / 2 * mm_x) + 1), np.uint8)
    return np.asarray(cv2().morphologyEx(traces, cv2().MORPH_CLOSE, across), np.uint8)


def with_hidden(levels: Array) -> Array:
    """The levels, and those of rows that are missing between others: a trace that wanders is nowhere flat."""
    if len(levels) < LATTICE_ROWS:
        return levels
    apart = float(np.median(np.diff(levels)))
    steps = np.round(np.diff(levels) / apart).astype(int)
    if np.abs(np.diff(levels) / apart - steps).max() > OF_LATTICE or steps.max() > 2:
        return levels
    hidden = [(levels[k] + levels[k + 1]) / 2 for k in np.flatnonzero(steps == 2)]
    return np.sort(np.concatenate([levels, hidden]))


def _peaks(filled: Array, dense: Array, apart: float) -> Array:
    """Bins of the densest places, none nearer to another than `apart` bins."""
    candidates = np.flatnonzero(filled >= FILLED)
    chosen: list[int] = []
    for i in candidates[np.argsort(-dense[candidates], kind="stable")].tolist():
        if all(abs(i - j) >= apart for j in chosen):
            chosen.append(i)
    kept = np.array(chosen)
    while len(kept) > 3:
        ordered = np.sort(kept)
        gaps = np.diff(ordered)
        narrow = int(gaps.argmin())
        if gaps[narrow] >= REGULAR * np.median(gaps):
            break
        pair = ordered[narrow : narrow + 2]
        kept = kept[kept != pair[dense[pair].argmin()]]
    return np.sort(kept).astype(np.float64) + 0.5
