"""Traces that a PDF draws itself take the place of those that were read from its picture."""

from dataclasses import replace

import numpy as np

from splkit.ecg.paper.contracts import Array, Panel, Segment, Sheet, Stroke
from splkit.ecg.paper.sheet.homography import apply
from splkit.ecg.paper.trace.segments import signal_mv

SAME_MM = 0.3
"""A line is the trace of a panel if half of the trace lies within the width of a pen of it."""
SPANNED = 0.9
"""Share of the panel's width that the line spans at least."""
BEGUN_MM = 1.0
"""A line that begins so near to the panel's edge begins where the panel does."""
MAX_BACK_MM = 0.05
"""A trace runs to the right; steps back are rounding at most."""


def as_drawn(
    sheet: Sheet,
    page_from_sheet: Array,
    lines: tuple[Array, ...],
    strokes: tuple[Stroke, ...],
    segments: tuple[Segment, ...],
) -> tuple[tuple[Stroke, ...], tuple[Segment, ...], tuple[str, ...]]:
    """Strokes and segments with the drawn line's numbers wherever there is one, and a note of how many.

    The picture decides which line belongs to which lead, so that both must agree. A panel whose trace no line
    follows keeps what was read from the picture.

    Args:
        sheet: on which the strokes lie.
        page_from_sheet: to the pixels in which `lines` are given.
        lines: `Page.lines`.
        strokes: refined, by the order of the panels.
        segments: made of them.
    """
    sheet_from_page = np.linalg.inv(page_from_sheet)
    laid = [apply(sheet_from_page, line) for line in lines]
    runs = [line for line in laid if np.diff(line[:, 0]).min() > -MAX_BACK_MM * sheet.px_per_mm_x]
    exact = [_exact(sheet, stroke, segment, runs) for stroke, segment in zip(strokes, segments, strict=True)]
    taken = sum(new is not old for (new, _), old in zip(exact, strokes, strict=True))
    notes = (f"{taken} of {len(strokes)} traces are lines that the PDF draws itself",) if taken else ()
    return tuple(stroke for stroke, _ in exact), tuple(segment for _, segment in exact), notes


def _exact(sheet: Sheet, stroke: Stroke, segment: Segment, lines: list[Array]) -> tuple[Stroke, Segment]:
    line = _line_of(sheet, stroke, lines)
    if line is None:
        return stroke, segment
    panel = _begun(sheet, stroke.panel, line)
    x, y = line[:, 0], line[:, 1]
    inside = (stroke.x >= x[0]) & (stroke.x <= x[-1])
    level = np.where(inside, np.interp(stroke.x, x, y), stroke.y)
    drawn = replace(stroke, panel=panel, y=level, seen=stroke.seen | inside)
    signal, _ = signal_mv(sheet, replace(drawn, x=x, y=y, seen=np.ones(len(x), dtype=bool)))
    at = panel.left + np.arange(len(signal)) * (panel.right - panel.left) / max(len(signal), 1)
    known = (at >= x[0]) & (at <= x[-1])
    return drawn, replace(segment, signal_mv=np.where(known, signal, segment.signal_mv))


def _begun(sheet: Sheet, panel: Panel, line: Array) -> Panel:
    """The panel, moved to where the line begins if that is near: its width is a round time anyway."""
    shift = float(line[0, 0]) - panel.left
    if abs(shift) > BEGUN_MM * sheet.px_per_mm_x:
        return panel
    return replace(panel, left=panel.left + shift, right=panel.right + shift)


def _line_of(sheet: Sheet, stroke: Stroke, lines: list[Array]) -> Array | None:
    """The whole line that lies on a stroke; None where none does, or two do."""
    seen = stroke.seen & np.isfinite(stroke.y)
    left, right = stroke.panel.left, stroke.panel.right
    found = []
    for line in lines:
        spanned = min(line[-1, 0], right) - max(line[0, 0], left)
        if not np.any(seen) or spanned < SPANNED * (right - left):
            continue
        away = np.abs(np.interp(stroke.x[seen], line[:, 0], line[:, 1]) - stroke.y[seen])
        if np.median(away) < SAME_MM * sheet.px_per_mm_y:
            found.append(line)
    return found[0] if len(found) == 1 else None
