"""Windows of 2 s about accepted beats: what is in them, and what is not done with them."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from splkit.ecg.frontend import (
    CYCLE,
    TWO_SECONDS,
    FrontEndConfig,
    FrontEndTrace,
    Verdict,
    cycles_in,
    inputs_in,
    run_front_end,
    to_counts,
)
from splkit.ecg.frontend.config import JOB_PUSHES
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.rpeaks.find import find_r_peaks
from splkit.ecg.rpeaks.strip import cycles_of, strip_beats
from splkit.ecg.simulator.record import simulate_record
from splkit.errors import RecordingError
from splkit.quantize.contract import CycleContract
from splkit.quantize.distance import values_of
from splkit.train.config import TrainConfig

ONE, R, POINTS_A_SECOND = 4096, 300, 300


def beats(fs_hz: int, rr_s: float, wander: float = 0.0, duration_s: float = 20.0) -> NDArray[np.float64]:
    """R waves of 1 mV and T waves of 0.3 mV, the first R peak after one interval, in mV."""
    time_s = np.arange(round(duration_s * fs_hz)) / fs_hz
    from_r_s = (time_s + rr_s / 2) % rr_s - rr_s / 2
    from_r_s = np.where(time_s < rr_s / 2, -1.0, from_r_s)
    waves = np.exp(-((from_r_s / 0.012) ** 2)) + 0.3 * np.exp(-(((from_r_s - 0.22) / 0.03) ** 2))
    never_still = 0.002 * np.sin(2 * np.pi * 17 * time_s)
    return np.asarray(waves + wander * np.sin(2 * np.pi * 0.25 * time_s) + never_still)


def trace_of(signal_mv: NDArray[np.float64], config: FrontEndConfig) -> FrontEndTrace:
    return run_front_end(to_counts(Recording(signal_mv, float(config.fs_hz), "V5", "made"), config), config)


def reading(fs_hz: int) -> tuple[FrontEndConfig, FrontEndConfig]:
    return (
        FrontEndConfig.for_rate(fs_hz, 1.0, 1),
        FrontEndConfig.for_rate(fs_hz, 1.0, 1, TWO_SECONDS),
    )


@pytest.mark.parametrize(("fs_hz", "off"), [(125, 0.08), (300, 0.02), (500, 0.02)])
@pytest.mark.parametrize("rr_s", [0.48, 0.8])
def test_the_beats_on_both_sides_stand_where_they_are(fs_hz: int, off: float, rr_s: float) -> None:
    trace = trace_of(beats(fs_hz, rr_s), reading(fs_hz)[1])
    windows = inputs_in(trace.averaged) / ONE
    assert windows.shape[1] == 600 and len(windows) > 10
    shift = round(rr_s * POINTS_A_SECOND)
    for place in range(R % shift, 600, shift):
        near = windows[:, max(place - 1, 0) : place + 2]
        np.testing.assert_allclose(near.max(axis=1), 1.0, atol=off, err_msg=f"R at {place}")
    for place in range((R + 66) % shift, 600, shift):
        np.testing.assert_allclose(windows[:, place], 0.3, atol=0.02, err_msg=f"T at {place}")


def test_of_a_fast_rate_the_cycle_is_masked_and_the_window_is_not() -> None:
    row = trace_of(beats(300, 0.48), reading(300)[1]).averaged[5]
    cycle, window = cycles_in(row[np.newaxis])[0], inputs_in(row[np.newaxis])[0]
    next_r = round(0.48 * POINTS_A_SECOND)
    assert not cycle[CYCLE.r_index + next_r - 29 :].any()
    assert window[R + next_r] > 0.95 * ONE and window[R - next_r] > 0.95 * ONE


@pytest.mark.parametrize("fs_hz", [250, 300])
def test_beats_are_judged_by_their_cycles_alone(fs_hz: int) -> None:
    """So both inputs take the same beats, but for those whose window begins before the recording."""
    ecg = simulate_record(5.0, fs_hz=fs_hz, duration_s=40, seed=3).recording
    cycle, window = (run_front_end(to_counts(ecg, each), each) for each in reading(fs_hz))
    np.testing.assert_array_equal(cycle.r_sample, window.r_sample)
    late = window.verdict == Verdict.LATE
    assert (cycle.r_sample[late] < fs_hz * 1.02).all()
    np.testing.assert_array_equal(cycle.verdict[~late], window.verdict[~late])
    assert (window.verdict == Verdict.ACCEPTED).sum() > 30
    np.testing.assert_array_equal(cycles_in(window.cycles)[-30:], cycle.cycles[-30:])
    np.testing.assert_array_equal(values_of(window.cycles)[-30:], values_of(cycle.cycles)[-30:])


def test_no_window_begins_before_the_recording() -> None:
    for start_s in (0.9, 0.95, 1.05, 1.1):
        fs_hz, rr_s = 300, 0.5
        signal_mv = beats(fs_hz, rr_s)[round((4 * rr_s - start_s) * fs_hz) :]
        trace = trace_of(signal_mv, reading(fs_hz)[1])
        second = int(np.argmin(np.abs(trace.r_sample - start_s * fs_hz)))
        assert (trace.verdict[second] == Verdict.ACCEPTED) == (start_s > 1.01), start_s


def test_a_clipped_neighbour_spoils_the_window_and_not_the_cycle() -> None:
    signal_mv, at = beats(300, 0.8), 10 * 240
    signal_mv[at - 60 : at + 60] *= 1.1
    rail = 1.05 * 1000 / 32767
    cycle, window = (
        trace_of(signal_mv, FrontEndConfig.for_rate(300, rail, 1, each)) for each in (CYCLE, TWO_SECONDS)
    )
    after = int(np.argmin(np.abs(cycle.r_sample - (at + 240))))
    assert (cycle.verdict[after], window.verdict[after]) == (Verdict.ACCEPTED, Verdict.CLIP)


@pytest.mark.parametrize("rr_s", [0.5, 0.8, 1.0, 1.4])
def test_wander_is_taken_off(rr_s: float) -> None:
    """Of 0.2 mV at 15 breaths a minute, a root mean square of 0.14 of R."""
    still, moving = (
        inputs_in(trace_of(beats(300, rr_s, wander, 45.0), reading(300)[1]).averaged) / ONE
        for wander in (0.0, 0.2)
    )
    count = min(len(still), len(moving)) - 2
    away = np.sqrt(np.mean((moving[4:count] - still[4:count]) ** 2, axis=0))
    assert count > 20 and away[: R + 150].max() < 0.09 and away.max() < 0.12


@pytest.mark.parametrize("averaged_cycles", [2, 8])
def test_windows_are_not_averaged(averaged_cycles: int) -> None:
    with pytest.raises(RecordingError, match="window longer than a cycle is not averaged"):
        FrontEndConfig.for_rate(300, 1.0, averaged_cycles, TWO_SECONDS)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not averaged"):
        TrainConfig(input="2s", averaged_cycles=averaged_cycles)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not averaged"):
        TrainConfig(input="2s", also_averaged=(averaged_cycles,))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not averaged"):
        CycleContract.of(TWO_SECONDS, averaged_cycles)  # type: ignore[arg-type]
    assert TrainConfig(input="2s").averaged_cycles == 1


def test_no_other_window_stands_on_a_card() -> None:
    known = CycleContract.of(TWO_SECONDS, 1)
    assert known.window == TWO_SECONDS and known.window_s == (-1.0, 1.0)
    for other in ({"r_index": 90}, {"length": 599}, {"window_s": (-0.3, 1.7)}, {"fs_hz": 250}):
        with pytest.raises(ValueError, match="the front end cuts 270 points with R at 90 or 600"):
            CycleContract.model_validate(known.model_dump() | other)


def test_windows_of_a_strip_lie_wholly_in_it() -> None:
    """Of 5.5 s with R at 1, 2, ... 5 s those of the middle three: the first window would begin before P."""
    strip = Recording(beats(300, 1.0, duration_s=5.5), 300.0, "V5", "made")
    found = strip_beats(strip, TWO_SECONDS)
    assert len(cycles_of(found, TWO_SECONDS)) == 3
    assert len(cycles_of(strip_beats(strip))) == 4
    gap = replace(strip, gaps=((200, 330),))
    assert len(find_r_peaks(gap, window=TWO_SECONDS).cycles) < 3


@pytest.mark.parametrize("fs_hz", [*range(125, 1001, 25), 128, 257, 360])
def test_the_ring_holds_a_window_until_the_last_push_of_its_beat(fs_hz: int) -> None:
    """A beat that is found as late as may be is measured JOB_PUSHES before its window is cut."""
    config = reading(fs_hz)[1]
    first_tap = math.floor(-1.005 * fs_hz) - 1
    latest_age = config.ring - JOB_PUSHES - config.before
    assert latest_age + JOB_PUSHES - first_tap < config.ring
    assert math.ceil(1.005 * fs_hz) + 2 <= config.report_lag
