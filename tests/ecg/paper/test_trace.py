"""A drawn trace comes back in mV."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from support.drawn_trace import (
    FINE,
    LEFT,
    PX_PER_MM,
    SECONDS,
    beats,
    draw,
    drawn_rows,
    new_canvas,
    panel_at,
    read,
    sheet_of,
    snr_db,
)

from splkit.ecg.paper.contracts import GOOD_CONFIDENCE, Box, Layout, Quality, Segment, Sheet, Stroke
from splkit.ecg.paper.trace.clutter import clean_ink
from splkit.ecg.paper.trace.confidence import AGAINST, MOST_CROSSED, confidence_of
from splkit.ecg.paper.trace.crossing import crossed
from splkit.ecg.paper.trace.evidence import beat_hidden, strip_lag_ms
from splkit.ecg.paper.trace.expect import Expected
from splkit.ecg.paper.trace.segments import UNJUDGED
from splkit.ecg.paper.trace.usual import of_usual_beats


def test_a_lone_trace_comes_back_to_30_db_with_its_peaks_and_its_offset() -> None:
    truth, panel, canvas = beats(), panel_at("II", 200.3), new_canvas(300)
    draw(canvas, panel, truth)
    (segment,) = read(sheet_of(canvas), Layout("1x1", (panel,)))
    got = segment.signal_mv
    assert got.shape == truth.shape
    assert snr_db(truth, got) > 30
    assert got.max() == pytest.approx(truth.max(), abs=0.03)
    assert got.min() == pytest.approx(truth.min(), abs=0.02)
    assert np.median(got) == pytest.approx(np.median(truth), abs=0.005)
    assert abs(int(np.argmax(got[:400])) - int(np.argmax(truth[:400]))) <= 1
    assert segment.quality.coverage > 0.98
    assert segment.quality.hidden_ms < 15


def test_x_and_y_scales_are_kept_apart() -> None:
    truth, panel, canvas = beats(), panel_at("II", 200.0), new_canvas(300)
    draw(canvas, panel, truth)
    drawn = sheet_of(canvas)
    higher = Sheet(drawn.coverage, PX_PER_MM, 2 * PX_PER_MM, drawn.page_from_sheet)
    (segment,) = read(higher, Layout("1x1", (panel,)))
    assert segment.signal_mv.max() == pytest.approx(truth.max() / 2, abs=0.02)
    assert len(segment.signal_mv) == round(SECONDS * 500)


def test_a_letter_beside_the_trace_is_no_trace_and_a_bar_across_it_is_bridged() -> None:
    truth, panel, canvas = beats(first_s=0.5), panel_at("V1", 200.0), new_canvas(300)
    draw(canvas, panel, truth)
    letter, bar = Box(LEFT + 4, 206, LEFT + 40, 230), Box(340, 180, 345, 220)
    cv2.putText(canvas, "V1", (int(letter.left + 2) * FINE, 228 * FINE), 0, 6, 255, 2 * FINE)
    cv2.rectangle(canvas, (340 * FINE, 180 * FINE), (345 * FINE, 220 * FINE), 255, -1)
    (segment,) = read(sheet_of(canvas), Layout("1x1", (panel,), (letter, bar)))
    assert snr_db(truth, segment.signal_mv) > 28
    assert 25 < segment.quality.hidden_ms < 60


def test_traces_whose_peaks_cross_are_not_swapped() -> None:
    down, up = beats(r_mv=-1.4, t_mv=0.4), beats(r_mv=1.5, t_mv=-0.2, first_s=0.43)
    canvas, layout = drawn_rows(400, ("V2", 120.0, down), ("V3", 300.0, up))
    first, second = read(sheet_of(canvas), layout)
    assert snr_db(down, first.signal_mv) > 18
    assert snr_db(up, second.signal_mv) > 18


def test_a_trace_of_which_half_is_lost_is_not_taken_for_that_of_the_next_row() -> None:
    """As where a copy's grid line lay under its level parts and was taken away."""
    first, second = beats(r_mv=0.8), beats(r_mv=1.2)
    canvas, layout = drawn_rows(340, ("I", 120.0, first), ("II", 260.0, second))
    sheet = sheet_of(canvas)
    sheet.coverage[116:124, np.arange(sheet.coverage.shape[1]) % 40 < 30] = 0.0
    read_first, read_second = read(sheet, layout)
    assert snr_db(first, read_first.signal_mv) > 10
    assert snr_db(second, read_second.signal_mv) > 25


def test_a_wave_above_a_drawn_line_is_followed_as_in_the_other_beats() -> None:
    """A person has underlined the first T wave: the shorter way is level."""
    truth, panel, canvas = beats(first_s=-0.1, t_mv=0.6), panel_at("V4", 150.0), new_canvas(260)
    draw(canvas, panel, truth)
    cv2.line(canvas, (46 * FINE, 150 * FINE), (104 * FINE, 150 * FINE), 255, 2 * FINE)
    (segment,) = read(sheet_of(canvas), Layout("1x1", (panel,)))
    assert snr_db(truth, segment.signal_mv) > 15


def test_a_beat_unlike_the_others_is_followed_where_its_ink_is() -> None:
    """A premature beat, wide and upside down: what is expected is no reason to leave it."""
    truth, panel, canvas = beats(), panel_at("II", 160.0), new_canvas(300)
    t = np.arange(len(truth)) / 500 - 1.2
    truth[np.abs(t) < 0.36] = (1.4 * np.exp(-((t / 0.06) ** 2)) - 0.5 * np.exp(-(((t - 0.25) / 0.08) ** 2)))[
        np.abs(t) < 0.36
    ]
    draw(canvas, panel, truth)
    (segment,) = read(sheet_of(canvas), Layout("1x1", (panel,)))
    assert snr_db(truth, segment.signal_mv) > 25


def test_a_flank_between_the_dots_of_a_separator_is_no_dot() -> None:
    """It was boxed like one, as what is upright there; a pen may not pass through it unseen."""
    coverage = np.zeros((300, 200), np.float32)
    dots = [Box(38.0, y, 43.0, y + 7.0) for y in range(20, 280, 20) if not 120 <= y < 170]
    flank = Box(38.0, 125.0, 43.0, 160.0)
    for box in (*dots, flank):
        coverage[int(box.top) : int(box.bottom) + 1, 39:43] = 1.0
    panel = panel_at("V1", 150.0)
    ink = clean_ink(Sheet(coverage, PX_PER_MM, PX_PER_MM, np.eye(3)), Layout("1x1", (panel,), (*dots, flank)))
    assert ink.wild[24, 40]
    assert not ink.wild[130:155, 36:46].any()


def test_an_unexpected_end_is_followed_beside_a_bar_that_may_hide_the_expected_one() -> None:
    """Where an R wave is due, a premature beat goes down instead; its ink is there."""
    t = np.arange(round(SECONDS * 500)) / 500
    truth = np.where(t > 2.38, -14 * (t - 2.38), beats(first_s=0.05, r_mv=1.5))
    panel, canvas = panel_at("aVL", 150.0), new_canvas(330)
    draw(canvas, panel, truth)
    bar = Box(panel.right - 6, 125.0, panel.right + 3, 175.0)
    canvas[int(bar.top) * FINE : int(bar.bottom) * FINE, int(bar.left) * FINE : int(bar.right) * FINE] = 255
    (segment,) = read(sheet_of(canvas), Layout("1x1", (panel,), clutter=(bar,)))
    assert np.abs(segment.signal_mv - truth)[-60:].max() < 0.1


def test_a_trace_whose_beginning_is_lost_does_not_begin_in_another_row() -> None:
    second = beats(r_mv=1.8)
    canvas, layout = drawn_rows(380, ("V5", 120.0, beats(r_mv=0.6)), ("V6", 300.0, second))
    sheet = sheet_of(canvas)
    sheet.coverage[200:, : round(LEFT + 72)] = 0.0
    _, late = read(sheet, layout)
    known = np.isfinite(late.signal_mv)
    assert np.abs(late.signal_mv - second)[known & (np.arange(len(known)) < 150)].max() < 0.8


def test_a_beat_that_is_written_over_is_read_where_the_other_beats_and_ink_have_it() -> None:
    """Words cross the trace at a beat of one lead; the other leads are as ever at that time."""
    truths = [beats(r_mv=-0.7, t_mv=0.15), beats(r_mv=0.8), beats(r_mv=0.5)]
    canvas, layout = drawn_rows(560, *zip(("I", "II", "III"), (110.0, 270.0, 430.0), truths, strict=True))
    x = np.linspace(255, 320, 500)
    words = np.round(np.c_[x, 104 + 14 * np.sin((x - 255) / 3)] * FINE).astype(np.int32)
    cv2.polylines(canvas, [words.reshape(-1, 1, 2)], False, 255, 5 * FINE)
    written, *_ = read(sheet_of(canvas), layout)
    assert snr_db(truths[0], written.signal_mv) > 11


@pytest.mark.parametrize(("leads", "is_known"), [(1, True), (3, False)])
def test_nothing_is_expected_where_most_leads_are_unlike_their_other_beats(
    leads: int, is_known: bool
) -> None:
    """As of a premature beat, for 200 ms; of words over one lead the others tell."""
    x = np.arange(0, 500, 0.5)
    flat = np.full(len(x), 100.0)
    expected = [Expected(flat - 8, flat + 8, flat, flat)] * 3
    strokes = []
    for k in range(3):
        y = np.where((x > 200) & (x < 240) & (k < leads), 130.0, 100.0)
        strokes.append(Stroke(panel_at(("I", "II", "III")[k], 100.0, left=0.0), x, y, y > 0, 0.0))
    sheet = Sheet(np.zeros((200, 600), np.float32), PX_PER_MM, PX_PER_MM, np.eye(3))
    for each in of_usual_beats(sheet, tuple(strokes), expected):
        assert np.isfinite(each.middle[(x > 200) & (x < 240)]).all() == is_known
        assert np.isfinite(each.middle[(x < 150) | (x > 300)]).all()


def test_a_qrs_that_grid_lines_cut_is_followed_to_its_tip() -> None:
    truth, panel, canvas = beats(r_mv=1.8), panel_at("V4", 250.0), new_canvas(340)
    draw(canvas, panel, truth)
    sheet = sheet_of(canvas)
    for y in range(90, 240, 40):
        sheet.coverage[y : y + 2] = 0.0
    (segment,) = read(sheet, Layout("1x1", (panel,)))
    assert segment.signal_mv.max() == pytest.approx(truth.max(), abs=0.06)
    assert snr_db(truth, segment.signal_mv) > 20


def test_what_is_left_of_a_grid_line_between_two_flanks_is_no_way_across() -> None:
    truth, panel, canvas = beats(r_mv=1.8), panel_at("V4", 250.0), new_canvas(340)
    draw(canvas, panel, truth)
    sheet = sheet_of(canvas)
    for y in range(90, 240, 40):
        sheet.coverage[y] = np.maximum(sheet.coverage[y], 0.55)
    (segment,) = read(sheet, Layout("1x1", (panel,)))
    assert segment.signal_mv.max() == pytest.approx(truth.max(), abs=0.06)
    assert snr_db(truth, segment.signal_mv) > 20


def test_a_thin_blurred_line_is_seen_though_no_pixel_of_it_is_full() -> None:
    truth, panel, canvas = beats(), panel_at("II", 200.0), new_canvas(300)
    draw(canvas, panel, truth, width_mm=0.1)
    sheet = sheet_of(canvas, blur_px=1.0)
    (segment,) = read(sheet, Layout("1x1", (panel,)))
    assert segment.quality.coverage > 0.95


def test_narrow_tips_keep_their_height_on_a_blurred_page() -> None:
    signal = np.zeros(round(SECONDS * 500))
    for at in (300, 700, 1100):
        signal[at - 8 : at + 9] = 1.5 * (1 - np.abs(np.arange(-8, 9)) / 9)
    panel, canvas = panel_at("V3", 200.0), new_canvas(300)
    draw(canvas, panel, signal)
    (segment,) = read(sheet_of(canvas, blur_px=0.9), Layout("1x1", (panel,)))
    for at in (300, 700, 1100):
        tip = segment.signal_mv[at - 20 : at + 21].max() - np.median(segment.signal_mv)
        assert tip == pytest.approx(1.5, abs=0.05)


def test_noise_faster_than_a_pixel_makes_the_pen_no_wider() -> None:
    signal = beats() + np.random.default_rng(3).normal(0, 0.03, round(SECONDS * 500))
    panel, canvas = panel_at("V5", 200.0), new_canvas(300)
    draw(canvas, panel, signal, width_mm=0.12)
    (segment,) = read(sheet_of(canvas, blur_px=0.3), Layout("1x1", (panel,)))
    assert snr_db(signal, segment.signal_mv[: len(signal)]) > 11
    for at in (200, 600, 1000):
        assert segment.signal_mv[at - 10 : at + 10].max() > 0.92 * signal[at - 10 : at + 10].max()


def test_ink_that_no_stroke_explains_speaks_against_the_trace_beside_it() -> None:
    canvas, layout = drawn_rows(560, ("II", 150.0, beats()), ("V1", 420.0, beats()))
    clean = read(sheet_of(canvas), layout)
    assert [each.quality.unexplained for each in clean] == [0.0, 0.0]
    cv2.line(canvas, (300 * FINE, 60 * FINE), (330 * FINE, 90 * FINE), 255, 2 * FINE)
    first, second = read(sheet_of(canvas), layout)
    assert first.quality.unexplained > 0.05
    assert first.quality.unexplained_touching == 0.0
    assert second.quality.unexplained == 0.0
    assert first.quality.confidence < clean[0].quality.confidence


def test_tips_that_nothing_joins_to_their_trace_keep_it_from_being_called_good() -> None:
    truth, panel, canvas = beats(r_mv=1.8), panel_at("V4", 250.0), new_canvas(340)
    draw(canvas, panel, truth)
    whole = sheet_of(canvas)
    cut = sheet_of(canvas)
    cut.coverage[215:229] = 0.0
    good, lost = (read(sheet, Layout("1x1", (panel,)))[0] for sheet in (whole, cut))
    assert good.quality.unexplained == 0.0
    assert lost.quality.unexplained > 0.3
    assert good.quality.confidence > 0.9
    assert lost.quality.confidence < 0.9


def test_a_lead_whose_beats_are_at_other_times_is_unlike_the_others() -> None:
    leads = {"V1": beats(), "V2": beats(), "V3": beats(), "V4": beats(first_s=0.75, rr_s=0.9)}
    rows = [(lead, 100.0 + 150 * k, signal) for k, (lead, signal) in enumerate(leads.items())]
    canvas, layout = drawn_rows(700, *rows)
    *alike, other = read(sheet_of(canvas), layout)
    assert all(each.quality.beats_alike is not None and each.quality.beats_alike > 0.95 for each in alike)
    assert other.quality.beats_alike is not None
    assert other.quality.beats_alike < 0.3
    assert other.quality.confidence <= 0.5


@pytest.mark.parametrize(("late_s", "lag_ms"), [(0.0, 0.0), (0.16, 160.0), (-0.12, -120.0)])
def test_beats_of_a_lead_beside_those_of_the_strip_are_told(late_s: float, lag_ms: float) -> None:
    strip = Segment("II", True, 0.0, np.tile(beats(), 2), UNJUDGED)
    lead = Segment("V1", False, 0.0, beats(first_s=0.4 + late_s), UNJUDGED)
    found = strip_lag_ms(lead, (lead, strip))
    assert found == pytest.approx(lag_ms, abs=6)
    assert strip_lag_ms(lead, (lead,)) is None and strip_lag_ms(strip, (lead, strip)) is None
    sure = Quality(1.0, 0.05, 0.0, spread_px=20.0, spread_mv=0.2, reach_rows=0.2, strip_lag_ms=found)
    assert (confidence_of(sure) > 0.9) == (lag_ms == 0)


def test_a_beat_that_a_bar_hides_and_the_strip_shows_keeps_its_lead_from_being_called_good() -> None:
    """A filled one does not; nor does a bar over what is flat in the strip too."""
    whole = beats()
    shown = np.ones(len(whole), bool)
    shown[185:215] = False
    lost = np.where(shown, whole, whole[184])
    strip = Segment("II", True, 0.0, np.tile(whole, 2), UNJUDGED)
    strip_shown = np.ones(2 * len(whole), bool)
    energy = (whole - np.median(whole)) ** 2
    for signal, seen, expected in (
        (lost, shown, energy[185:215].sum() / energy.sum()),
        (whole, shown, 0.0),
        (whole, np.roll(shown, 200), 0.0),
    ):
        found = beat_hidden(0, (Segment("V1", False, 0.0, signal, UNJUDGED), strip), [seen, strip_shown])
        assert found == pytest.approx(expected, abs=0.02)
        sure = Quality(1.0, 0.05, 60.0, spread_px=20.0, spread_mv=0.2, reach_rows=0.2, beat_hidden=found)
        assert (confidence_of(sure) > 0.9) == (signal is whole)
    strip_shown[185:215] = False
    assert beat_hidden(0, (Segment("V1", False, 0.0, lost, UNJUDGED), strip), [shown, strip_shown]) == 0


def test_leads_whose_beats_lie_where_rows_cross_are_not_called_good() -> None:
    """The upper one's beats reach past the level of the one below; the last is far from both."""
    x = np.arange(0, 500, 0.5)
    strokes = []
    for lead, level, reach in (("V2", 100.0, 150.0), ("V3", 200.0, -90.0), ("II", 500.0, -60.0)):
        beat = reach * np.exp(-(((x - 250) / 2) ** 2))
        panel = panel_at(lead, level, left=0.0)
        strokes.append(Stroke(panel, x, level + beat, np.ones(len(x), bool), 0.05))
    upper, lower, apart = crossed(tuple(strokes))
    assert min(upper, lower) > MOST_CROSSED
    assert apart == 0.0
    seen = Quality(coverage=1.0, residual=0.05, hidden_ms=0.0, spread_px=30.0, reach_rows=0.5)
    assert confidence_of(seen) > GOOD_CONFIDENCE
    assert confidence_of(replace(seen, crossed=upper)) == AGAINST


def test_a_page_whose_time_one_witness_alone_has_is_not_called_good() -> None:
    panel, canvas = panel_at("I", 100.0), new_canvas(700)
    draw(canvas, panel, beats())
    agreed, alone = (
        read(sheet_of(canvas), Layout("1x1", (panel,), time_agreed=agreed))[0].quality
        for agreed in (True, False)
    )
    assert agreed.confidence > 0.9 and alone.confidence <= 0.5


def test_a_panel_without_ink_has_no_numbers_and_no_confidence() -> None:
    truth, panel, empty = beats(), panel_at("I", 100.0), panel_at("II", 600.0)
    canvas = new_canvas(700)
    draw(canvas, panel, truth)
    first, second = read(sheet_of(canvas), Layout("2x1", (panel, empty)))
    assert np.all(np.isnan(second.signal_mv))
    assert second.quality.confidence == 0
    assert second.quality.coverage == 0
    assert first.quality.confidence > 0.9


def test_einthoven_tells_a_lead_of_the_wrong_size() -> None:
    signals = {"I": beats(0.6), "II": beats(1.0), "III": beats(1.0) - beats(0.6)}
    for factor, expected in ((1.0, 0.0), (1.5, float(np.std(0.5 * signals["II"])))):
        drawn = signals | {"II": factor * signals["II"]}
        rows = [(lead, 100.0 + 150 * k, signal) for k, (lead, signal) in enumerate(drawn.items())]
        canvas, layout = drawn_rows(500, *rows)
        segments = read(sheet_of(canvas), layout)
        for segment in segments:
            assert segment.quality.einthoven_mv == pytest.approx(expected, abs=0.02)
