"""Where time begins, and where one column of leads gives way to the next."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Array, Box
from splkit.ecg.paper.known import Fit
from splkit.ecg.paper.marks import Marks
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.pulse import Pulse
from splkit.ecg.paper.rows import Rows

GAP_MM: Final = 8.0
"""A row's trace is interrupted by no more, between columns."""
REACH_MM: Final = 15.0
"""The flat parts of a row lie so near to its level, where no neighbour is nearer."""


@dataclass(frozen=True)
class Extent:
    """Where a row's ink begins and ends, in pixels: the outer edges of its stroke."""

    left: float
    right: float
    pen: float
    """Width of the stroke."""


def row_extents(marks: Marks, rows: Rows) -> tuple[Extent, ...]:
    """The extent of each row, pulses included."""
    return tuple(_extent(marks, rows, *corridor(marks, rows, r)) for r in range(len(rows.levels)))


def corridor(marks: Marks, rows: Rows, row: int) -> tuple[int, int]:
    """First and last y (exclusive) of what is nearer to a row than to its neighbours, and within REACH_MM."""
    level, reach = float(rows.levels[row]), REACH_MM * marks.mm_y
    above, below = rows.levels[:row], rows.levels[row + 1 :]
    top = max(level - reach, (above[-1] + level) / 2 if len(above) else 0.0)
    bottom = min(level + reach, (below[0] + level) / 2 if len(below) else float(rows.flat.shape[0] - 1))
    return round(top), round(bottom) + 1


def _extent(marks: Marks, rows: Rows, top: int, bottom: int) -> Extent:
    occupied = rows.flat[top:bottom].max(axis=0)
    bridge = np.ones((1, 2 * round(GAP_MM / 2 * marks.mm_x) + 1), np.uint8)
    inked = rows.traces[None, top:bottom].max(axis=1)
    joined = cv2().morphologyEx(inked, cv2().MORPH_CLOSE, bridge)
    _, _, boxes, _ = cv2().connectedComponentsWithStats(joined, connectivity=8)
    longest = boxes[1:][boxes[1:, 2].argmax()]
    columns = np.flatnonzero(occupied[longest[0] : longest[0] + longest[2]]) + longest[0]
    band = marks.coverage[top:bottom]
    thick = band[:, columns].sum(axis=0)
    pen = float(np.percentile(thick, 25))
    left = _edge(marks, rows, int(columns[0]), top, bottom, -1)
    return Extent(left, _edge(marks, rows, int(columns[-1]), top, bottom, 1), pen)


def _edge(marks: Marks, rows: Rows, x: int, top: int, bottom: int, way: int) -> float:
    """x where the stroke that is flat at x ends, going left (-1) or right (1)."""
    w = marks.mask.shape[1]
    y = top + int(np.flatnonzero(rows.flat[top:bottom, x])[0])
    piece = marks.pieces[y, x]
    far = x
    while (
        0 <= far + way < w
        and abs(far + way - x) < 4 * marks.mm_x
        and (marks.pieces[top:bottom, far + way] == piece).any()
    ):
        far += way
    profile = marks.coverage[top:bottom].max(axis=0)
    whole = float(np.median(profile[max(0, min(x, far) - 8) : max(x, far) + 8]))
    inner = far
    while 0 < inner < w - 1 and profile[inner] < 0.95 * whole and abs(inner - far) < 4:
        inner -= way
    part = 0.0
    for i in range(inner + way, inner + 4 * way, way):
        if 0 <= i < w:
            part += min(1.0, float(profile[i]) / whole)
    return inner + way * (0.5 + part)


@dataclass(frozen=True)
class Columns:
    """Columns of equal width, in pixels."""

    left: float
    """x of the first sample of the first column."""
    pitch: float
    notes: tuple[str, ...]
    separators: tuple[Box, ...]


def separator_profile(marks: Marks, rows: Rows, count: int) -> Array:
    """Share of the height of the lead rows that ink fills, for each x: high along bars, dashes, dots."""
    levels = rows.levels[:count]
    reach = 3 * marks.mm_y
    keep = np.zeros(marks.mask.shape[0], bool)
    for level in levels:
        keep[max(0, round(level - reach)) : round(level + reach) + 1] = True
    return np.asarray(marks.coverage[keep].mean(axis=0), np.float64)


@dataclass(frozen=True)
class Separators:
    """Bars, dashes or dots between columns."""

    first: float
    """x of where one would stand before the first column, in pixels."""
    boxes: tuple[Box, ...]


def find_separators(marks: Marks, rows: Rows, fit: Fit, pitch: float) -> Separators | None:
    """The separators; None where there are none.

    Every boundary between columns has one, at the same distance from the next: beats do not do that.
    """
    count = len(fit.known.columns)
    if count < 2:
        return None
    profile = separator_profile(marks, rows, fit.known.rows)
    low, high = -9 * marks.mm_x, 5 * marks.mm_x
    offsets = np.arange(round(fit.first_x + low), round(fit.first_x + high))
    at = np.round(offsets[:, None] + np.arange(1, count) * pitch).astype(int)
    if at.min() < 2 or at.max() >= len(profile) - 2:
        return None
    near = cv2().dilate(profile[None].astype(np.float32), np.ones((1, 3), np.uint8))[0]
    common = near[at].min(axis=1)
    best = int(common.argmax())
    if common[best] < 0.3 or common[best] < 3 * np.median(near[at]):
        return None
    half = max(3, round(0.8 * marks.mm_x))
    spots = []
    boxes: list[Box] = []
    for k, spot in enumerate(at[best].tolist(), 1):
        x = max(half, min(spot, len(profile) - half - 1))
        # A bar is level across: the first look at it begins at its edge, the second at its middle.
        for _ in range(3):
            around = profile[x - half : x + half + 1]
            weight = np.clip(around - 0.5 * around.max(), 0, None)
            middle = x - half + float((weight * np.arange(len(weight))).sum() / weight.sum())
            x = max(half, min(round(middle), len(profile) - half - 1))
        spots.append(middle - k * pitch)
        boxes += _bar(marks, spots[-1] + k * pitch, around)
    return Separators(float(np.median(spots)), tuple(boxes))


def _bar(marks: Marks, x: float, around: Array) -> list[Box]:
    """Boxes of the ink of one separator, from what is upright about x."""
    wide = max(1.0, float((around > 0.5 * around.max()).sum())) / 2 + 1
    column = marks.coverage[:, round(x) - 1 : round(x) + 2].mean(axis=1) > 0.3
    edges = np.flatnonzero(np.diff(np.concatenate([[0], column.astype(np.int8), [0]])))
    runs = [(int(a), int(b)) for a, b in edges.reshape(-1, 2).tolist()]
    return [Box(x - wide, a - 1, x + wide, b) for a, b in runs if b - a >= 0.25 * marks.mm_y]


def find_columns(
    marks: Marks, rows: Rows, extents: tuple[Extent, ...], pulses: tuple[Pulse, ...], fit: Fit, nominal: float
) -> Columns:
    """Left end and pitch of the columns, from separators, the ends of the ink, and the labels' place.

    Args:
        nominal: width of a column as the scale has it, in pixels.
    """
    count = len(fit.known.columns)
    pen = float(np.median([e.pen for e in extents]))
    right = float(np.median([e.right for e in extents])) - pen / 2
    pulses_left = [p for p in pulses if p.right < fit.first_x + 0.2 * nominal]
    left = None if pulses_left else float(np.median([e.left for e in extents])) + pen / 2
    found = find_separators(marks, rows, fit, nominal)
    bars = None if found is None else found.first
    from_right = right - count * nominal
    notes: list[str] = []
    agreed = 0.8 * marks.mm_x
    if bars is not None:
        start = bars
        if abs(from_right - bars) > agreed and (left is None or abs(left - bars) > agreed):
            notes.append("time begins as the separators have it; the ink's ends do not confirm it")
    elif left is not None and abs(left - from_right) < agreed:
        # The last sample is one short of the end, so the beginning is the better of the two.
        start = left
    elif left is not None and abs(left - fit.first_x) < 12 * marks.mm_x:
        start = left
        notes.append("time begins where the ink begins: no separators, and the ink's end does not confirm it")
    else:
        start = from_right
        notes.append("time is counted back from where the ink ends: no separators were found")
    return Columns(start, nominal, tuple(notes), () if found is None else found.boxes)
