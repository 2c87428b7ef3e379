"""find_layout on sheets drawn here: which lead is where, by labels, statements and beats."""

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
from splkit.ecg.paper.layout.einthoven import order_shown
from splkit.ecg.paper.layout.known import CHEST, KNOWN, LIMB, Fit, Place, at_lattice, fit
from splkit.ecg.paper.layout.labels import CLASSES
from splkit.ecg.paper.layout.layout import find_layout
from splkit.ecg.paper.layout.marks import DARK, Word, find_marks
from splkit.ecg.paper.layout.roughline import Agreement
from splkit.ecg.paper.layout.rows import find_rows
from splkit.ecg.paper.layout.turn import turned, upright_layout
from splkit.ecg.paper.layout.words import STROKE, CrowdedError, with_words
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.style import Style
from splkit.errors import RecordingError


def test_labels_fainter_than_the_traces_are_read() -> None:
    """As blurred print: no piece of a label is as dark as ink that counts."""
    words = draw() - draw(label=False)
    faint = sheet(draw() - 0.45 * words)
    assert faint.coverage[words > 0.9].max() < DARK
    assert not [word for word in with_words(find_marks(faint)).words if word.log_p.argmax() > STROKE]
    layout = find_layout(faint)
    assert layout.name == "3x4+1" and layout.labels_read > 0.7


def test_leads_are_not_named_by_place_alone() -> None:
    with pytest.raises(RecordingError, match="named by at least 4 labels"):
        find_layout(sheet(draw(label=False)))


def test_columns_exchanged_are_refused() -> None:
    """V1 to V3 where aVR to aVF belong: no known order."""
    with pytest.raises(RecordingError, match="aVR where V1 belongs"):
        find_layout(sheet(draw(leads=(*LIMB[:3], *CHEST[:3], *LIMB[3:], *CHEST[3:]))))


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_sheet_that_lies_wrong_is_turned_by_its_labels(plain_layout: Layout, quarters: int) -> None:
    upright = sheet(draw())
    again, layout = upright_layout(turned(upright, quarters), Hints())
    assert np.array_equal(again.coverage, upright.coverage)
    assert again.page_from_sheet == pytest.approx(upright.page_from_sheet)
    assert layout.panels == plain_layout.panels
    assert "was turned" in layout.notes[-1]


def test_leads_that_are_stated_name_panels_without_labels() -> None:
    leads = ("I", "aVR", "V1", "V4", "II", "aVL", "V2", "V5", "III", "aVF", "V3", "V6", "V1")
    layout = find_layout(sheet(draw(label=False)), Hints(leads=leads))
    by_row = sorted(layout.panels, key=lambda p: (round(p.baseline, -1), p.left))
    assert tuple(p.lead for p in by_row) == leads
    assert by_row[1].left == pytest.approx((LEFT_MM + COLUMN_MM) * MM, abs=0.6)


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
    page = draw(rows=3, strips=0, pulse_mm=0.0) * 255
    canvas = np.pad(page.astype(np.uint8), ((round(ROW_MM * MM), 0), (0, 0)))
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


def test_pieces_of_a_black_grid_are_no_words() -> None:
    """Bare strokes, as many as a page of text has words: the labels are read beside them."""
    coverage = draw()
    for k in range(900):
        row, column = divmod(k, 130)
        left, top = round((5 + 2.1 * column) * MM), round((112 + 2.6 * row) * MM)
        coverage[top : top + round(2.0 * MM), left : left + 2] = 1
    words = with_words(find_marks(sheet(coverage))).words
    named = {CLASSES[int(word.log_p.argmax())] for word in words}
    assert len(words) < 700
    assert {"aVR", "aVF", "V1", "V6"} <= named
