"""Layouts of pages whose labels or rows are hard to see: by sums of leads, by pulses, by the ink's width."""

import cv2
import numpy as np
import pytest
from support.drawn_sheet import FIRST_ROW_MM, LEFT_MM, MM, ROW_MM, beats, draw, sheet

from splkit.ecg.paper.contracts import Sheet
from splkit.ecg.paper.layout.layout import find_layout
from splkit.ecg.paper.layout.marks import find_marks
from splkit.ecg.paper.layout.pulse import find_pulses
from splkit.ecg.paper.layout.roughline import with_beats
from splkit.ecg.paper.layout.rows import find_rows, with_hidden
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.style import Style
from splkit.errors import RecordingError


def page_with(kept: tuple[str, ...], style: Style) -> Sheet:
    """The ink of a drawn page, of whose labels only some are left."""
    page = render_page(simulated_leads(4.0, seed=1), style)
    coverage = (1 - page.rgb[..., 0] / np.float32(page.rgb.max())).astype(np.float32)
    for label in page.labels:
        if label.text not in kept:
            left, top, right, bottom = (round(edge) for edge in label.box)
            coverage[top - 1 : bottom + 2, left - 1 : right + 2] = 0
    return Sheet(coverage, style.px_per_mm_x, style.px_per_mm_y, np.eye(3))


LIMBS = Style("6x1", (), grid="none", px_per_mm_x=6, px_per_mm_y=6, header=None)


def test_sums_of_limb_leads_name_them_beside_one_label() -> None:
    layout = find_layout(page_with(("aVF",), LIMBS))
    assert layout.name == "6x1"
    assert [panel.lead for panel in layout.panels] == ["I", "II", "III", "aVR", "aVL", "aVF"]
    assert any("sums of the limb leads" in note for note in layout.assumed)
    assert not layout.time_agreed


def test_no_label_at_all_names_nothing() -> None:
    with pytest.raises(RecordingError, match="named by at least 4 labels"):
        find_layout(page_with((), LIMBS))


def test_leads_that_do_not_add_up_are_not_named() -> None:
    """Chest leads, of which one label is read."""
    chest = Style("6x1", (), chest_only=True, grid="none", px_per_mm_x=6, px_per_mm_y=6, header=None)
    with pytest.raises(RecordingError, match="named by at least 4 labels"):
        find_layout(page_with(("V6",), chest))


def test_rows_are_those_that_have_a_pulse() -> None:
    """A trace above the ECG has none; with it labels would stand nearer to another row."""
    canvas = np.pad((draw(rows=3, strips=0) * 255).astype(np.uint8), ((round(ROW_MM * MM), 0), (0, 0)))
    beats(canvas, LEFT_MM, 250.0, FIRST_ROW_MM, 0.0)
    layout = find_layout(sheet(canvas.astype(np.float32) / 255))
    assert layout.name == "3x4"
    assert layout.labels_read == 1
    rows = sorted({panel.baseline / MM - FIRST_ROW_MM for panel in layout.panels})
    assert rows == pytest.approx([ROW_MM, 2 * ROW_MM, 3 * ROW_MM], abs=1)


def test_a_pulse_is_as_high_as_its_lid_and_foot_say() -> None:
    """Bits of grid lines make its upright strokes longer, above and below."""
    coverage = draw()
    left = round((LEFT_MM - 6.5) * MM)
    for r in range(4):
        level = FIRST_ROW_MM + r * ROW_MM
        coverage[round((level - 11.2) * MM) : round((level - 10) * MM), left : left + 2] = 1
        coverage[round(level * MM) : round((level + 1.3) * MM), left : left + 2] = 1
    marks = find_marks(sheet(coverage))
    pulses = find_pulses(marks, with_beats(marks, find_rows(marks)))
    assert len(pulses) == 4
    assert [(p.foot - p.top) / MM for p in pulses] == pytest.approx([10.0] * 4, abs=0.25)


def test_labels_of_one_column_take_the_width_of_the_ink() -> None:
    """Chest labels are unread: two columns of 5 s, not of 2.5 s."""
    style = Style("6x2", ("II",), grid="none", px_per_mm_x=6, px_per_mm_y=6, header=None)
    layout = find_layout(page_with(("I", "II", "III", "aVR", "aVL", "aVF"), style))
    assert layout.name == "6x2+1"
    assert [panel.lead for panel in layout.panels][6:12] == ["V1", "V2", "V3", "V4", "V5", "V6"]
    assert layout.panels[6].start_s == pytest.approx(5.0)


def test_a_row_that_is_nowhere_flat_lies_between_the_others() -> None:
    levels = np.array([100.0, 151, 199, 302, 350, 401])
    assert with_hidden(levels) == pytest.approx([100.0, 151, 199, 250.5, 302, 350, 401])
    assert with_hidden(levels[:4]) == pytest.approx(levels[:4])
    assert with_hidden(np.append(levels, 475.0)) == pytest.approx(np.append(levels, 475.0))


def test_a_first_row_without_beats_is_a_lead_where_the_labels_say_so() -> None:
    """Lead I may be level: its row is taken for the paper's edge only while a layout is left without it."""
    coverage = draw(pulse_mm=0)
    top, bottom = (round((FIRST_ROW_MM + mm) * MM) for mm in (-9.0, 4.0))
    first = coverage[top:bottom].copy()
    first[:, round(LEFT_MM * MM) :][round(3 * MM) :] = 0
    x = np.arange(0, 250, 0.5)
    points = np.stack([(LEFT_MM + x) * MM, (9.0 + 0.4 * np.sin(x / 3)) * MM], 1)
    canvas = np.zeros(first.shape, np.uint8)
    cv2.polylines(canvas, [np.round(points * 16).astype(np.int32)], False, 255, 2, cv2.LINE_AA, 4)
    first = np.maximum(first, canvas.astype(np.float32) / 255)
    coverage[top:bottom] = first
    marks = find_marks(sheet(coverage))
    rows = find_rows(marks)
    assert (len(rows.levels), len(with_beats(marks, rows).levels)) == (4, 3)
    layout = find_layout(sheet(coverage))
    assert layout.name == "3x4+1"
    assert [panel.lead for panel in layout.panels][:3] == ["I", "II", "III"]


def test_rows_of_hum_are_bridged() -> None:
    """A trace with mains hum at 50 mm/s is nowhere flat; its strokes side by side are."""
    mm = 9.0
    x = np.arange(0, 250, 0.05)
    canvas = np.zeros((round(120 * mm), round(290 * mm)), np.uint8)
    beat_mm = 8 * np.exp(-(((x % 30 - 15) / 0.7) ** 2))
    for level in (30.0, 60.0, 90.0):
        points = np.stack([20 + x, level - beat_mm + 1.5 * np.sin(2 * np.pi * x)], 1) * mm
        cv2.polylines(canvas, [np.round(points * 16).astype(np.int32)], False, 255, 2, cv2.LINE_AA, 4)
    marks = find_marks(Sheet(canvas.astype(np.float32) / 255, mm, mm, np.eye(3)))
    assert not len(find_rows(marks).levels)
    assert find_rows(marks, bridged=True).levels / mm == pytest.approx([30.0, 60.0, 90.0], abs=1.5)
