"""Labels, separators and pulses: what of them can be taken away, and where they hide the traces."""

from collections import Counter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Box, Layout, Plane, Sheet
from splkit.ecg.paper.opencv import cv2

Mask = npt.NDArray[np.bool_]

NARROW_MM = 1.5
"""In clutter that takes less of a panel, a separator or the edge of a pulse, no ink tells a trace."""
AROUND_MM = 0.7
"""How far letters may stand out of their box."""
SOLID = 0.7
"""A box of which ink covers this share is a bar, in which no ink tells a trace either."""
INK_LEVEL = 0.5
"""Share of a trace's darkest coverage from which a pixel counts as ink."""
LABEL_REACH_MM = 12.0
"""A label stands within this of the left end of its trace."""
PULSE_MM = 2.0
"""A calibration pulse is wider than this, and higher than twice this: no label is."""
BAR_MM = 3.0
"""Separators that are this high are bars; shorter ones are dashes or dots."""
DASH_SPREAD = 1.6
"""Dashes, or dots, are equally high: a piece that is so much higher is a trace's, with or without a dash."""
FRINGE = 0.1
"""Coverage from which a pixel in a bar or separator may be its own."""
BAR_EDGE_MM = 0.4
"""How far the edge of a bar is looked for outside its box."""


class CleanInk(NamedTuple):
    """Ink without the clutter that could be taken away."""

    coverage: Plane
    """As the sheet's, 0 where letters, and less where the edges of bars were taken away."""
    hidden: Mask
    """Boxes of letters: ink that is left there may be a letter's or a trace's."""
    wild: Mask
    """Ink that may be a bar's, a separator's or a pulse's alone, or hide a trace."""
    level: float
    """Coverage from which a pixel counts as ink."""


def clean_ink(sheet: Sheet, layout: Layout) -> CleanInk:
    """Ink of traces alone, as far as boxes and connected ink tell them from clutter.

    Example: a label "V1" that touches no trace goes; one that a QRS crosses stays, and its box is hidden.
    """
    coverage = sheet.coverage.copy()
    hidden = np.zeros(coverage.shape, dtype=bool)
    wild = np.zeros(coverage.shape, dtype=bool)
    level = ink_level(coverage)
    boxes = _bars_alone(layout, sheet)
    for box in (*boxes, *_unread_labels(boxes, sheet, layout)):
        rows, columns = _slices(box, coverage.shape, margin=1)
        inside = coverage[rows, columns]
        if inside.size == 0:
            continue
        if float(np.mean(inside > level)) > SOLID:
            _take_bar(coverage, wild, box, max(2, round(BAR_EDGE_MM * sheet.px_per_mm_x)))
        elif _taken_px(box, layout) < NARROW_MM * sheet.px_per_mm_x:
            wild[rows, columns] |= inside > FRINGE
            _mark_edge(coverage, wild, box, sheet)
        else:
            hidden[rows, columns] = True
            around = max(2, round(AROUND_MM * sheet.px_per_mm_x))
            _drop_enclosed(coverage, *_slices(box, coverage.shape, around), level)
    for box in _unread_pulses(boxes, sheet, layout):
        _mark_edge(coverage, wild, box, sheet, around=round(NARROW_MM * sheet.px_per_mm_y))
    return CleanInk(coverage, hidden, wild, level)


def _bars_alone(layout: Layout, sheet: Sheet) -> list[Box]:
    """The boxes, where separators are bars freed of the traces that the boxes took for parts of bars.

    The bars of one separator are equally high and stand equally to their rows. So a shorter piece of ink
    among them is a trace's, and a higher one is a bar with a trace at its end.
    """
    spans = Counter((b.left, b.right) for b in layout.clutter)
    narrow = 2 * NARROW_MM * sheet.px_per_mm_x
    pieces = [b for b in layout.clutter if spans[b.left, b.right] > 1 and b.right - b.left < narrow]
    heights = np.sort([b.bottom - b.top for b in pieces])
    if not pieces:
        return list(layout.clutter)
    bar_px = float(heights[np.searchsorted(np.cumsum(heights), 0.5 * np.sum(heights))])
    if bar_px < BAR_MM * sheet.px_per_mm_y:
        longest = DASH_SPREAD * float(np.median(heights))
        return [b for b in layout.clutter if b not in pieces or b.bottom - b.top < longest]
    whole = [b for b in pieces if 0.93 < (b.bottom - b.top) / bar_px < 1.07]
    above = float(np.median([b.top - _nearest_baseline(b, layout) for b in whole]))
    kept = [b for b in layout.clutter if b not in pieces]
    for box in pieces:
        if box.bottom - box.top > 1.07 * bar_px:
            top = _nearest_baseline(box, layout) + above
            kept.append(box._replace(top=top, bottom=top + bar_px))
        elif box.bottom - box.top > 0.85 * bar_px:
            kept.append(box)
    return kept


def _nearest_baseline(box: Box, layout: Layout) -> float:
    middle = 0.5 * (box.top + box.bottom)
    return min((p.baseline for p in layout.panels), key=lambda y: abs(y - middle))


def _unread_labels(boxes: list[Box], sheet: Sheet, layout: Layout) -> list[Box]:
    """Where the labels of panels stand that show none, for example as a trace runs through them.

    Labels stand at one place of all panels: that of at least half of them is that of the others.
    """
    reach_x, reach_y = LABEL_REACH_MM * sheet.px_per_mm_x, LABEL_REACH_MM * sheet.px_per_mm_y
    places: list[tuple[float, float, float, float]] = []
    without = []
    for panel in layout.panels:
        near = [
            (b.left - panel.left, b.top - panel.baseline, b.right - panel.left, b.bottom - panel.baseline)
            for b in boxes
            if abs(b.left - panel.left) < reach_x
            and abs(b.bottom - panel.baseline) < reach_y
            and b.bottom - b.top < 6 * sheet.px_per_mm_y
            and 0 < b.right - panel.left < reach_x
        ]
        places += near[:1]
        if not near:
            without.append(panel)
    if len(places) < max(2, len(layout.panels) / 2):
        return []
    left, top, right, bottom = np.percentile(np.array(places), [25, 25, 90, 75], axis=0).diagonal()
    return [Box(p.left + left, p.baseline + top, p.left + right, p.baseline + bottom) for p in without]


def _is_pulse(box: Box, sheet: Sheet) -> bool:
    """Whether a box is wide and high enough for a calibration pulse."""
    wide, high = (box.right - box.left) / sheet.px_per_mm_x, (box.bottom - box.top) / sheet.px_per_mm_y
    return wide > PULSE_MM and high > 2 * PULSE_MM


def _unread_pulses(boxes: list[Box], sheet: Sheet, layout: Layout) -> list[Box]:
    """Where pulses stand of rows that show none, for example as a QRS runs into them: as in other rows."""
    pulses = [b for b in boxes if _is_pulse(b, sheet)]
    if not pulses:
        return []
    height = float(np.median([b.bottom - b.top for b in pulses]))
    left, right = (float(np.median([b[k] for b in pulses])) for k in (0, 2))
    feet = {p.baseline for p in layout.panels if abs(p.left - right) < PULSE_MM * sheet.px_per_mm_x}
    return [
        Box(left, y - height, right, y) for y in feet if all(abs(b.bottom - y) > height / 2 for b in pulses)
    ]


def _mark_edge(coverage: Plane, wild: Mask, box: Box, sheet: Sheet, around: int = 3) -> None:
    """Mark the right edge of a pulse, which slants out of its box by up to a sample of a slow recording."""
    if not _is_pulse(box, sheet):
        return
    height = box.bottom - box.top
    rows, columns = _slices(
        Box(box.right - 2, box.top, box.right + sheet.px_per_mm_x, box.bottom), coverage.shape, around
    )
    inked = (coverage[rows, columns] > FRINGE).astype(np.uint8)
    upright = (
        cv2().morphologyEx(inked, cv2().MORPH_OPEN, np.ones((max(3, round(0.3 * height)), 1), np.uint8)) > 0
    )
    upright &= ~(upright[:1] | upright[-1:])
    wild[rows, columns] |= upright


def ink_level(coverage: Plane) -> float:
    """Half of what the darkest of the thin ink reaches, so that thin strokes of a coarse page count too."""
    inked = coverage[coverage > 0.2]
    if inked.size == 0:
        return INK_LEVEL
    return INK_LEVEL * float(np.clip(np.percentile(inked, 90), 0.5, 1.0))


def _slices(box: Box, shape: tuple[int, ...], margin: int) -> tuple[slice, slice]:
    top, bottom = int(np.floor(box.top)) - margin, int(np.ceil(box.bottom)) + margin + 1
    left, right = int(np.floor(box.left)) - margin, int(np.ceil(box.right)) + margin + 1
    return slice(max(0, top), min(shape[0], max(0, bottom))), slice(
        max(0, left), min(shape[1], max(0, right))
    )


def _taken_px(box: Box, layout: Layout) -> float:
    """The widest stretch of any panel that the box takes."""
    return max((min(box.right, p.right) - max(box.left, p.left) for p in layout.panels), default=0.0)


def _take_bar(coverage: Plane, wild: Mask, box: Box, edge_px: int) -> None:
    """Mark what a bar hides, and take the rest of its edge away.

    A bar is a rectangle, so its coverage is that of its columns times that of its rows. A flank that runs
    along its edge is paler than a bar at some height, so a column has what nearly all of its rows have.
    """
    inner_rows, inner_columns = _slices(box, coverage.shape, margin=0)
    rows, columns = _slices(box, coverage.shape, margin=edge_px)
    across: Array = np.percentile(coverage[inner_rows, columns], 15, axis=0)
    down: Array = np.median(coverage[rows, inner_columns], axis=1)
    bar = np.minimum(1.0, down[:, None] * across[None, :] / max(float(np.max(across)), 0.3))
    inside = coverage[rows, columns]
    hides = bar > 0.5
    wild[rows, columns] |= hides
    inside[...] = np.where(hides, inside, np.clip(1 - (1 - inside) / (1 - np.minimum(bar, 0.5)), 0.0, 1.0))


def _drop_enclosed(coverage: Plane, rows: slice, columns: slice, level: float) -> None:
    """Take away ink that does not reach the edge of the box: letters that no trace touches."""
    inside = coverage[rows, columns]
    faint = (inside > 0.5 * level).astype(np.uint8)
    count, labels = cv2().connectedComponents(faint, connectivity=8)
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    enclosed = np.setdiff1d(np.arange(1, count), edge)
    inside[np.isin(labels, enclosed)] = 0.0
