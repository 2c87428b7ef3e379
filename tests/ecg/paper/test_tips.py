"""Tips of narrow waves keep their height: where flanks fuse, and where a tip lies between two samples."""

import numpy as np
import pytest
from support.drawn_trace import panel_at

from splkit.ecg.paper.contracts import Sheet, Stroke
from splkit.ecg.paper.trace.middle import middle_line
from splkit.ecg.paper.trace.paths import _without_strays
from splkit.ecg.paper.trace.runs import Runs
from splkit.ecg.paper.trace.segments import signal_mv
from splkit.ecg.paper.trace.tips import ends_with_tips


def runs_of(columns: list[list[tuple[float, float]]]) -> Runs:
    """Of each column (top, bottom) of its runs, none of them clutter."""
    column = np.repeat(np.arange(len(columns)), [len(each) for each in columns])
    top, bottom = np.array([run for each in columns for run in each]).T
    clean = np.zeros(len(column), dtype=bool)
    first = np.searchsorted(column, np.arange(len(columns) + 1))
    return Runs(column, top, bottom, clean, clean, np.zeros(len(column)), first)


LEVEL = [(100.0, 102.0)]
PEAK = [[(20.0, 90.0)], [(18.0, 55.0), (60.0, 62.0)], [(19.0, 52.0), (60.0, 62.0)], [(20.0, 95.0)]]
"""Two flanks; between them their fused tip, and below it what is left of a grid line."""


@pytest.mark.parametrize("is_letter", [False, True])
def test_a_path_below_a_fused_tip_gets_the_tip(is_letter: bool) -> None:
    runs = runs_of([*[LEVEL] * 5, *PEAK, *[LEVEL] * 5])
    path = np.array([*range(6), 7, 9, *range(10, 16)])
    foreign = np.zeros(len(runs.top), dtype=bool)
    foreign[8] = is_letter
    high, low = ends_with_tips(runs, path, 0, foreign)
    assert np.array_equal(low, path)
    expected = path if is_letter else np.r_[path[:6], 6, 8, path[8:]]
    assert np.array_equal(high, expected)
    no = np.zeros(len(path), dtype=bool)
    line = middle_line(np.arange(0, 13.5, 0.5), np.arange(14), runs.top[high], runs.bottom[low], no, no)
    assert line.min() == pytest.approx(60.0 if is_letter else 20.0, abs=3.0)


def test_ink_beside_one_flank_alone_and_ink_above_a_thick_run_are_no_tips() -> None:
    beside = runs_of(
        [*[LEVEL] * 5, [(20.0, 90.0)], [(18.0, 55.0), (85.0, 87.0)], [(86.0, 101.0)], *[LEVEL] * 5]
    )
    thick = runs_of(
        [*[LEVEL] * 5, [(20.0, 90.0)], [(18.0, 55.0), (60.0, 75.0)], [(20.0, 95.0)], *[LEVEL] * 5]
    )
    for runs in (beside, thick):
        path = np.array([*range(6), *range(7, 14)])
        high, low = ends_with_tips(runs, path, 0, np.zeros(len(runs.top), dtype=bool))
        assert np.array_equal(high, path) and np.array_equal(low, path)


def test_a_letter_of_another_row_is_no_beginning_of_a_trace() -> None:
    """Two columns of ink 60 px above where the trace goes on; a QRS of that height is joined to it."""
    sheet = Sheet(np.zeros((200, 20), np.float32), 8.0, 8.0, np.eye(3))
    letter, flank, near = [(30.0, 40.0)], [(40.0, 102.0)], [(60.0, 80.0)]
    for ends, kept in (([letter, letter], False), ([letter, flank], True), ([near, near], True)):
        runs = runs_of([*ends, *[LEVEL] * 10, *ends[::-1]])
        path = _without_strays(np.arange(14), runs, sheet)
        assert np.array_equal(path[2:12], np.arange(2, 12))
        assert np.array_equal(path >= 0, np.r_[[kept] * 2, [True] * 10, [kept] * 2])


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize("beyond_px", [0.8, 40.0])
def test_a_tip_between_two_samples_keeps_its_height_and_noise_does_not(way: int, beyond_px: float) -> None:
    """Points are half a pixel apart, samples 0.4 px: a tip at x = 100.0 lies 0.1 px beside one."""
    panel = panel_at("II", 200.0, left=39.7)
    x = np.arange(80, 700) / 2
    y = np.full(len(x), 200.0)
    y[x == 100.0] -= way * beyond_px
    stroke = Stroke(panel, x, y, np.ones(len(x), dtype=bool), 0.05)
    signal, seen = signal_mv(Sheet(np.zeros((300, 400), np.float32), 8.0, 8.0, np.eye(3)), stroke)
    tip = round((100.0 - panel.left) / 0.4)
    height_mv = beyond_px / 80
    kept = way * signal[tip]
    assert (kept == pytest.approx(height_mv)) == (beyond_px > 1)
    assert 0 < kept <= height_mv + 1e-9
    assert np.abs(np.delete(signal, range(tip - 2, tip + 3))[:600]).max() == pytest.approx(0.0, abs=1e-9)
    assert seen[:600].all()
