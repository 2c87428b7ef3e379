"""What a second look at a page says against a first one: labels, columns, places of the grid."""

from dataclasses import replace

import numpy as np
import pytest
from support.drawn_paper import Paper, scaled
from support.drawn_paper import draw as draw_paper
from support.drawn_sheet import LEFT_MM, MM, draw, sheet

from splkit.ecg.paper.contracts import Box, Grid, Sheet
from splkit.ecg.paper.layout import choose
from splkit.ecg.paper.layout import reread as reread_module
from splkit.ecg.paper.layout.choose import _has_ink
from splkit.ecg.paper.layout.known import KNOWN, Contradiction, Fit, Place, at_lattice, fit, places
from splkit.ecg.paper.layout.labels import CLASSES
from splkit.ecg.paper.layout.layout import find_layout
from splkit.ecg.paper.layout.marks import Word, find_marks
from splkit.ecg.paper.layout.reread import reread
from splkit.ecg.paper.layout.rows import find_rows
from splkit.ecg.paper.layout.separators import Separators
from splkit.ecg.paper.layout.span import Span
from splkit.ecg.paper.layout.words import with_words
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.style import Style
from splkit.ecg.paper.sheet.check import why_off
from splkit.ecg.paper.sheet.finer import by_finest_wave
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.ecg.paper.sheet.scale import Profile, settle_scale

THREE_BY_FOUR = next(known for known in KNOWN if known.base == "3x4" and not known.order)


def fit_of_drawn(log_p: float) -> tuple[Fit, Fit]:
    """The labels of a drawn sheet, and the same with that of V5 taken for V9 with this log probability."""
    marks = with_words(find_marks(sheet(draw())))
    rows = find_rows(marks)
    words = places(marks.words)
    first = min(word.x for word in words if word.lead in ("I", "II", "III"))
    drop = float(np.median([word.y for word in words if word.lead == "aVR"])) - rows.levels[0]
    whole = at_lattice(THREE_BY_FOUR, 1, words, rows.levels, (first, 62.5 * MM, drop), (MM, MM))
    left = {cell: word for cell, word in whole.read.items() if cell != (1, 3)}
    wrong = replace(whole, read=left, against=(Contradiction((1, 3), "V9 where V5 belongs", log_p),))
    return whole, reread(marks, rows, wrong)


def test_a_label_that_is_read_after_all_contradicts_nothing() -> None:
    whole, again = fit_of_drawn(-0.02)
    assert (1, 3) in whole.read
    assert (1, 3) in again.read
    assert again.against == ()


def test_a_surer_label_still_contradicts_one_that_is_read_after_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A photo's aVL, read with 0.98, passed for the aVF of Cabrera's order with 0.72."""
    monkeypatch.setattr(reread_module, "CERTAIN", 0.0)
    _, again = fit_of_drawn(0.0)
    assert (1, 3) in again.read
    assert [each.said for each in again.against] == ["V9 where V5 belongs"]


def test_two_columns_of_labels_leave_the_others_where_the_ink_has_them() -> None:
    """A dot beside the label of one column has it begin 1.4 mm early: the fourth would be 3 mm off."""
    levels = np.array([100.0, 250.0, 400.0])

    def word(lead: str, x: float, row: int) -> Place:
        log_p = np.full(len(CLASSES), -9.0)
        log_p[CLASSES.index(lead)] = -0.01
        return Place(
            Word(Box(x, levels[row] - 30, x + 20, levels[row] - 15), log_p), lead, x, levels[row] - 22
        )

    words = [
        word("aVL", 20 + 62.5 * MM - 1.4 * MM, 1),
        word("V1", 20 + 125 * MM, 0),
        word("V2", 20 + 125 * MM, 1),
    ]
    found = fit(THREE_BY_FOUR, 0, words, levels, 62.5 * MM, (MM, MM))
    assert len(found.read) == 3
    assert found.first_x + 3 * found.pitch == pytest.approx(20 + 3 * 62.5 * MM, abs=0.5 * MM)


@pytest.mark.parametrize(("columns", "has"), [("3x4", True), ("3x5", False)])
def test_no_column_stands_where_no_ink_is(columns: str, has: bool) -> None:
    """Four columns of labels fit the first four of five as well."""
    known = next(each for each in KNOWN if each.base == columns and not each.order)
    span = Span(LEFT_MM * MM, (LEFT_MM + 250) * MM, True, True, np.zeros(4), 2.0)
    fit = Fit(known, 1, {}, (), (), LEFT_MM * MM + 20, 62.5 * MM, 0.0)
    assert _has_ink(fit, span) is has


def test_limb_leads_that_add_up_behind_it_make_a_beat_of_a_separator(monkeypatch: pytest.MonkeyPatch) -> None:
    """A QRS at half the width stands in all six rows, as a bar does."""
    style = Style("6x1", (), grid="none", px_per_mm_x=6, px_per_mm_y=6, header=None)
    page = render_page(simulated_leads(4.0, seed=1), style)
    coverage = (1 - page.rgb[..., 0] / np.float32(page.rgb.max())).astype(np.float32)
    monkeypatch.setattr(choose, "find_separators", lambda *_: Separators(0.0, ()))
    assert find_layout(Sheet(coverage, 6.0, 6.0, np.eye(3))).name == "6x1"


def test_places_without_upright_lines_do_not_move_level_ones() -> None:
    """Above the framed grid, lines of text and a frame lie half a millimetre beside its lines."""
    page_from_mm = scaled(6.0, 6.0, 0.0, (11.0, 17.0))
    plane = find_ink(draw_paper(Paper(page_from_mm), 600, 1200, 1)).grid.copy()
    plane[:240] = 0.1 * np.random.default_rng(1).random((240, 600))
    plane[2:240:6] += plane.max()
    _, off = by_finest_wave(plane, Grid(page_from_mm, 6.0, 6.0, 0.0))
    assert off is not None
    assert why_off(off) == ""
    assert off[1].worst_mm < 0.05


def lines(apart_px: int, count: int, every: int) -> np.ndarray:
    """Lines a pixel wide, each so many-th darker."""
    profile = np.zeros(apart_px * count)
    profile[::apart_px] = 0.5
    profile[:: apart_px * every] = 1.0
    return profile


def test_lines_of_2_px_are_no_millimetres() -> None:
    """Dots 11.3 px apart, with a ripple of a fifth of that between them: millimetres, of a page of 265 mm."""
    cycles = np.arange(3000) / 11.3
    one = 5 * np.clip(np.cos(2 * np.pi * cycles), 0.9, 1) + 0.05 * np.cos(2 * np.pi * 5 * cycles)
    scale = settle_scale(Profile(one, one, 11.3), 11.3, 3000.0, None, None, "drawn")
    assert scale.mm_per_cycle == pytest.approx(1.0)


@pytest.mark.parametrize(("side_px", "mm"), [(1150.0, 5.0), (3400.0, 1.0)])
def test_rows_of_traces_make_no_page_of_56_mm(side_px: float, mm: float) -> None:
    """Lines 20.4 px apart, every fifth one darker: 1 mm apart, if the page is then as long as any is."""
    one = lines(20, int(side_px / 20), 5)
    scale = settle_scale(Profile(one, one, 20.0), 20.0, side_px, None, None, "drawn")
    assert scale.mm_per_cycle == pytest.approx(mm)
