"""Synthetic records of which every R peak is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from splkit.ecg.frontend import R_INDEX, FrontEndConfig, FrontEndTrace, Verdict, run_front_end

UV_PER_COUNT = 2.0
LEARNING_AND_REPORT_S = 2.0


def ecg_mv(
    fs_hz: int,
    r_s: NDArray[np.float64],
    duration_s: float,
    t_mv: float = 0.3,
    r_mv: float = 1.0,
    qrs_ms: float = 11.0,
) -> NDArray[np.float64]:
    """P, R, S and T waves as Gaussians about known R peaks; the T wave comes later at slow rates (Bazett)."""
    time_s = np.arange(int(duration_s * fs_hz)) / fs_hz
    signal = np.zeros(len(time_s))
    rr_s = np.diff(r_s, append=2 * r_s[-1] - r_s[-2])
    for at_s, interval_s in zip(r_s, rr_s, strict=True):
        t_delay_s = 0.29 * np.sqrt(min(interval_s, 1.0))
        for delay_s, width_s, size_mv in (
            (-0.15, 0.02, 0.12 * np.sign(r_mv)),
            (0.0, qrs_ms / 1000, r_mv),
            (0.03, 0.010, -0.2 * r_mv),
            (t_delay_s, 0.035, t_mv),
        ):
            signal += size_mv * np.exp(-0.5 * ((time_s - at_s - delay_s) / width_s) ** 2)
    return signal


def found(signal_mv: NDArray[np.float64], fs_hz: int, uv_per_count: float = UV_PER_COUNT) -> FrontEndTrace:
    config = FrontEndConfig.for_rate(fs_hz, uv_per_count)
    counts = (signal_mv * 1000 / uv_per_count).round().clip(-32768, 32767).astype(np.int16)
    return run_front_end(counts, config)


def regular(rate_bpm: float, duration_s: float = 60.0) -> NDArray[np.float64]:
    return np.arange(0.7, duration_s - 0.7, 60 / rate_bpm)


def assert_all_found(trace: FrontEndTrace, r_s: NDArray[np.float64], fs_hz: int, end_s: float) -> None:
    """Every R peak that is due is found once, within a sample, and nothing else is."""
    due = r_s[r_s < end_s - 1.7]
    np.testing.assert_allclose(trace.r_sample[: len(due)] / fs_hz, due, atol=1.01 / fs_hz)
    assert len(trace.r_sample) <= len(r_s)


@pytest.mark.parametrize("fs_hz", [125, 250, 300, 360, 500, 1000])
@pytest.mark.parametrize("rate_bpm", [40, 75, 120, 180])
def test_clean_ecg_is_found_completely(fs_hz: int, rate_bpm: int) -> None:
    r_s = regular(rate_bpm)
    assert_all_found(found(ecg_mv(fs_hz, r_s, 60.0), fs_hz), r_s, fs_hz, 60.0)


@pytest.mark.parametrize("rate_bpm", [40, 60, 90, 130, 170])
@pytest.mark.parametrize("t_mv", [0.8, 1.2, 1.6])
def test_t_wave_taller_than_r_is_no_beat(rate_bpm: int, t_mv: float) -> None:
    r_s = regular(rate_bpm)
    assert_all_found(found(ecg_mv(300, r_s, 60.0, t_mv=t_mv), 300), r_s, 300, 60.0)


def test_inverted_lead_is_placed_on_its_peak() -> None:
    r_s = regular(70)
    trace = found(ecg_mv(300, r_s, 60.0, r_mv=-0.8, t_mv=-0.2), 300)
    assert_all_found(trace, r_s, 300, 60.0)
    assert (trace.amplitude[2:] < 0).all()
    np.testing.assert_allclose(trace.cycles[:, R_INDEX], 4096, atol=0.005 * 4096)


def test_irregular_rhythm_is_found_completely() -> None:
    random = np.random.default_rng(4)
    r_s = 0.8 + np.cumsum(random.uniform(0.45, 1.3, 60))
    duration_s = float(r_s[-1]) + 1.0
    assert_all_found(found(ecg_mv(300, r_s, duration_s), 300), r_s, 300, duration_s)


def test_cycles_keep_the_ratio_of_t_to_r() -> None:
    r_s = regular(60)
    trace = found(ecg_mv(300, r_s, 60.0, t_mv=0.5), 300)
    t_wave = trace.averaged[:, R_INDEX + 60 :].max(axis=1) / 4096
    np.testing.assert_allclose(t_wave, 0.5, atol=0.01)
    np.testing.assert_allclose(trace.averaged[:, R_INDEX], 4096, atol=0.005 * 4096)
    np.testing.assert_allclose(trace.amplitude[2:] * UV_PER_COUNT, 1000, atol=10)


@pytest.mark.parametrize("fs_hz", [125, 250, 360, 500, 1000])
def test_cycle_does_not_depend_on_the_rate(fs_hz: int) -> None:
    r_s = np.arange(0.8, 60.0, 0.8)  # on a sample at each of the rates
    reference = found(ecg_mv(300, r_s, 60.0, qrs_ms=20.0), 300, uv_per_count=0.5).averaged[-1]
    averaged = found(ecg_mv(fs_hz, r_s, 60.0, qrs_ms=20.0), fs_hz, uv_per_count=0.5).averaged[-1]
    assert np.abs(averaged - reference).max() < 0.01 * 4096


def test_steady_rhythm_is_accepted_and_averaged() -> None:
    trace = found(ecg_mv(300, regular(75), 60.0), 300)
    accepted = trace.verdict == Verdict.ACCEPTED
    settled = trace.r_sample > LEARNING_AND_REPORT_S * 300
    assert accepted[settled].all()
    assert trace.verdict[0] == Verdict.FIRST
    assert len(trace.averaged) == accepted.sum() // 8 == len(trace.averaged_beat)
    assert (np.diff(trace.averaged_beat) == 8).all()


def test_premature_beat_is_ectopic_and_the_cycle_whose_t_wave_it_cuts_short_is_cut() -> None:
    r_s = np.sort(np.append(regular(60), 30.7 + 0.45))
    trace = found(ecg_mv(300, r_s, 60.0), 300)
    at = int(np.argmin(np.abs(trace.r_sample - 31.15 * 300)))
    assert trace.verdict[at] == Verdict.ECTOPIC
    assert trace.verdict[at - 1] == Verdict.CUT
    assert trace.verdict[at + 3] == Verdict.ACCEPTED


def test_beat_of_another_shape_is_wide() -> None:
    r_s = regular(60)
    wide = ecg_mv(300, r_s[30] + np.array([0, 5]), 60.0, r_mv=-1.5, qrs_ms=35, t_mv=0.9)
    signal = ecg_mv(300, np.delete(r_s, 30), 60.0)
    signal[29 * 300 : 32 * 300] += wide[29 * 300 : 32 * 300]
    trace = found(signal, 300)
    at = int(np.argmin(np.abs(trace.r_sample - r_s[30] * 300)))
    assert trace.verdict[at] == Verdict.WIDE
    assert trace.verdict[at + 2] == Verdict.ACCEPTED


@pytest.mark.parametrize("trouble", ["rails", "step", "full scale", "lead off", "extremes"])
def test_works_again_within_3_s_of_trouble(trouble: str) -> None:
    r_s = regular(75, 90.0)
    signal = ecg_mv(300, r_s, 90.0)
    random = np.random.default_rng(5)
    begin, end = 30 * 300, 40 * 300
    signal[begin:end] = {
        "rails": 70.0,
        "step": signal[begin:end] + 30.0,
        "full scale": np.where(np.arange(end - begin) < 1500, 65.0, -65.0),
        "lead off": 0.1,
        "extremes": random.choice([-70.0, 70.0], end - begin),
    }[trouble]
    trace = found(signal, 300)
    later = r_s[(r_s > 43.0) & (r_s < 88.0)]
    late_found = trace.r_sample[trace.r_sample > 42.9 * 300] / 300
    np.testing.assert_allclose(late_found[: len(later)], later, atol=1.01 / 300)


def test_faults_are_named() -> None:
    r_s = regular(75, 60.0)
    signal = ecg_mv(300, r_s, 60.0)
    signal[int(r_s[20] * 300) + 60 : int(r_s[20] * 300) + 90] = 70.0
    signal[int(r_s[40] * 300) + 50 : int(r_s[40] * 300) + 350] = 0.1
    trace = found(signal, 300)
    for beat, verdict in ((20, Verdict.CLIP), (40, Verdict.LEAD_OFF)):
        at = int(np.argmin(np.abs(trace.r_sample - r_s[beat] * 300)))
        assert trace.verdict[at] == verdict


def test_weak_beat_is_found_by_search_back() -> None:
    r_s = regular(70)
    signal = ecg_mv(300, r_s, 60.0)
    weak = slice(int(r_s[30] * 300) - 60, int(r_s[30] * 300) + 60)
    signal[weak] *= 0.24
    assert_all_found(found(signal, 300), r_s, 300, 60.0)


@pytest.mark.parametrize("level_mv", [0.05, 70.0])
def test_lead_off_for_an_hour_gives_no_beat_and_does_no_harm(level_mv: float) -> None:
    r_s = regular(75, 30.0)
    beats = ecg_mv(300, r_s, 30.0)
    trace = found(np.concatenate([beats, np.full(3600 * 300, level_mv), beats]), 300)
    inside = (trace.r_sample > 31 * 300) & (trace.r_sample < 3629 * 300)
    assert not inside.any()
    after_s = trace.r_sample[trace.r_sample > 3630 * 300] / 300 - 3630
    np.testing.assert_allclose(after_s[: len(r_s) - 2], r_s[: len(after_s)][: len(r_s) - 2], atol=1.01 / 300)
