"""find_layout on sheets drawn here, whose panels are known."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from support.drawn_sheet import (
    COLUMN_MM,
    FIRST_ROW_MM,
    LABEL_MM,
    LEFT_MM,
    MM,
    ROW_MM,
    beats,
    draw,
    first_patient,
    has_beats_enough_to_add,
    sheet,
    strip_of_ii,
)

from splkit.ecg.paper.contracts import Box, Hints, Layout, Sheet
from splkit.ecg.paper.layout import einthoven
from splkit.ecg.paper.layout.choose import _at_others_places
from splkit.ecg.paper.layout.columns import _between_gaps, find_columns
from splkit.ecg.paper.layout.einthoven import order_shown
from splkit.ecg.paper.layout.known import CHEST, KNOWN, LIMB, Fit, Place, at_lattice, fit
from splkit.ecg.paper.layout.labels import CLASSES
from splkit.ecg.paper.layout.layout import find_layout
from splkit.ecg.paper.layout.marks import DARK, Word, find_marks
from splkit.ecg.paper.layout.roughline import Agreement
from splkit.ecg.paper.layout.rows import find_rows
from splkit.ecg.paper.layout.span import Span, shared_end, trace_span
from splkit.ecg.paper.layout.turn import turned, upright_layout
from splkit.ecg.paper.layout.words import STROKE, CrowdedError, with_words
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.style import Style
from splkit.errors import RecordingError, UsageError


@pytest.fixture(scope="module")
def plain() -> Layout:
    """That of the page as it is drawn where nothing is asked."""
    return find_layout(sheet(draw()))


def test_three_by_four(plain: Layout) -> None:
    layout = plain
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


def test_labels_fainter_than_the_traces_are_read() -> None:
    """As blurred print: no piece of a label is as dark as ink that counts."""
    words = draw() - draw(label=False)
    faint = sheet(draw() - 0.45 * words)
    assert faint.coverage[words > 0.9].max() < DARK
    assert not [word for word in with_words(find_marks(faint)).words if word.log_p.argmax() > STROKE]
    layout = find_layout(faint)
    assert layout.name == "3x4+1" and layout.labels_read > 0.7


def test_columns_that_begin_together() -> None:
    layout = find_layout(sheet(draw(together=True)))
    assert {p.start_s for p in layout.panels} == {0.0}
    assert "columns begin together" in " ".join(layout.notes)


def test_gain_is_that_of_the_pulse() -> None:
    assert {p.mm_per_mv for p in find_layout(sheet(draw(pulse_mm=5.0))).panels} == {5.0}


def test_a_scale_that_nothing_tells_is_assumed_and_says_so(plain: Layout) -> None:
    assert plain.assumed == ()
    bare = sheet(draw(pulse_mm=0))
    gain, speed = find_layout(bare).assumed
    assert gain.startswith("gain 10 mm/mV assumed") and speed.startswith("speed 25 mm/s assumed")
    stated = find_layout(bare, Hints(mm_per_mv=5, mm_per_s=25))
    assert stated.assumed == () and {p.mm_per_mv for p in stated.panels} == {5.0}


def test_pulse_of_no_known_gain_is_refused() -> None:
    with pytest.raises(RecordingError, match=r"pulse of 1 mV.*7\.\d mm"):
        find_layout(sheet(draw(pulse_mm=7.3)))


def test_leads_are_not_named_by_place_alone() -> None:
    with pytest.raises(RecordingError, match="named by at least 4 labels"):
        find_layout(sheet(draw(label=False)))


def test_number_of_rows_that_no_layout_has() -> None:
    with pytest.raises(RecordingError, match=r"found 2 rows at y = 9\d, 21\d px"):
        find_layout(sheet(draw(rows=2, strips=0)))


def test_gain_stated_against_the_pulse() -> None:
    with pytest.raises(RecordingError, match=r"gain 10 mm/mV contradicts the pulse of 0\.5 mV"):
        find_layout(sheet(draw(pulse_mm=5.0)), Hints(mm_per_mv=10.0))


def test_columns_exchanged_are_refused() -> None:
    """V1 to V3 where aVR to aVF belong: no known order."""
    with pytest.raises(RecordingError, match="aVR where V1 belongs"):
        find_layout(sheet(draw(leads=(*LIMB[:3], *CHEST[:3], *LIMB[3:], *CHEST[3:]))))


def test_blank_sheet() -> None:
    with pytest.raises(RecordingError, match="no trace"):
        find_layout(sheet(np.zeros((600, 900), np.float32)))


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_sheet_that_lies_wrong_is_turned_by_its_labels(plain: Layout, quarters: int) -> None:
    upright = sheet(draw())
    again, layout = upright_layout(turned(upright, quarters), Hints())
    assert np.array_equal(again.coverage, upright.coverage)
    assert again.page_from_sheet == pytest.approx(upright.page_from_sheet)
    assert layout.panels == plain.panels
    assert "was turned" in layout.notes[-1]


def test_leads_that_are_stated_name_panels_without_labels() -> None:
    leads = ("I", "aVR", "V1", "V4", "II", "aVL", "V2", "V5", "III", "aVF", "V3", "V6", "V1")
    layout = find_layout(sheet(draw(label=False)), Hints(leads=leads))
    by_row = sorted(layout.panels, key=lambda p: (round(p.baseline, -1), p.left))
    assert tuple(p.lead for p in by_row) == leads
    assert by_row[1].left == pytest.approx((LEFT_MM + COLUMN_MM) * MM, abs=0.6)


def test_layout_that_is_stated_and_not_there() -> None:
    with pytest.raises(UsageError, match=r"--layout 3x4\+2 .* found 4 rows at y = "):
        find_layout(sheet(draw()), Hints(layout="3x4+2"))


def test_leads_that_are_stated_against_the_labels() -> None:
    wrong = ("V1", "aVR", "I", "V4", "V2", "aVL", "II", "V5", "V3", "aVF", "III", "V6", "II")
    with pytest.raises(RecordingError, match="that is stated"):
        find_layout(sheet(draw()), Hints(leads=wrong))


def test_strip_without_a_label_whose_trace_is_like_all_leads() -> None:
    canvas = draw()
    y, x = round((FIRST_ROW_MM + 3 * ROW_MM - LABEL_MM) * MM), round((LEFT_MM + 1) * MM)
    canvas[y - round(3 * MM) : y + 4, x - 2 : x + round(7 * MM)] = 0
    layout = find_layout(sheet(canvas))
    assert len(layout.panels) == 12
    assert not any(p.is_rhythm for p in layout.panels)
    assert any(note.startswith("left out: the strip at y = 44") for note in layout.notes)


def test_row_above_the_leads_does_not_take_their_labels() -> None:
    """Labels that then stand nearer to another row do not count."""
    canvas = np.pad((draw(rows=3, strips=0) * 255).astype(np.uint8), ((round(ROW_MM * MM), 0), (0, 0)))
    beats(canvas, LEFT_MM, 250.0, FIRST_ROW_MM, 0.0)
    with pytest.raises(RecordingError, match="found 0 that fit 3x4"):
        find_layout(sheet(canvas.astype(np.float32) / 255))


def test_second_column_whose_labels_are_unread_is_not_taken_for_the_first() -> None:
    record = simulated_leads(4.0, seed=1)
    page = render_page(record, Style("6x2", (), grid="none", px_per_mm_x=5, px_per_mm_y=5, header=None))
    coverage = (1 - page.rgb[..., 0] / np.float32(page.rgb.max())).astype(np.float32)
    for label in page.labels:
        if label.text.startswith("V"):
            left, top, right, bottom = (round(edge) for edge in label.box)
            coverage[top - 1 : bottom + 2, left - 1 : right + 2] = 0
    with pytest.raises(RecordingError, match="one column of leads has no separator within it"):
        find_layout(Sheet(coverage, 5.0, 5.0, np.eye(3)))


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


def test_two_ecgs_on_one_page() -> None:
    one = draw()
    for both in (np.hstack([one, one]), np.vstack([one, one])):
        with pytest.raises(RecordingError, match=r"two ECGs on one page: \d+ leads are labelled twice"):
            find_layout(sheet(both))


def test_a_page_of_text_is_refused_by_its_words() -> None:
    canvas = np.zeros((640, 1200), np.uint8)
    for line in range(32):
        cv2.putText(canvas, "so it goes " * 10, (20, 30 + 19 * line), cv2.FONT_HERSHEY_PLAIN, 1, 255, 1)
    text = sheet(canvas.astype(np.float32) / 255)
    with pytest.raises(CrowdedError, match=r"at most 700 words; found \d{3,4} words"):
        with_words(find_marks(text))
    with pytest.raises(RecordingError):
        upright_layout(text, Hints())


@pytest.mark.parametrize("cabrera", [False, True])
def test_order_of_limb_leads_whose_labels_are_unread_is_told_by_einthoven(cabrera: bool) -> None:
    """aVR + aVL + aVF = 0 in the second column, or II + III = 2 aVF."""
    clean, page = strip_of_ii(6.0, first_patient(has_beats_enough_to_add), cabrera=cabrera)
    bare = clean.coverage.copy()
    for label in page.labels:
        if label.lead is not None and not label.lead.startswith("V"):
            left, top, right, bottom = (round(edge) for edge in label.box)
            bare[top - 1 : bottom + 2, left - 1 : right + 2] = 0
    assert find_layout(replace(clean, coverage=bare)).name == f"3x4+1{' Cabrera' * cabrera}"


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


def test_labels_of_one_order_are_looked_for_where_the_other_order_has_them() -> None:
    """A stroke beside the page passes for I of the standard order, which has all other labels elsewhere."""
    levels = 100.0 + 50 * np.arange(6)

    def word(lead: str, x: float, row: int) -> Place:
        log_p = np.full(len(CLASSES), -9.0)
        log_p[CLASSES.index(lead)] = -0.05
        box = Box(x, levels[row] - 25, x + 10, levels[row] - 15)
        return Place(Word(box, log_p), lead, x, levels[row] - 20)

    words = [word("I", 5, 0), *(word(lead, 300, row) for row, lead in enumerate(CHEST))]
    of = {known.order: known for known in KNOWN if known.base == "6x2"}
    stray = at_lattice(of[""], 0, words, levels, (5.0, 250.0, -20.0), (5.0, 5.0))
    whole = fit(of["Cabrera"], 0, words, levels, 250.0, (5.0, 5.0))
    assert len(stray.read) == 1
    found = _at_others_places(stray, [stray, whole], words, levels, (5.0, 5.0))
    assert [found.lead(*cell) for cell in sorted(found.read)] == list(CHEST)


@pytest.mark.parametrize(("order", "told"), [("", ""), ("Cabrera", None)])
def test_half_of_the_beats_tell_the_order_that_the_labels_are_for(
    monkeypatch: pytest.MonkeyPatch, order: str, told: str | None
) -> None:
    clean, _ = strip_of_ii()
    marks = find_marks(clean)
    rows = find_rows(marks)
    shares = iter([Agreement(0.5, 10.0), Agreement(0.1, 10.0)])
    monkeypatch.setattr(einthoven, "agreement", lambda *_: next(shares))
    known = next(each for each in KNOWN if (each.base, each.order) == ("3x4", order))
    read = {(row, column): marks for row in range(3) for column in range(4)}
    assert order_shown(marks, rows, Fit(known, 1, read, (), (), 100.0, 62.5 * MM, 0.0)) == told
