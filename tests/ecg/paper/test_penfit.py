"""Which pen drew a page."""

import numpy as np
import pytest

from splkit.ecg.paper.trace import canvas, redraw
from splkit.ecg.paper.trace.canvas import Lines, nearest_places, pixels_near
from splkit.ecg.paper.trace.clutter import CleanInk
from splkit.ecg.paper.trace.look import look
from splkit.ecg.paper.trace.pen import Pen
from splkit.ecg.paper.trace.penfit import better_pen, first_pens, unexplained
from splkit.ecg.paper.trace.redraw import drawn_ink
from splkit.ecg.paper.trace.width import upright_px

SHAPE = (60, 400)
X = np.arange(5, 395, 0.5)


def lines(y: np.ndarray) -> Lines:
    return Lines(X, y, np.array([0, len(X)]), 0.5)


def ink_of(coverage: np.ndarray) -> CleanInk:
    none = np.zeros(SHAPE, bool)
    return CleanInk(coverage, none, none, 0.5)


@pytest.mark.parametrize("width_px", [1.5, 2.5])
def test_the_pen_that_drew_a_page_leaves_least_unexplained(width_px: float) -> None:
    drawn = lines(30 + 8 * np.sin(X / 9))
    true = Pen(width_px, 0.5, 1.0)
    ink = ink_of(drawn_ink(drawn, true, SHAPE))
    others = [true._replace(width_px=width_px * factor) for factor in (0.6, 1.5)]
    least = unexplained(ink, drawn, true)
    assert all(unexplained(ink, drawn, other) > least + 10 for other in others)


def test_noise_faster_than_a_pixel_has_a_narrow_first_pen_too() -> None:
    """A level line of 2 px that noise smears over 2 px more, but for a stretch without noise."""
    rng = np.random.default_rng(4)
    smeared = lines(np.where(X < 60, 30, 30 + rng.normal(0, 1.5, len(X))))
    drawn = drawn_ink(smeared, Pen(2.0, 0.4, 1.0), SHAPE)
    usual, narrow = first_pens(ink_of(drawn), lines(np.full(len(X), 30.0)), np.inf)
    assert narrow.width_px == pytest.approx(2.0, abs=0.3)
    assert usual.width_px > 1.3 * narrow.width_px


def hum_and_beats(hum_px: float) -> Lines:
    """Ten beats 40 px high, and hum of a period that a pen of 3 px closes."""
    beats = sum(40 * np.exp(-0.5 * ((X - at) / 3.0) ** 2) for at in range(25, 395, 38))
    return lines(50 - beats + hum_px * np.sin(2 * np.pi * X / 3.0))


def test_upright_strokes_tell_the_pen_of_a_trace_with_hum() -> None:
    true = Pen(3.0, 0.4, 1.0)
    found = upright_px(ink_of(drawn_ink(hum_and_beats(1.5), true, SHAPE)))
    assert found == pytest.approx(3.0, abs=0.3)
    assert upright_px(ink_of(drawn_ink(hum_and_beats(0.0), true, SHAPE))) is None


def test_no_step_of_the_fit_leaves_upright_strokes_thicker_than_they_are() -> None:
    drawn = hum_and_beats(1.5)
    ink = ink_of(drawn_ink(drawn, Pen(3.0, 0.4, 1.0), SHAPE))
    level = lines(np.full(len(X), 50.0))
    free, held = (
        better_pen(Pen(4.0, 0.4, 1.0), look(ink, level, Pen(4.0, 0.4, 1.0), robust=False), most)
        for most in (np.inf, 3.0)
    )
    assert held.width_px == pytest.approx(3.3)
    assert free.width_px > 3.9


def test_what_is_done_in_parts_does_not_depend_on_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands of the drawing, and pixels looked up together; at a band's edge OpenCV rounds otherwise."""
    drawn, pen = lines(30 + 25 * np.sin(X / 9)), Pen(1.5, 0.5, 1.0)
    pixels = pixels_near(drawn, 3.0, SHAPE)
    whole, places = drawn_ink(drawn, pen, SHAPE), nearest_places(drawn, pixels, 3.0)
    monkeypatch.setattr(redraw, "BAND_PX", 16)
    monkeypatch.setattr(canvas, "AT_ONCE", 1000)
    assert np.abs(drawn_ink(drawn, pen, SHAPE) - whole).max() < 0.1
    assert len(pixels.row) > 3000
    for part, at_once in zip(nearest_places(drawn, pixels, 3.0), places, strict=True):
        assert np.array_equal(part, at_once)
