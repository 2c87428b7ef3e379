"""find_layout on sheets drawn here: rows, columns, pulses and scale."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from support.drawn_sheet import (
    COLUMN_MM,
    FIRST_ROW_MM,
    LEFT_MM,
    MM,
    ROW_MM,
    beats,
    draw,
    sheet,
    strip_of_ii,
)

from splkit.ecg.paper.contracts import Hints, Layout, Sheet
from splkit.ecg.paper.layout.columns import _between_gaps, find_columns
from splkit.ecg.paper.layout.known import CHEST, KNOWN, LIMB, Fit
from splkit.ecg.paper.layout.layout import find_layout
from splkit.ecg.paper.layout.marks import find_marks
from splkit.ecg.paper.layout.rows import find_rows
from splkit.ecg.paper.layout.span import Span, _flat_columns, corridor, shared_end, trace_span
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.style import Pulse, Style
from splkit.errors import RecordingError, UsageError


def test_three_by_four(plain_layout: Layout) -> None:
    layout = plain_layout
    assert layout.name == "3x4+1"
    where = {(p.lead, p.is_rhythm): p for p in layout.panels}
    assert len(where) == 13
    for i, lead in enumerate(LIMB + CHEST):
        panel = where[lead, False]
        assert panel.left == pytest.approx((LEFT_MM + i // 3 * COLUMN_MM) * MM, abs=0.6)
        assert panel.right - panel.left == pytest.approx(COLUMN_MM * MM, abs=0.1)
        assert panel.start_s == pytest.approx(2.5 * (i // 3))
        assert panel.baseline == pytest.approx((FIRST_ROW_MM + i % 3 * ROW_MM) * MM, abs=MM)
    strip = where["II", True]
    assert strip.right - strip.left == pytest.approx(250 * MM, abs=0.4)
    assert {(p.mm_per_s, p.mm_per_mv) for p in layout.panels} == {(25.0, 10.0)}


def test_columns_that_begin_together() -> None:
    layout = find_layout(sheet(draw(together=True)))
    assert {p.start_s for p in layout.panels} == {0.0}
    assert "columns begin together" in " ".join(layout.notes)


def test_gain_is_that_of_the_pulse() -> None:
    assert {p.mm_per_mv for p in find_layout(sheet(draw(pulse_mm=5.0))).panels} == {5.0}


def test_a_scale_that_nothing_tells_is_assumed_and_says_so(plain_layout: Layout) -> None:
    assert plain_layout.assumed == ()
    bare = sheet(draw(pulse_mm=0))
    gain, speed = find_layout(bare).assumed
    assert gain.startswith("gain 10 mm/mV assumed") and speed.startswith("speed 25 mm/s assumed")
    stated = find_layout(bare, Hints(mm_per_mv=5, mm_per_s=25))
    assert stated.assumed == () and {p.mm_per_mv for p in stated.panels} == {5.0}


def test_pulse_of_no_known_gain_is_refused() -> None:
    with pytest.raises(RecordingError, match=r"pulse of 1 mV.*7\.\d mm"):
        find_layout(sheet(draw(pulse_mm=7.3)))


def test_number_of_rows_that_no_layout_has() -> None:
    with pytest.raises(RecordingError, match=r"found 2 rows at y = 9\d, 21\d px"):
        find_layout(sheet(draw(rows=2, strips=0)))


def test_gain_stated_against_the_pulse() -> None:
    with pytest.raises(RecordingError, match=r"gain 10 mm/mV contradicts the pulse of 0\.5 mV"):
        find_layout(sheet(draw(pulse_mm=5.0)), Hints(mm_per_mv=10.0))


def test_blank_sheet() -> None:
    with pytest.raises(RecordingError, match="no trace"):
        find_layout(sheet(np.zeros((600, 900), np.float32)))


def test_layout_that_is_stated_and_not_there() -> None:
    with pytest.raises(UsageError, match=r"--layout 3x4\+2 .* found 4 rows at y = "):
        find_layout(sheet(draw()), Hints(layout="3x4+2"))


def test_edge_of_the_paper_is_no_strip() -> None:
    clean, _ = strip_of_ii()
    edge = clean.coverage.copy()
    edge[-3 * round(MM) : -3 * round(MM) + 2] = 1
    x = np.arange(edge.shape[1])
    edge[(edge.shape[0] - 3 * MM + 1.5 * np.sin(x / 300)).astype(int), x] = 1
    assert find_layout(replace(clean, coverage=edge)).name == "3x4+1"


def test_strips_end_at_their_own_pulses() -> None:
    """Columns have gaps, strips have none: both show 10 s."""
    sheet_, page = strip_of_ii(separator="gaps", pulse="right")
    found = {(p.lead, p.is_rhythm): p for p in find_layout(sheet_).panels}
    for trace in page.traces:
        panel = found[trace.panel.lead, trace.panel.is_rhythm]
        assert (panel.left, panel.right) == pytest.approx((trace.panel.left, trace.panel.right), abs=0.3 * MM)


def test_strip_of_which_a_part_is_lost_goes_on_behind_it() -> None:
    clean, page = strip_of_ii(separator="bars")
    holed = clean.coverage.copy()
    strip = next(trace.panel for trace in page.traces if trace.panel.is_rhythm)
    begin = round(strip.left + 0.6 * (strip.right - strip.left))
    y = round(strip.baseline)
    holed[y - round(16 * MM) : y + round(12 * MM), begin : begin + round(14 * MM)] = 0
    found = next(p for p in find_layout(replace(clean, coverage=holed)).panels if p.is_rhythm)
    assert found.right == pytest.approx(strip.right, abs=0.3 * MM)


def test_gap_that_handwriting_fills_is_where_the_others_say() -> None:
    sheet_, page = strip_of_ii(separator="gaps")
    filled = sheet_.coverage.copy()
    v2 = page.traces[[t.panel.lead for t in page.traces].index("V2")].panel
    for row in (0, 1):
        y = round(v2.baseline) - row * round(32 * MM)
        filled[y - 2 : y + 2, round(v2.left - 4 * MM) : round(v2.left + 4 * MM)] = 1
    panels = {p.lead: p for p in find_layout(replace(sheet_, coverage=filled)).panels if not p.is_rhythm}
    assert panels["V2"].left == pytest.approx(v2.left, abs=0.3 * MM)


def test_beats_at_one_place_of_all_rows_are_no_separator() -> None:
    """Six leads beat together 4 mm before the second column begins: as one dashed line would stand."""
    clean, page = strip_of_ii(layout="6x2", rhythm=(), separator="none", pulse="both")
    beats_ = clean.coverage.copy()
    v1 = page.traces[[t.panel.lead for t in page.traces].index("V1")].panel
    x = round(v1.left - 4 * MM)
    for trace in page.traces:
        if trace.panel.lead.startswith("V"):
            y = round(trace.panel.baseline)
            beats_[y - round(10 * MM) : y + round(8 * MM), x - 1 : x + 1] = 1
    panels = {p.lead: p for p in find_layout(replace(clean, coverage=beats_)).panels}
    assert panels["V1"].left == pytest.approx(v1.left, abs=0.5 * MM)


def test_rectangle_within_a_trace_is_no_pulse() -> None:
    """A paced beat, or handwriting: only at the ends of the rows do machines draw the pulse."""
    canvas = (draw(pulse_mm=0) * 255).astype(np.uint8)
    corners = np.array([(0, 0), (0, 5.0), (5, 5.0), (5, 0)]) * [1, -1] + [LEFT_MM + 110.5, FIRST_ROW_MM - 0.3]
    canvas[:, round((LEFT_MM + 110.8) * MM) : round((LEFT_MM + 115.2) * MM)][
        round((FIRST_ROW_MM - 9) * MM) : round((FIRST_ROW_MM - 1) * MM)
    ] = 0
    cv2.polylines(canvas, [np.round(corners * MM).astype(np.int32)], False, 255, 2)
    layout = find_layout(sheet(canvas.astype(np.float32) / 255))
    assert {p.mm_per_mv for p in layout.panels} == {10.0}
    assert any(each.startswith("gain 10 mm/mV assumed") for each in layout.assumed)


def test_letter_at_the_end_of_a_row_is_no_pulse() -> None:
    """A person's n that touches a trace, 3 mm wide and 5 mm high; pulses are 5 mm wide and 10 mm high."""
    canvas = (draw() * 255).astype(np.uint8)
    corners = np.array([(-1.5, 0), (0, 0), (0, 5.0), (3, 5.0), (3, 0)]) * [1, -1]
    at = np.array([LEFT_MM + 4 * COLUMN_MM + 1, FIRST_ROW_MM])
    cv2.polylines(canvas, [np.round((corners + at) * MM).astype(np.int32)], False, 255, 2)
    layout = find_layout(sheet(canvas.astype(np.float32) / 255))
    assert {p.mm_per_mv for p in layout.panels} == {10.0}


@pytest.mark.parametrize(("late_mm", "agrees"), [((0.6, 0.3, 0.2), True), ((1.4, 1.3, 1.2), False)])
def test_columns_that_begin_within_a_beat_are_timed_by_their_ends_too(
    late_mm: tuple[float, ...], agrees: bool
) -> None:
    """Gaps of 2 mm, of which some seem wider: a faint upstroke is not seen. 0.35 mm are 14 ms."""
    px, first, pitch = 5.4, 130.0, 64.5 * 5.4
    gaps = [
        (first + k * pitch + 62.5 * px, first + (k + 1) * pitch + late * px) for k, late in enumerate(late_mm)
    ]
    right = first + 3 * pitch + 62.5 * px
    columns = _between_gaps(gaps, Span(first, right, False, True, np.array([right]), 2.0), 25 * px, px)
    assert columns.time_agreed is agrees
    if agrees:
        assert columns.width == pytest.approx(62.5 * px)
        assert columns.lefts == pytest.approx([first + k * pitch for k in range(4)], abs=0.35 * px)


@pytest.mark.parametrize(
    ("lefts", "left", "shared"),
    [
        ((145.0, 136.5, 200.1, 199.9), 200.0, False),
        ((145.0, 144.0, 200.1, 199.9), 200.0, False),
        ((145.0, 200.2, 200.1, 199.9), 200.0, True),
        ((120.0, 145.0, 170.0), 170.0, False),
    ],
)
def test_rows_that_a_stamp_has_begin_early_do_not_tell_where_time_begins(
    lefts: tuple[float, ...], left: float, shared: bool
) -> None:
    """10 px/mm: the mean of two places, where no row begins, would be 110 ms off."""
    assert shared_end(np.array(lefts), 8.0, -1) == (pytest.approx(left, abs=0.2), shared)
    mirrored = shared_end(1000 - np.array(lefts), 8.0, 1)
    assert mirrored == (pytest.approx(1000 - left, abs=0.2), shared)


@pytest.mark.parametrize(
    ("late_mm", "shared", "agrees"), [(2.0, True, True), (2.0, False, False), (0.5, False, True)]
)
def test_time_that_few_rows_tell_needs_the_other_end(late_mm: float, shared: bool, agrees: bool) -> None:
    """No separators, and a pulse whose foot may be unlike on its two sides."""
    clean, page = strip_of_ii(separator="none", pulse="none")
    marks = find_marks(clean)
    rows, leads = find_rows(marks), page.layout.panels
    lefts = sorted({panel.left for panel in leads})
    best = Fit(KNOWN[0], 1, {}, (), (), lefts[0], lefts[1] - lefts[0], 0.0)
    right = lefts[0] + 4 * (lefts[1] - lefts[0]) + late_mm * MM
    span = Span(lefts[0], right, True, False, np.array([right]), 2.0, MM, shared, True)
    assert find_columns(marks, rows, span, best, 25.0).time_agreed is agrees


def test_beat_of_a_strip_below_a_separator_is_none() -> None:
    """R of the strip where the second column begins: no pen may pass there unseen."""
    canvas = draw()
    level, x = (FIRST_ROW_MM + 3 * ROW_MM) * MM, round((LEFT_MM + COLUMN_MM) * MM)
    canvas[round(level - 9 * MM) : round(level), x - 1 : x + 2] = 1
    boxes = [box for box in find_layout(sheet(canvas)).clutter if box.left < x < box.right]
    assert len(boxes) == 3
    assert max(box.bottom for box in boxes) < level - 9 * MM


def test_edge_of_the_paper_that_beats_reach_is_no_strip() -> None:
    """It goes on beyond both ends of the rows."""
    canvas = (draw() * 255).astype(np.uint8)
    beats(canvas, 1.0, 288.0, FIRST_ROW_MM + 4.2 * ROW_MM, 0.0)
    assert find_layout(sheet(canvas.astype(np.float32) / 255)).name == "3x4+1"


def test_edge_of_the_paper_that_is_seen_along_a_part_is_no_strip() -> None:
    """It goes on beyond one end of the rows, over two fifths of their length."""
    canvas = (draw() * 255).astype(np.uint8)
    beats(canvas, 170.0, 119.0, FIRST_ROW_MM + 4.2 * ROW_MM, 0.0)
    assert find_layout(sheet(canvas.astype(np.float32) / 255)).name == "3x4+1"


def test_grid_that_is_left_beside_the_end_of_a_trace_is_none_of_it() -> None:
    """Half as dark as the trace, so no ink, it goes on beyond the last sample, 3 mm below each row."""
    clean, page = strip_of_ii(separator="none", pulse="none")
    marks = find_marks(clean)
    left = marks.coverage.copy()
    for trace in page.traces:
        y = round(trace.panel.baseline + 3 * MM)
        left[y : y + 2] = np.maximum(left[y : y + 2], 0.5)
    span = trace_span(replace(marks, coverage=left), find_rows(marks), ())
    first, last = page.layout.panels[0], page.layout.panels[-1]
    assert (span.left, span.right) == pytest.approx((first.left, last.right), abs=0.15 * MM)


def test_beats_in_the_middle_of_chest_leads_are_no_separator() -> None:
    """Chest leads stand on the right of two columns, so labels V1 to V6 on the left leave one column."""
    clean, page = strip_of_ii(layout="6x1", chest_only=True, rhythm=(), pulse="both")
    beats_ = clean.coverage.copy()
    x = round(sum((p.left + p.right) / 2 for p in page.layout.panels) / 6)
    for panel in page.layout.panels:
        y = round(panel.baseline)
        beats_[y - round(10 * MM) : y + round(8 * MM), x - 1 : x + 2] = 1
    assert find_layout(replace(clean, coverage=beats_)).name == "6x1"


@pytest.mark.parametrize("pulse", ["none", "left"])
def test_time_begins_where_the_first_sample_is_drawn(pulse: Pulse) -> None:
    """Without separators the ends of the ink tell it, to 1 ms: of pens of any width, under noise."""
    style = Style("3x4", ("II",), grid="none", px_per_mm_x=10, px_per_mm_y=10, header=None)
    style = replace(style, pulse=pulse, separator="none", stroke_mm=0.45)
    record = simulated_leads(10.0, seed=3)
    noise = np.random.default_rng(1)
    noisy = {lead: mv + noise.normal(0, 0.03, len(mv)) for lead, mv in record.signals_mv.items()}
    page = render_page(replace(record, signals_mv=noisy), style)
    coverage = (1 - page.rgb[..., 0] / np.float32(page.rgb.max())).astype(np.float32)
    hints = Hints(mm_per_s=25.0, mm_per_mv=10.0)
    layout = find_layout(Sheet(coverage, 10.0, 10.0, np.eye(3)), hints)
    first = min(float(trace.points[0, 0]) for trace in page.traces)
    off_ms = (min(panel.left for panel in layout.panels) - first) / 10.0 / 25.0 * 1000
    assert abs(off_ms) < 1.0


def test_a_row_that_is_broken_goes_from_its_first_long_part_to_its_last() -> None:
    """Noise may take 12 mm of a trace, of each row elsewhere."""
    coverage = draw(pulse_mm=0, label=False)
    for row, at in enumerate((60.0, 80.0, 100.0, 110.0)):
        top = round((FIRST_ROW_MM + row * ROW_MM - 11) * MM)
        coverage[top : top + round(22 * MM), round((LEFT_MM + at) * MM) : round((LEFT_MM + at + 12) * MM)] = 0
    marks = find_marks(sheet(coverage))
    span = trace_span(marks, find_rows(marks), ())
    assert span.left == pytest.approx(LEFT_MM * MM, abs=2)
    assert span.right == pytest.approx((LEFT_MM + 4 * COLUMN_MM) * MM, abs=2)


def test_rows_in_short_pieces_have_an_end_all_the_same() -> None:
    """No piece of the first row is 6 mm long: its longest are its parts."""
    coverage = draw(pulse_mm=0, label=False)
    top, bottom = (round((FIRST_ROW_MM + mm) * MM) for mm in (-11, 11))
    for at in range(0, 290, 15):
        coverage[top:bottom, round(at * MM) : round((at + 10.5) * MM)] = 0
    marks = find_marks(sheet(coverage))
    rows = find_rows(marks)
    at_row = int(np.abs(rows.levels - FIRST_ROW_MM * MM).argmin())
    columns = _flat_columns(marks, rows, *corridor(marks, rows, at_row))
    assert columns[0] < columns[-1]


def test_no_time_is_agreed_where_a_pulse_may_begin_the_ink() -> None:
    """Without separators, and with nothing that tells the scale, a pulse may be there unseen."""
    style = Style("3x4", ("II",), grid="none", px_per_mm_x=8, px_per_mm_y=8, pulse="none", header=None)
    for separator, agreed in (("bars", True), ("none", False)):
        page = render_page(simulated_leads(10.0, seed=3), replace(style, separator=separator))
        coverage = (1 - page.rgb[..., 0] / np.float32(page.rgb.max())).astype(np.float32)
        alone = Sheet(coverage, 8.0, 8.0, np.eye(3))
        assert find_layout(alone).time_agreed == agreed
        assert find_layout(alone, Hints(mm_per_s=25.0, mm_per_mv=10.0)).time_agreed
