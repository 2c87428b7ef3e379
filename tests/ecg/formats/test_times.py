"""Times of samples on a grid: rounding is no gap, a lost packet is."""

import numpy as np
import pytest

from splkit.ecg.recordings.formats.times import on_grid, spread
from splkit.errors import RecordingError

TIMES_MS = np.round(np.arange(2000) / 1.024)
"""Of 1024 Hz, to 1 ms: as Shimmer writes them."""


def test_a_sample_written_a_millisecond_late_is_no_gap() -> None:
    late_ms = TIMES_MS.copy()
    late_ms[500] += 1
    fs_hz, places = on_grid(late_ms * 1e-3, 1e-3, "made")
    assert fs_hz == pytest.approx(1024, rel=1e-3)
    np.testing.assert_array_equal(places, np.arange(2000))


def test_a_lost_packet_is_a_gap_of_its_samples() -> None:
    kept = np.r_[0:700, 750:2000]
    fs_hz, places = on_grid(TIMES_MS[kept] * 1e-3, 1e-3, "made")
    assert fs_hz == pytest.approx(1024, rel=1e-3)
    np.testing.assert_array_equal(places[:700], np.arange(700))
    assert places[700] == pytest.approx(750, abs=1)
    values = spread(np.arange(1950.0), places)
    assert np.isnan(values[700 : places[700]]).all()
    np.testing.assert_array_equal(values[places], np.arange(1950.0))


@pytest.mark.parametrize(
    ("times_s", "said"),
    [
        (np.r_[np.arange(100), np.arange(100)] / 100, "rise from one to the next"),
        (np.zeros(50), "rise from one to the next"),
        (np.r_[np.arange(100), np.nan] / 100, "every sample has a time"),
        (np.r_[np.arange(50), np.arange(5000, 5050)] / 100, "at most half of a recording is missing"),
        (np.r_[np.arange(100) / 100, 1e300], "at most half of a recording is missing"),
        (np.r_[np.arange(200) / 100, 2 + np.arange(200) / 140], "samples come at one rate between gaps"),
    ],
)
def test_times_of_no_one_rate_are_refused(times_s: np.ndarray, said: str) -> None:
    with pytest.raises(RecordingError, match=said):
        on_grid(times_s, 1e-6, "made")
