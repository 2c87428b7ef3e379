"""find_layout on sheets drawn here, whose panels are known."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from splkit.ecg.paper.contracts import Hints, Layout, Plane, Sheet
from splkit.ecg.paper.layout.columns import _between_gaps
from splkit.ecg.paper.layout.einthoven import ENOUGH_MM
from splkit.ecg.paper.layout.known import CHEST, LIMB
from splkit.ecg.paper.layout.layout import find_layout
from splkit.ecg.paper.layout.marks import DARK, find_marks
from splkit.ecg.paper.layout.roughline import Agreement, agreement
from splkit.ecg.paper.layout.span import Span
from splkit.ecg.paper.layout.striplead import strip_lead
from splkit.ecg.paper.layout.turn import turned, upright_layout
from splkit.ecg.paper.layout.words import STROKE, CrowdedError, with_words
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.rendered import LeadSet, Rendered
from splkit.ecg.paper.render.style import Style
from splkit.errors import RecordingError, UsageError

MM = 4.5
LEFT_MM, COLUMN_MM, FIRST_ROW_MM, ROW_MM = 20.0, 62.5, 22.0, 26.0
LABEL_MM = 9.5


def beats(canvas: np.ndarray, left_mm: float, width_mm: float, level_mm: float, start_mm: float) -> None:
    x = np.arange(0, width_mm, 0.1)
    beat = ((x + start_mm) % 20) - 8
    y = 8 * np.exp(-((beat / 0.7) ** 2)) + 2 * np.exp(-(((beat - 6) / 2) ** 2))
    points = np.stack([(left_mm + x) * MM, (level_mm - y) * MM], 1)
    cv2.polylines(canvas, [np.round(points * 16).astype(np.int32)], False, 255, 2, cv2.LINE_AA, 4)


def draw(
    rows: int = 3,
    strips: int = 1,
    pulse_mm: float = 10.0,
    label: bool = True,
    leads: tuple[str, ...] = LIMB + CHEST,
    together: bool = False,
) -> Plane:
    """3x4, with bars between columns and pulses on the left."""
    canvas = np.zeros((round((FIRST_ROW_MM + 4.5 * ROW_MM) * MM), round(290 * MM)), np.uint8)
    for r in range(rows + strips):
        level = FIRST_ROW_MM + r * ROW_MM
        for c in range(4 if r < rows else 1):
            left = LEFT_MM + c * COLUMN_MM
            beats(
                canvas,
                left,
                COLUMN_MM if r < rows else 4 * COLUMN_MM,
                level,
                0.0 if together else c * COLUMN_MM,
            )
            name = leads[c * 3 + r % 3] if r < rows else "II"
            if label:
                at = (round((left + 1) * MM), round((level - LABEL_MM) * MM))
                cv2.putText(canvas, name, at, cv2.FONT_HERSHEY_SIMPLEX, 0.117 * MM, 255, 2, cv2.LINE_AA)
            if c:
                x = round(left * MM)
                canvas[round((level - 3) * MM) : round((level + 3) * MM), x - 2 : x + 3] = 255
        if pulse_mm:
            corners = np.array([(-8, 0), (-6.5, 0), (-6.5, pulse_mm), (-1.5, pulse_mm), (-1.5, 0), (-0.5, 0)])
            line = np.round((np.array([LEFT_MM, level]) + corners * [1, -1]) * MM).astype(np.int32)
            cv2.polylines(canvas, [line], False, 255, 2)
    return canvas.astype(np.float32) / 255


def sheet(coverage: Plane) -> Sheet:
    return Sheet(coverage, MM, MM, np.eye(3))


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


def alike(**shares: float) -> dict[str, Agreement]:
    return {lead: Agreement(share, 20.0) for lead, share in shares.items()}


@pytest.mark.parametrize(
    ("label", "weak", "shares", "lead"),
    [
        ("I", False, alike(I=0.7, II=0.99, III=0.3, V1=0.2), "II"),
        ("I", False, alike(I=0.7, II=0.2, III=0.3, V1=1.0), "V1"),
        ("I", False, alike(I=0.9, II=0.94, III=0.3, V1=0.2), "I"),
        ("I", True, alike(I=0.9, II=0.94, III=0.3, V1=0.2), None),
        ("I", False, alike(I=0.3, II=0.2, III=0.1, V1=0.8), None),
        ("II", False, alike(I=0.3, II=0.2, III=0.1, V1=0.5), "II"),
        ("II", False, alike(I=0.3, II=0.5, III=0.81, V1=0.5), "II"),
        ("II", False, alike(I=0.3, II=0.5, III=0.97, V1=0.5), "III"),
        ("II", False, alike(I=0.95, II=0.6, III=0.3, V1=0.5), "II"),
        ("II", False, alike(I=0.95, II=0.3, III=0.3, V1=0.5), None),
        ("III", False, alike(I=0.3, II=0.97, III=0.3, V1=0.5), None),
        ("I", False, alike(I=0.6, II=0.2, III=0.3, V5=0.97), "I"),
        ("I", False, alike(I=0.3, II=0.2, III=0.3, V5=0.97), None),
        ("V1", False, alike(I=0.3, II=0.99, III=0.1, V1=0.5), "V1"),
        ("V1", True, alike(I=0.3, II=0.7, III=0.1, V1=0.5), None),
        (None, False, alike(I=0.3, II=0.99, III=0.1, V1=0.5), "II"),
        (None, False, alike(I=0.3, II=0.1, V4R=0.97, V1=0.95), None),
        (None, False, {"II": Agreement(1.0, 2.0), "V1": Agreement(0.2, 20.0)}, None),
        (None, False, {"II": Agreement(1.0, 5.0), "V1": Agreement(0.2, 40.0)}, None),
    ],
)
def test_lead_of_a_strip(
    label: str | None, weak: bool, shares: dict[str, Agreement], lead: str | None
) -> None:
    assert strip_lead(label, weak, shares)[0] == lead


def first_patient(is_wanted: Callable[[dict[str, np.ndarray]], bool]) -> LeadSet:
    """The first simulated patient whose leads, in mV, are as wanted."""
    drawn = (simulated_leads(4.0, seed=seed) for seed in range(100))
    return next(one for one in drawn if is_wanted(one.signals_mv))


def has_an_own_ii(mv: dict[str, np.ndarray]) -> bool:
    """Whether II differs from I by half of its height; where they look alike a strip may show either."""
    return np.ptp(mv["II"] - mv["I"]) > 0.5 * np.ptp(mv["II"])


def has_beats_enough_to_add(mv: dict[str, np.ndarray]) -> bool:
    """Whether aVR, aVL and aVF leave their level for longer than Einthoven's law asks, in their 2.5 s."""
    at = np.arange(1300, 2400, 5)  # steps of 0.25 mm at 500 Hz
    avr, avl, avf = (10 * mv[lead][at] for lead in ("aVR", "aVL", "aVF"))
    return agreement(avl, -(avr + avf), 1.0).length_mm > 1.5 * ENOUGH_MM


def strip_of_ii(px_per_mm: float = MM, record: LeadSet | None = None, **look: Any) -> tuple[Sheet, Rendered]:
    """3x4 with a strip of II, as ink alone."""
    scale = {"px_per_mm_x": px_per_mm, "px_per_mm_y": px_per_mm}
    style = Style(grid="none", header=None, top_mm=26.0, bottom_mm=12.0, **scale, **look)
    page = render_page(record or first_patient(has_an_own_ii), style)
    coverage = (1 - page.rgb[..., 0] / np.float32(255)).astype(np.float32)
    return Sheet(coverage, px_per_mm, px_per_mm, np.eye(3)), page


def written_over_ii(clean: Sheet, page: Rendered) -> Layout:
    """Handwriting runs through lead II, but not through its strip."""
    scrawl = (clean.coverage * 255).astype(np.uint8)
    ii = page.traces[[t.panel.lead for t in page.traces].index("II")].panel
    x = np.linspace(ii.left + 15 * MM, ii.left + 36 * MM, 300)
    y = ii.baseline + 3 * MM * np.sin(np.arange(300) / 5)
    cv2.polylines(scrawl, [np.stack([x, y], 1).astype(np.int32)], False, 255, 2)
    return find_layout(replace(clean, coverage=scrawl.astype(np.float32) / 255))


def test_strip_keeps_its_label_where_handwriting_runs_through_its_lead() -> None:
    """Lead II then looks less like its strip than aVF does."""
    layout = written_over_ii(*strip_of_ii())
    assert [p.lead for p in layout.panels if p.is_rhythm] == ["II"]


def test_strip_is_left_out_where_handwriting_lets_another_lead_look_like_it() -> None:
    """I looks more like the strip than II does, of which half is written over."""
    layout = written_over_ii(*strip_of_ii(record=simulated_leads(4.0, seed=3)))
    assert not [p.lead for p in layout.panels if p.is_rhythm]
    assert layout.notes[-1].endswith("its label reads II, and its trace is unlike II")


def test_strip_without_a_label_is_named_by_its_trace() -> None:
    clean, page = strip_of_ii()
    left, top, right, bottom = (
        round(edge) for edge in [each.box for each in page.labels if each.text == "II"][-1]
    )
    bare = clean.coverage.copy()
    bare[top - 1 : bottom + 2, left - 1 : right + 2] = 0
    layout = find_layout(replace(clean, coverage=bare))
    assert [p.lead for p in layout.panels if p.is_rhythm] == ["II"]
    assert any("named by its trace: II" in note for note in layout.notes)


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
