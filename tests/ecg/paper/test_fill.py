"""Hidden spans of a lead are filled from another beat, or left alone."""

import numpy as np

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ
from splkit.ecg.paper.trace.fill import Timed, fill_hidden

N = round(2.5 * SEGMENT_FS_HZ)
T = np.arange(N) / SEGMENT_FS_HZ


def beat(at_s: float, r_mv: float) -> np.ndarray:
    """A QRS of 40 ms and a T wave."""
    return r_mv * np.exp(-0.5 * ((T - at_s) / 0.008) ** 2) + 0.2 * np.exp(
        -0.5 * ((T - at_s - 0.25) / 0.04) ** 2
    )


def hide(signal: np.ndarray, begin: int, end: int, start: int = 0) -> Timed:
    """The span bridged by a straight line, as without ink."""
    seen = np.ones(N, dtype=bool)
    seen[begin:end] = False
    return Timed(start, np.interp(np.arange(N), np.flatnonzero(seen), signal[seen]), seen)


def test_an_r_peak_that_is_hidden_comes_back_from_the_other_beats() -> None:
    signal = beat(0.5, 1.0) + beat(1.3, 1.0) + beat(2.1, 1.0)
    lead = hide(signal, 640, 660)
    (filled,) = fill_hidden([lead])
    assert np.max(np.abs(lead.mv - signal)) > 0.8
    assert np.max(np.abs(filled - signal)) < 0.01


def test_a_copy_is_level_with_what_is_seen_beside_it() -> None:
    signal = beat(0.5, 1.0) + beat(1.3, 1.0) + beat(2.1, 1.0) + 0.1 * T
    (filled,) = fill_hidden([hide(signal, 640, 660)])
    assert np.max(np.abs(filled - signal)) < 0.02


def test_the_strip_tells_a_beat_at_the_end_that_the_lead_itself_cannot() -> None:
    signal = beat(0.5, 1.0) + beat(1.5, 1.0) + beat(2.505, 1.0)
    strip = Timed(0, 0.7 * np.r_[signal, beat(0.005, 1.0)], np.ones(2 * N, dtype=bool))
    filled, _ = fill_hidden([hide(signal, N - 14, N), strip])
    assert abs(filled[-1] - signal[-1]) < 0.1
    assert signal[-1] > 0.6


def test_a_level_stretch_beside_a_span_does_not_tell_what_it_hides() -> None:
    """It looks a little more like the one behind the beat than like those before it."""
    ripple = sum(mv * np.exp(-0.5 * ((T - at) / 0.01) ** 2) for mv, at in ((0.02, 0.06), (0.005, 1.36)))
    signal = np.where(np.abs(T - 1.3) < 0.02, 1.0, 0.0) + ripple
    lead = hide(signal, 0, 14)
    (filled,) = fill_hidden([lead])
    assert np.array_equal(filled, lead.mv)


def test_a_beat_unlike_the_others_is_not_replaced_by_one_of_them() -> None:
    signal = beat(0.5, 1.0) + beat(2.1, 1.0) - beat(1.3, 1.0) - 0.7 * np.exp(-0.5 * ((T - 1.25) / 0.03) ** 2)
    lead = hide(signal, 640, 660)
    (filled,) = fill_hidden([lead])
    assert np.array_equal(filled, lead.mv)


def test_a_long_span_and_a_lead_without_ink_stay_as_they_are() -> None:
    signal = beat(0.5, 1.0) + beat(1.3, 1.0)
    long, empty = hide(signal, 600, 700), Timed(0, np.full(N, np.nan), np.zeros(N, dtype=bool))
    first, second = fill_hidden([long, empty])
    assert np.array_equal(first, long.mv)
    assert np.all(np.isnan(second))
