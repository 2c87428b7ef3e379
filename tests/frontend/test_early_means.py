"""Means of fewer cycles, where there was none for 10 s: when they are reported, and what is in them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from splkit.ecg.frontend import FrontEndConfig, Verdict
from splkit.ecg.frontend.average import Average
from splkit.errors import RecordingError

OK, NOISE, RR, LEAD_OFF = Verdict.ACCEPTED, Verdict.NOISE, Verdict.RR, Verdict.LEAD_OFF
FS_HZ, SECOND = 300, 300
CONFIG = FrontEndConfig.for_rate(FS_HZ, 5.0, 8, least_cycles=2)


def flat(value: int) -> NDArray[np.int64]:
    return np.full(270, value, np.int64)


class Beats:
    """Beats a second apart; what has been reported, as pairs of cycles and whether they have grown."""

    def __init__(self, least_cycles: int = 2, averaged_cycles: int = 8) -> None:
        self.average = Average(averaged_cycles, least_cycles=least_cycles, patience=CONFIG.patience)
        self.now = self.index = 0

    def take(self, count: int, verdict: Verdict = OK, value: int = 1000) -> list[tuple[int, bool]]:
        before = len(self.average.counts)
        for _ in range(count):
            self.average.take(self.index, verdict, flat(value) if verdict is OK else None, self.now)
            self.now += SECOND
            self.index += 1
        grown = self.average.grown[before:]
        return list(zip(self.average.counts[before:], grown, strict=True))


def test_the_first_mean_comes_at_two_cycles_and_grows_to_a_whole_one() -> None:
    beats = Beats()
    assert beats.take(8) == [(2, False), (4, True), (8, True)]
    assert beats.take(16) == [(8, False), (8, False)]
    assert beats.average.complete_at == [1, 3, 7, 15, 23]


def test_a_mean_is_early_where_none_was_reported_for_ten_seconds() -> None:
    beats = Beats()
    beats.take(8)
    assert beats.take(8, NOISE) == []
    assert beats.take(1) == [] and beats.take(1) == [(2, False)]  # 10 s after the whole one
    assert beats.take(2) == [(4, True)]
    assert beats.take(4) == [(8, True)]
    assert beats.take(7, NOISE) == [] == beats.take(2)  # 9 s
    assert beats.take(2) == [(4, False)]  # no mean of two was reported; this one was due


@pytest.mark.parametrize("interruption", [RR, LEAD_OFF])
def test_an_interrupted_mean_begins_anew(interruption: Verdict) -> None:
    beats = Beats()
    assert beats.take(3) == [(2, False)]
    assert beats.take(1, interruption) == []
    assert beats.take(2) == []  # 4 s after the mean of two
    assert beats.take(6) == [(8, False)]


def test_a_lead_that_comes_back_after_an_hour_gives_an_early_mean_of_what_it_shows_then() -> None:
    beats = Beats()
    beats.take(5, value=4000)
    beats.now += 3600 * SECOND
    assert beats.take(1, LEAD_OFF) == []
    assert beats.take(2, value=-2000) == [(2, False)]
    assert (beats.average.means()[-1] == -2000).all()


def test_sixteen_rejected_beats_end_a_mean_of_eight_early_or_not() -> None:
    beats = Beats()
    assert beats.take(2) == [(2, False)]
    assert beats.take(16, NOISE) == [] and beats.take(2) == [(4, True)]
    assert beats.take(1, NOISE) == []
    beats.now += 10 * SECOND
    assert beats.take(2) == [(2, False)]


@pytest.mark.parametrize("least_cycles", [1, 2, 4, 8])
def test_a_mean_is_that_of_its_cycles(least_cycles: int) -> None:
    """To the rounding of each share, half a count in a whole mean."""
    rng = np.random.default_rng(least_cycles)
    cycles = rng.integers(-20_000, 20_000, (8, 270))
    average = Average(8, least_cycles=least_cycles, patience=CONFIG.patience)
    for index, cycle in enumerate(cycles):
        average.take(index, OK, cycle, index)
    assert average.counts == [each for each in (1, 2, 4, 8) if each >= least_cycles]
    for count, mean in zip(average.counts, average.means(), strict=True):
        np.testing.assert_allclose(mean, cycles[:count].mean(axis=0), atol=4)


def test_extremes_stay_extremes() -> None:
    for value in (32767, -32768):
        beats = Beats()
        beats.take(8, value=value)
        assert np.abs(beats.average.means() - value).max() <= 4


def test_a_model_of_whole_means_alone_has_no_early_ones() -> None:
    assert FrontEndConfig.for_rate(FS_HZ, 5.0).least_cycles == 8
    assert Beats(least_cycles=8).take(24) == [(8, False)] * 3


def test_no_early_mean_is_larger_than_a_whole_one() -> None:
    with pytest.raises(RecordingError, match="an early mean is of no more cycles"):
        FrontEndConfig.for_rate(FS_HZ, 5.0, 4, least_cycles=8)
