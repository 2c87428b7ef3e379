"""Where time begins, by the ends of the ink: columns that lie beside their time are moved there."""

from dataclasses import replace

import numpy as np
import pytest
from support.drawn_trace import PX_PER_MM, SECONDS, beats, drawn_rows, sheet_of

from splkit.ecg.paper.contracts import Box, Grid, Layout, Sheet
from splkit.ecg.paper.trace.follow import follow
from splkit.ecg.paper.trace.origin import _to_line_px, on_time
from splkit.ecg.paper.trace.refine import refine

ROWS = ("I", "II", "III", "aVR")
PX_PER_S = 25 * PX_PER_MM
TRUE_LEFT = 40.0


def page(step: int = 1, blur_px: float = 0.3) -> tuple[Sheet, Layout]:
    """Four rows of one lead, of which every `step`th sample at 500 Hz is drawn."""
    signal = beats()
    at = np.arange(0, len(signal), step)
    drawn = np.interp(np.arange(at[-1] + 1), at, signal[at])
    canvas, layout = drawn_rows(520, *((lead, 100.0 + 110 * k, drawn) for k, lead in enumerate(ROWS)))
    return sheet_of(canvas, blur_px), layout


def moved(layout: Layout, by_px: float) -> Layout:
    panels = tuple(replace(each, left=each.left + by_px, right=each.right + by_px) for each in layout.panels)
    return replace(layout, panels=panels)


def left_found(sheet: Sheet, layout: Layout) -> float:
    strokes, pen = refine(sheet, layout, follow(sheet, layout))
    found, timed = on_time(sheet, layout, strokes, pen)
    assert tuple(stroke.panel for stroke in timed) == found.panels
    lefts = {panel.left for panel in found.panels}
    assert len(lefts) == 1
    assert [panel.right - panel.left for panel in found.panels] == pytest.approx([SECONDS * PX_PER_S] * 4)
    return lefts.pop()


@pytest.mark.parametrize("by_px", [-0.4, 0.0, 0.45])
def test_columns_begin_where_the_first_strokes_do(by_px: float) -> None:
    """0.4 px are 2 ms: bars stand at whole pixels. These lines end round, and seem 0.16 px shorter."""
    sheet, layout = page()
    assert left_found(sheet, moved(layout, by_px)) == pytest.approx(TRUE_LEFT, abs=0.2)


@pytest.mark.parametrize("step", [1, 5])
def test_columns_end_a_sample_behind_the_last_strokes_where_pulses_hide_the_first(step: int) -> None:
    """The last sample is drawn 2 ms before the end of its column, of a record at 100 Hz 10 ms."""
    sheet, layout = page(step)
    pulses = tuple(Box(20.0, p.baseline - 80, 39.0, p.baseline) for p in layout.panels)
    found = left_found(sheet, replace(moved(layout, -0.6), clutter=pulses))
    assert found == pytest.approx(TRUE_LEFT, abs=0.25)


@pytest.mark.parametrize("spoil", ["far", "blurred", "uneven", "bar"])
def test_nothing_is_moved_where_the_ends_do_not_tell(spoil: str) -> None:
    """Columns that are far beside the ink; ends that fade; rows that begin apart; bars over both ends."""
    sheet, layout = page()
    given = moved(layout, 3.0 if spoil == "far" else 0.4)
    if spoil == "blurred":
        sheet.coverage[:, 30:50] *= np.linspace(0.2, 1.0, 20, dtype=np.float32)
        sheet.coverage[:, 525:545] *= np.linspace(1.0, 0.2, 20, dtype=np.float32)
    if spoil == "uneven":
        for row, (begin, end) in enumerate(((40, 538), (41, 537), (42, 536), (43, 535))):
            band = slice(50 + 110 * row, 150 + 110 * row)
            sheet.coverage[band, :begin] = 0.0
            sheet.coverage[band, end:] = 0.0
    if spoil == "bar":
        sheet.coverage[:, 34:38] = 1.0
        sheet.coverage[:, 541:546] = 1.0
    assert left_found(sheet, given) == given.panels[0].left


@pytest.mark.parametrize("early_px", [0.0, -0.5])
@pytest.mark.parametrize(("off_px", "at_line"), [(0.2, True), (-0.2, True), (1.2, False), (-1.2, False)])
def test_a_tracing_that_nearly_begins_at_a_line_begins_there(
    early_px: float, off_px: float, at_line: bool
) -> None:
    """A page of 6 px/mm, laid out at 8 px/mm; its lines at whole pixels may lie half a pixel late."""
    sheet, layout = page()
    scale = PX_PER_MM / 6
    line = 25.0 * PX_PER_MM
    given = moved(layout, line + (early_px + off_px) * scale - TRUE_LEFT)
    on_page = replace(sheet, page_from_sheet=np.diag([1 / scale, 1 / scale, 1.0]))
    grid = Grid(np.diag([6.0, 6.0, 1.0]), 6.0, 6.0, 0.0)
    found = given.panels[0].left + _to_line_px(on_page, given, grid)
    assert found == pytest.approx(line + early_px * scale if at_line else given.panels[0].left)
