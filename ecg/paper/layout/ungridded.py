"""The scale of a copy that lost its grid: how its rows lie, how long they are, and how high their pulses.

Machines print 10 s at 25 mm/s or 5 s at 50 mm/s: rows of 250 mm. Nothing on the page confirms that, so what
is read by it is called assumed.
"""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Grid, Layout, Plane, Sheet
from splkit.ecg.paper.layout.gain import EXACT, PULSE_S, SPEEDS_MM_PER_S
from splkit.ecg.paper.layout.marks import Marks, find_marks
from splkit.ecg.paper.layout.pulse import GAINS_MM_PER_MV, Pulse, find_pulses
from splkit.ecg.paper.layout.roughline import with_beats
from splkit.ecg.paper.layout.rows import Rows, find_rows
from splkit.ecg.paper.layout.span import Span, corridor, pulses_at_ends, trace_span
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.sheet.size import shrunk

ROW_MM: Final = 250.0
PAPER_MM: Final = 280.0
"""Width of a page, for a first look: rows, a pulse, and margins."""
LOOKS: Final = 3
"""Each is at the scale that the one before found."""
SAME: Final = 0.003
"""Share by which two looks may differ in the end."""
LIKE, LIKE_DEG = 0.02, 0.3
"""Lines and rows have one scale and one slant if they differ by no more."""
AGREE: Final = 0.03
"""Share by which rows and pulses may differ: a pulse is known to a pixel."""
ENOUGH: Final = 3
"""So many pulses are no letters."""
GAP_MM: Final = (0.6, 4.0)
"""Width of a gap between columns."""
GAP_ROWS: Final = 0.45
"""Share of the rows that a gap goes through: strips have none."""
COLUMNS: Final = (2, 4, 5)
OF_COLUMN: Final = 0.05
"""A gap stands so near to where columns of one width meet, as a share of it."""
BINS_A_MM: Final = 4
SKEW_DEG: Final = 5.0
"""Paper is less askew in a copier or a fax."""
COARSE_DEG, FINE_DEG = 0.2, 0.02
PEAKED: Final = 1.5
"""Of the ink in a level line: a square would have one crease outweigh the traces."""
MOST_POINTS: Final = 200_000


def grid_by_rows(coverage: Plane) -> Grid | None:
    """Where the millimetres of a page without lines would lie; None where its rows do not tell.

    Args:
        coverage: (height, width), 0 to 1: the ink of the page, which has no perspective.
    """
    width = coverage.shape[1]
    turn = _turned(coverage)
    scale = np.full(2, width / PAPER_MM)
    for _ in range(LOOKS):
        sheet = _laid(coverage, turn, scale)
        found = _scale(sheet, scale)
        if found is None:
            return None
        scale, before = found, scale
        if np.abs(scale / before - 1).max() < SAME:
            break
    page_from_mm = turn @ np.diag([*scale, 1.0])
    return Grid(page_from_mm, float(scale[0]), float(scale[1]), residual_mm=0.0)


def is_like(lines: Grid, by_rows: Grid) -> bool:
    """Whether pieces of lines have the scale and the slant that rows have."""
    scales = (lines.px_per_mm_x / by_rows.px_per_mm_x, lines.px_per_mm_y / by_rows.px_per_mm_y)
    slants = [np.arctan2(each.page_from_mm[1, 0], each.page_from_mm[0, 0]) for each in (lines, by_rows)]
    same = max(abs(scale - 1) for scale in scales) < LIKE
    return bool(same and abs(slants[0] - slants[1]) < np.deg2rad(LIKE_DEG))


def as_assumed(layout: Layout, grid: Grid) -> Layout:
    """The layout of such a page: its scale is assumed, and no segment is called good."""
    note = (
        f"scale {grid.px_per_mm_x:.2f} by {grid.px_per_mm_y:.2f} px/mm assumed: no grid, and rows would be "
        f"{ROW_MM:g} mm long"
    )
    return replace(layout, notes=(*layout.notes, note), assumed=(*layout.assumed, note), time_agreed=False)


def _turned(coverage: Plane) -> Array:
    """(3, 3) from pixels of the page set upright to those of the page: there flat traces are level.

    Where traces wander, pulses and flanks tell, which stand upright.
    """
    height, width = coverage.shape
    scale = width / PAPER_MM
    y, x = np.nonzero(find_marks(Sheet(coverage, scale, scale, np.eye(3))).mask)
    if not len(x):
        return np.eye(3)
    some = slice(None, None, max(1, len(x) // MOST_POINTS))
    # Whole pixels fall into bins unevenly.
    jitter = np.random.default_rng(0).uniform(-0.5, 0.5, (2, len(x[some])))
    x, y = x[some] - width / 2 + jitter[0], y[some] - height / 2 + jitter[1]
    bin_px = max(1.0, scale / BINS_A_MM)

    def peaked(degrees: float) -> float:
        """How far ink lies in few level lines, and in few upright ones."""
        slope = np.tan(np.deg2rad(degrees))
        lines = (np.round(at / bin_px).astype(int) for at in (y - x * slope, x + y * slope))
        return float(np.prod([np.sum(np.bincount(each - each.min()) ** PEAKED) for each in lines]))

    best = max(np.arange(-SKEW_DEG, SKEW_DEG + 1e-9, COARSE_DEG), key=peaked)
    best = max(best + np.arange(-COARSE_DEG, COARSE_DEG + 1e-9, FINE_DEG), key=peaked)
    turn = cv2().getRotationMatrix2D((width / 2, height / 2), -float(best), 1.0)
    return np.vstack([turn, [0.0, 0.0, 1.0]])


def _laid(coverage: Plane, turn: Array, scale: Array) -> Sheet:
    """The page set upright, to the scale of sheets."""
    flags = cv2().INTER_LINEAR | cv2().WARP_INVERSE_MAP
    upright = cv2().warpPerspective(coverage, turn, coverage.shape[::-1], flags=flags)
    return shrunk(Sheet(np.asarray(upright, np.float32), float(scale[0]), float(scale[1]), turn))


def _scale(sheet: Sheet, scale: Array) -> Array | None:
    """(2,) px/mm of the page along x and along y by the rows of the sheet."""
    marks = find_marks(sheet)
    rows = with_beats(marks, find_rows(marks))
    if len(rows.levels) < 2:
        return None
    pulses = pulses_at_ends(marks, rows, find_pulses(marks, rows))
    span = trace_span(marks, rows, pulses)
    long_mm = (span.right - span.left - _gaps_px(marks, rows, span)) / marks.mm_x
    wide = _pulse_wide(pulses, marks)
    # Where beats or words begin or end rows, pulses tell better.
    per_mm = long_mm / ROW_MM if wide is None or abs(long_mm / ROW_MM / wide - 1) < AGREE else wide
    along_x = scale[0] * per_mm
    # Copiers keep a square square; where there is a pulse it tells how far they do.
    high = _gain_high(pulses, marks, along_x / scale[1])
    return np.array([along_x, along_x if high is None else scale[1] * high])


def _pulse_wide(pulses: tuple[Pulse, ...], marks: Marks) -> float | None:
    """How many times its millimetres the page is wide, where enough pulses are."""
    if len(pulses) < ENOUGH:
        return None
    wide_mm = float(np.median([p.right - p.left for p in pulses])) / marks.mm_x
    return wide_mm / min(
        (PULSE_S * speed for speed in SPEEDS_MM_PER_S), key=lambda mm: abs(np.log(wide_mm / mm))
    )


def _gain_high(pulses: tuple[Pulse, ...], marks: Marks, per_mm: float) -> float | None:
    """How many times its millimetres the page is high, where pulses have a known height about `per_mm`."""
    heights = [(p.foot - p.top) / marks.mm_y for p in pulses]
    told = []
    for height in heights:
        gain = min(GAINS_MM_PER_MV, key=lambda each: abs(np.log(height / per_mm / each)))
        if abs(height / per_mm / gain - 1) < EXACT:
            told.append(height / gain)
    return float(np.median(told)) if 2 * len(told) > len(heights) else None


def _gaps_px(marks: Marks, rows: Rows, span: Span) -> float:
    """Length of all gaps between columns that are equally wide."""
    left, right = round(span.left), round(span.right)
    bands = [corridor(marks, rows, r) for r in range(len(rows.levels))]
    bare = np.mean([rows.traces[top:bottom, left:right].max(axis=0) == 0 for top, bottom in bands], axis=0)
    runs = _runs(bare >= GAP_ROWS)
    wide = [run for run in runs if GAP_MM[0] <= (run[1] - run[0]) / marks.mm_x <= GAP_MM[1]]
    best: list[int] = []
    for count in COLUMNS:
        pitch = (right - left) / count
        found = []
        for k in range(1, count):
            near = [b - a for a, b in wide if abs((a + b) / 2 - k * pitch) < OF_COLUMN * pitch]
            found += near[:1]
        if len(found) == count - 1 and len(found) > len(best):
            best = found
    # Ink ends half a pen's width behind where the pen does.
    return float(np.sum(best)) + len(best) * span.pen


def _runs(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
