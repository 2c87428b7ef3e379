"""Where the ink of each row begins and ends, and what of it is trace, not pulse."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.pulse import Pulse
from splkit.ecg.paper.layout.rows import Rows
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.sheet.thickness import stroke_px

GAP_MM: Final = 8.0
"""A row's trace is interrupted by no more, between columns."""
PART_MM, PART = 6.0, 0.1
"""Where noise or hum breaks a trace, its other parts are as long, and this share of the longest."""
REACH_MM: Final = 15.0
"""The flat parts of a row lie so near to its level, where no neighbour is nearer."""
FOOT_MM: Final = 6.0
"""A pulse begins at most so far behind its foot's beginning."""
FOOT_OFF_MM, HOLE_MM = 0.5, 0.3
"""The ink of a foot lies so near to its level, and is interrupted by no more."""
PULSES_ALIKE: Final = 0.25
"""Pulses of one page last equally long: their widths differ by no more than this share."""
AFTER_PULSE_MM: Final = 6.0
"""The trace begins at most so far behind the pulse."""
AGREED_MM: Final = 0.8
"""Rows begin and end together to so much; two ways to the same place agree to the same."""
SOFT_PX: Final = 3
"""The soft end of a stroke is no longer,"""
SOFT_REACH_PX: Final = 8
"""and so far about it tells how dark the stroke is."""


@dataclass(frozen=True)
class Span:
    """x of the traces, in pixels, as the middle of a round pen has it."""

    left: float
    right: float
    left_seen: bool
    """Whether the ink shows it; otherwise the pulse's foot is taken to be as long on both of its sides."""
    right_seen: bool
    rows_right: Array
    """(rows,): where each row's ink ends, pulses on the right taken away."""
    pen: float
    """Width of the stroke."""
    slack: float = np.inf
    """Rows end together to so much, in pixels."""
    left_shared: bool = True
    """Whether most of the rows begin there: a stamp may have others begin too early."""
    right_shared: bool = True

    def of_leads(self, rows: int) -> "Span":
        """The span of the first rows, which hold the leads: strips may be shorter, as they have no gaps."""
        right, shared = shared_end(self.rows_right[:rows], self.slack, 1)
        return replace(self, right=right, right_shared=shared)


def shared_end(ends: Array, slack: float, way: int) -> tuple[float, bool]:
    """Where rows end, going left (-1) or right (1), and whether over half of them do.

    Their median; or, where few end near that, the place where most do. Stamps and words of a person only add
    ink, so of two places that as many rows have it is the inner one.
    """
    middle = float(np.median(ends))
    if 2 * np.count_nonzero(np.abs(ends - middle) <= slack) > len(ends):
        return middle, True
    near = np.abs(ends[:, None] - ends) <= slack
    most = near.sum(axis=1)
    inner = min(np.flatnonzero(most == most.max()), key=lambda row: way * ends[row])
    return float(np.median(ends[near[inner]])), bool(2 * most.max() > len(ends))


def corridor(marks: Marks, rows: Rows, row: int) -> tuple[int, int]:
    """First and last y (exclusive) of what is nearer to a row than to its neighbours, and within REACH_MM."""
    level, reach = float(rows.levels[row]), REACH_MM * marks.mm_y
    above, below = rows.levels[:row], rows.levels[row + 1 :]
    top = max(level - reach, (above[-1] + level) / 2 if len(above) else 0.0)
    bottom = min(level + reach, (below[0] + level) / 2 if len(below) else float(rows.flat.shape[0] - 1))
    return max(0, round(top)), round(bottom) + 1


def pulses_at_ends(marks: Marks, rows: Rows, pulses: tuple[Pulse, ...]) -> tuple[Pulse, ...]:
    """The pulses that stand where the ink of the rows begins or ends, and are as wide as most of those.

    Within it a beat may look like one, and beside it a letter that a person wrote.
    """
    if not pulses:
        return ()
    ends = np.array([_ink(marks, rows, *corridor(marks, rows, r))[:2] for r in range(len(rows.levels))])
    foot = FOOT_MM * marks.mm_x
    usual = np.median(ends, axis=0)
    lefts, rights = np.maximum(ends[:, 0], usual[0]) + foot, np.minimum(ends[:, 1], usual[1]) - foot
    outer = tuple(p for p in pulses if p.left < lefts[p.row] or p.right > rights[p.row])
    if len(outer) < 3:
        return outer
    wide = float(np.median([p.right - p.left for p in outer]))
    return tuple(p for p in outer if abs(p.right - p.left - wide) <= PULSES_ALIKE * wide)


def trace_span(marks: Marks, rows: Rows, pulses: tuple[Pulse, ...]) -> Span:
    """The span that all rows share."""
    ends = np.array([_ink(marks, rows, *corridor(marks, rows, r)) for r in range(len(rows.levels))])
    pen = float(np.median(ends[:, 2]))
    slack = AGREED_MM * marks.mm_x
    left, left_shared = shared_end(ends[:, 0] + pen / 2, slack, -1)
    right, right_shared = shared_end(ends[:, 1] - pen / 2, slack, 1)
    rows_right = ends[:, 1] - pen / 2
    middle = (left + right) / 2
    on_left = [p for p in pulses if p.right < middle]
    on_right = [p for p in pulses if p.left > middle]
    left_seen = right_seen = True
    if on_left:
        last = float(np.median([p.right for p in on_left]))
        seen = _after(marks, rows, on_left, 1)
        left_seen = seen is not None
        left = last + _foot(marks, on_left, -1, pen) if seen is None else seen + pen / 2
        left_shared = True
    if on_right:
        first = float(np.median([p.left for p in on_right]))
        seen = _after(marks, rows, on_right, -1)
        right_seen = seen is not None
        right = first - _foot(marks, on_right, 1, pen) if seen is None else seen - pen / 2
        before = first - right
        own = {p.row: p.left - before for p in on_right}
        # Strips may end elsewhere than the columns, which have gaps.
        rows_right = np.array([own.get(r, right) for r in range(len(ends))])
        right_shared = True
    return Span(left, right, left_seen, right_seen, rows_right, pen, slack, left_shared, right_shared)


def has_traces(marks: Marks, rows: Rows) -> bool:
    """Whether each row has a trace that is flat somewhere."""
    return all(len(_flat_columns(marks, rows, *corridor(marks, rows, r))) for r in range(len(rows.levels)))


def _flat_columns(marks: Marks, rows: Rows, top: int, bottom: int) -> npt.NDArray[np.int64]:
    """x where the trace of a row is flat, from the first to the last of its long parts."""
    inked = rows.traces[None, top:bottom].max(axis=1)
    bridge = np.ones((1, 2 * round(GAP_MM / 2 * marks.mm_x) + 1), np.uint8)
    joined = cv2().morphologyEx(inked, cv2().MORPH_CLOSE, bridge)
    _, _, boxes, _ = cv2().connectedComponentsWithStats(joined, connectivity=8)
    if len(boxes) < 2:
        return np.zeros(0, np.int64)
    wide = boxes[1:, 2]
    long = max(min(PART_MM * marks.mm_x, wide.max()), PART * wide.max())
    parts = boxes[1:][wide >= long]
    left, right = int(parts[:, 0].min()), int((parts[:, 0] + parts[:, 2]).max())
    occupied = rows.flat[top:bottom, left:right].max(axis=0)
    return np.flatnonzero(occupied) + left


def _ink(marks: Marks, rows: Rows, top: int, bottom: int) -> tuple[float, float, float]:
    """Outer edges of a row's stroke and its width."""
    columns = _flat_columns(marks, rows, top, bottom)
    band = np.where(rows.traces[top:bottom] > 0, marks.coverage[top:bottom], 0)
    pen = stroke_px(band) or float(np.percentile(band[:, columns].sum(axis=0), 25))
    left = _edge(marks, rows, int(columns[0]), top, bottom, -1)
    return left, _edge(marks, rows, int(columns[-1]), top, bottom, 1), pen


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
    return soft_edge(_beside(marks, piece, far, top, bottom), far, way)


def _beside(marks: Marks, piece: int, x: int, top: int, bottom: int) -> Array:
    """For each x near the end of a piece the darkest of it and its soft edge: no grid that is left there."""
    low, high = max(0, x - SOFT_REACH_PX), x + SOFT_REACH_PX + 1
    own = (marks.pieces[top:bottom, low:high] == piece).astype(np.uint8)
    own = cv2().dilate(own, np.ones((3, 2 * SOFT_PX + 1), np.uint8))
    profile = np.zeros(marks.mask.shape[1])
    profile[low:high] = np.where(own > 0, marks.coverage[top:bottom, low:high], 0).max(axis=0)
    return profile


def soft_edge(profile: Array, x: int, way: int) -> float:
    """Where a plateau about x ends, going left (-1) or right (1), by what its last pixels hold."""
    w = len(profile)
    around = profile[max(0, x - SOFT_REACH_PX) : x + SOFT_REACH_PX + 1]
    whole = float(np.median(around[around > 0.25]))
    inner = x
    while 0 < inner < w - 1 and profile[inner] < 0.95 * whole and abs(inner - x) < 4:
        inner -= way
    outer = [i for i in range(inner + way, inner + (1 + SOFT_PX) * way, way) if 0 <= i < w]
    part = sum(min(1.0, float(profile[i]) / whole) for i in outer)
    return inner + way * (0.5 + part)


def _foot(marks: Marks, pulses: list[Pulse], way: int, pen: float) -> float:
    """How far the feet of pulses go on to the left (-1) or right (1), to the middle of a round pen's end."""
    found = []
    for pulse in pulses:
        top, bottom = (round(pulse.foot + mm * marks.mm_y) for mm in (-FOOT_OFF_MM, FOOT_OFF_MM))
        profile = marks.coverage[max(0, top) : bottom + 1].max(axis=0)
        start = round(pulse.left if way < 0 else pulse.right) + way * (round(pen / 2) + 1)
        far = inked = start
        while 0 <= far < len(profile) and abs(far - inked) <= HOLE_MM * marks.mm_x:
            inked = far if profile[far] > 0.5 else inked
            far += way
        edge = soft_edge(profile, inked, way)
        found.append(abs(edge - (pulse.left if way < 0 else pulse.right)) - pen / 2)
    return float(np.median(found))


def _after(marks: Marks, rows: Rows, pulses: list[Pulse], way: int) -> float | None:
    """The edge of the trace beyond a gap behind the pulses; None where pulse and trace are one line."""
    found = []
    for pulse in pulses:
        top, bottom = corridor(marks, rows, pulse.row)
        profile = marks.coverage[top:bottom].max(axis=0)
        start = round(pulse.right if way > 0 else pulse.left) + way * max(2, round(0.5 * marks.mm_x))
        xs = np.arange(start, start + way * round(AFTER_PULSE_MM * marks.mm_x), way)
        xs = xs[(xs >= 0) & (xs < len(profile))]
        empty = np.flatnonzero(profile[xs] < 0.15)
        if not len(empty):
            continue
        later = np.flatnonzero(profile[xs[empty[0]] :: way] > 0.5)
        if len(later):
            found.append(soft_edge(profile, int(xs[empty[0]] + way * later[0]), -way))
    return float(np.median(found)) if 2 * len(found) > len(pulses) else None
