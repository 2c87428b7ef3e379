"""All steps from a page to its leads in mV; docs/paper.md lists them."""

from dataclasses import replace

import numpy as np

from splkit.ecg.paper.contracts import Digitized, Hints, Page
from splkit.ecg.paper.layout.turn import upright_layout
from splkit.ecg.paper.pages.corners import cut_out
from splkit.ecg.paper.sheet.grid import find_grid
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.ecg.paper.sheet.warp import straighten
from splkit.ecg.paper.trace.exact import as_drawn
from splkit.ecg.paper.trace.follow import follow
from splkit.ecg.paper.trace.origin import on_time
from splkit.ecg.paper.trace.quality import judge
from splkit.ecg.paper.trace.refine import refine
from splkit.ecg.paper.trace.segments import to_segments

NO_HINTS = Hints()


def digitize(page: Page, hints: Hints = NO_HINTS) -> Digitized:
    """Reads a page.

    Args:
        page: of `load_pages`.
        hints: what a person states of it.

    Raises:
        RecordingError: a step cannot do its part; says which, where and the number.
    """
    paper, page_from_paper = cut_out(page, hints.corners) if hints.corners else (page, np.eye(3))
    ink = find_ink(paper)
    grid = find_grid(paper, ink, hints)
    straight = straighten(paper, ink, grid)
    del ink  # two planes of the page, which may be far larger than the sheet
    sheet, layout = upright_layout(straight, hints)
    del straight
    strokes, pen = refine(sheet, layout, follow(sheet, layout))
    layout, strokes = on_time(sheet, layout, strokes, pen)
    page_from_sheet = page_from_paper @ sheet.page_from_sheet
    segments = to_segments(sheet, layout, strokes)
    strokes, segments, notes = as_drawn(sheet, page_from_sheet, page.lines, strokes, segments)
    judged = judge(sheet, layout, strokes, segments)
    on_page = replace(grid, page_from_mm=page_from_paper @ grid.page_from_mm)
    return Digitized(page, on_page, layout, strokes, page_from_sheet, judged, notes)
