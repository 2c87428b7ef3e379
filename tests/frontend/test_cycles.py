"""The extractor: what a cycle keeps of its ECG, and what it must not keep of everything else."""

from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from support.host_front_end import host_front_end

from splkit.ecg.frontend import (
    R_INDEX,
    AveragedCycles,
    FrontEndConfig,
    FrontEndTrace,
    Verdict,
    run_front_end,
)

UV_PER_COUNT = 2.0
ONE = 4096
ST = slice(R_INDEX + 27, R_INDEX + 33)  # 90 to 110 ms after R
T_WAVE = slice(R_INDEX + 45, R_INDEX + 120)
WAVES = ((-0.16, 0.02, 0.12), (0.0, 0.011, 1.0), (0.03, 0.01, -0.25), (0.29, 0.04, 0.45))  # s, s, mV
ST_MV = 0.15


def ecg_mv(time_s: NDArray[np.float64], r_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """P, R, S and T waves and an elevated ST segment, 90 to 180 ms after each R."""
    signal = np.zeros(len(time_s))
    for at_s in r_s:
        since_s = time_s - at_s
        for delay_s, width_s, size_mv in WAVES:
            signal += size_mv * np.exp(-0.5 * ((since_s - delay_s) / width_s) ** 2)
        signal += ST_MV * (np.tanh((since_s - 0.06) / 0.012) - np.tanh((since_s - 0.2) / 0.06)) / 2
    return signal


def truth() -> NDArray[np.float64]:
    """One cycle as it is, R amplitude = 4096."""
    return ONE * ecg_mv((np.arange(270) - R_INDEX) / 300, np.zeros(1))


def trace_of(signal_mv: NDArray[np.float64], fs_hz: int, uv_per_count: float = UV_PER_COUNT) -> FrontEndTrace:
    counts = (signal_mv * 1000 / uv_per_count).round().clip(-32768, 32767).astype(np.int16)
    return run_front_end(counts, FrontEndConfig.for_rate(fs_hz, uv_per_count))


def regular(rate_bpm: float, duration_s: float, first_s: float = 0.7) -> NDArray[np.float64]:
    return np.arange(first_s, duration_s - 0.7, 60 / rate_bpm)


@pytest.mark.parametrize("rate_bpm", [50, 75, 110])
@pytest.mark.parametrize("wander_hz", [0.05, 0.15, 0.3])
def test_baseline_wander_leaves_st_and_t_as_they_are(rate_bpm: int, wander_hz: float) -> None:
    time_s = np.arange(60 * 300) / 300
    clean = ecg_mv(time_s, regular(rate_bpm, 60.0))
    reference = trace_of(clean, 300).averaged[2]
    trace = trace_of(clean + 0.5 * np.sin(2 * np.pi * wander_hz * time_s), 300)
    assert (trace.verdict == Verdict.ACCEPTED).sum() >= len(trace.verdict) - 3
    error = np.abs(trace.averaged - reference) / ONE
    assert error[:, ST].max() < 0.025 and error[:, T_WAVE].max() < 0.025


@pytest.mark.parametrize("fs_hz", [125, 128, 200, 250, 257, 300, 360, 500, 1000])
def test_a_cycle_is_the_signal_at_270_points_whatever_the_rate(fs_hz: int) -> None:
    """R between samples as often as on them; RMS of all points, in the R amplitude."""
    time_s = np.arange(60 * fs_hz) / fs_hz
    averaged = trace_of(ecg_mv(time_s, regular(71.3, 60.0)), fs_hz, uv_per_count=0.5).averaged
    error = (averaged - truth()) / ONE
    assert len(averaged) >= 7
    assert np.sqrt((error**2).mean()) < (0.02 if fs_hz < 200 else 0.012)
    ratio = averaged[:, T_WAVE].max(axis=1) / averaged[:, R_INDEX - 2 : R_INDEX + 3].max(axis=1)
    np.testing.assert_allclose(ratio, truth()[T_WAVE].max() / ONE, atol=0.03 if fs_hz < 200 else 0.012)


def test_cycles_lie_on_each_other_though_r_lies_between_samples() -> None:
    time_s = np.arange(120 * 125) / 125
    cycles = trace_of(ecg_mv(time_s, regular(71.3, 120.0)), 125, uv_per_count=0.5).cycles[10:]
    slopes = cycles[:, R_INDEX - 6 : R_INDEX + 7].astype(np.float64)
    spread = (slopes - slopes.mean(axis=0)).std() / ONE
    unaligned = 0.1  # of R: what half a sample of 8 ms either way makes of slopes this steep
    assert spread < 0.4 * unaligned


@pytest.mark.parametrize("rate_bpm", [120, 150, 180])
def test_the_next_beat_is_masked_at_fast_rates(rate_bpm: int) -> None:
    time_s = np.arange(60 * 300) / 300
    r_s = regular(rate_bpm, 60.0)
    trace = trace_of(ecg_mv(time_s, r_s), 300)
    next_qrs = round((60 / rate_bpm - 0.1) * 300) + 2
    assert len(trace.averaged) >= 10
    assert (trace.averaged[:, R_INDEX + next_qrs :] == 0).all()
    assert np.abs(trace.averaged[:, R_INDEX + next_qrs - 40 : R_INDEX + next_qrs - 5]).max() > 0


def test_amplitude_is_reported_with_each_cycle() -> None:
    time_s = np.arange(30 * 250) / 250
    trace = trace_of(1.7 * ecg_mv(time_s, regular(71.3, 30.0)), 250)
    np.testing.assert_allclose(trace.amplitude[1:] * UV_PER_COUNT, 1700, rtol=0.02)


@pytest.mark.parametrize("averaged_cycles", get_args(AveragedCycles))
def test_a_mean_is_of_so_many_accepted_cycles(averaged_cycles: AveragedCycles) -> None:
    time_s = np.arange(60 * 300) / 300
    counts = (ecg_mv(time_s, regular(75, 60.0)) * 1000 / UV_PER_COUNT).round().astype(np.int16)
    trace = run_front_end(counts, FrontEndConfig.for_rate(300, UV_PER_COUNT, averaged_cycles))
    assert len(trace.averaged) == len(trace.cycles) // averaged_cycles > 0
    of_each = trace.cycles[: len(trace.averaged) * averaged_cycles].reshape(-1, averaged_cycles, 270)
    np.testing.assert_allclose(trace.averaged, of_each.mean(axis=1), atol=averaged_cycles / 2)
    accepted = np.flatnonzero(trace.verdict == Verdict.ACCEPTED)
    np.testing.assert_array_equal(trace.averaged_beat, accepted[averaged_cycles - 1 :: averaged_cycles])


def test_verdicts_are_counted_alike_by_twin_and_c() -> None:
    random = np.random.default_rng(3)
    time_s = np.arange(60 * 300) / 300
    signal = ecg_mv(time_s, regular(75, 60.0))
    signal[20 * 300 : 30 * 300] += random.normal(scale=0.5, size=3000)
    counts = (signal * 500).round().astype(np.int16)
    config = FrontEndConfig.for_rate(300, UV_PER_COUNT)
    twin, host = run_front_end(counts, config), host_front_end(config).front_end(counts)
    assert sum(twin.counted.values()) == len(twin.verdict)
    assert twin.counted == host.counted and len(twin.counted) == len(Verdict)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["white", "brown", "mains", "sine", "lead off"])
def test_what_is_no_ecg_gives_no_cycle(kind: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    time_s = np.arange(300 * 300) / 300
    signal = {
        "white": lambda: random.normal(scale=0.5, size=len(time_s)),
        "brown": lambda: 0.05 * np.cumsum(random.normal(size=len(time_s))),
        "mains": lambda: np.sin(2 * np.pi * 50 * time_s) * (1 + np.sin(2 * np.pi * (seed + 1) * time_s)),
        "sine": lambda: np.sin(2 * np.pi * (0.8 + 0.7 * seed) * time_s),
        "lead off": lambda: np.full(len(time_s), 0.1) + random.integers(0, 2, len(time_s)) / 500,
    }[kind]()
    assert len(trace_of(signal - signal.mean(), 300).averaged) == 0
