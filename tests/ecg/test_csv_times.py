"""Rates and gaps out of times."""

import numpy as np
import pytest

from splkit.ecg.recordings.csv_times import rate_and_places
from splkit.errors import RecordingError


def test_after_a_gap_a_recorder_may_start_at_any_moment() -> None:
    # Six stretches of 400 samples; from the last sample of one to the first of the next it is 40.4 steps.
    steps = np.ones(2400)
    steps[400::400] = 40.4
    times_s = (np.cumsum(steps) - 1) / 130
    fs_hz, places = rate_and_places(times_s, "made")
    assert fs_hz == pytest.approx(130, rel=1e-9)
    np.testing.assert_array_equal(np.diff(places), np.where(steps[1:] > 1, 40, 1))


@pytest.mark.parametrize("jump_s", [10.0, 1e9])
def test_more_gap_than_recording_is_refused_before_it_takes_memory(jump_s: float) -> None:
    times_s = np.arange(600) / 130
    times_s[300:] += jump_s
    with pytest.raises(RecordingError, match="a recording is longer than its gaps"):
        rate_and_places(times_s, "made")


def test_a_gap_in_the_middle_of_a_short_recording_does_not_bend_its_rate() -> None:
    times_s = np.delete(np.round(np.arange(600) / 512, 3), np.s_[200:221])
    fs_hz, places = rate_and_places(times_s, "made")
    assert fs_hz == pytest.approx(512, rel=1e-3)
    np.testing.assert_array_equal(places[:200], np.arange(200))
    assert places[200] == pytest.approx(221, abs=1)
