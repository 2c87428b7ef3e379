"""The simulator: the physiology that it claims, measured on what it makes."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from splkit.ecg.frontend import FrontEndConfig, run_front_end, to_counts
from splkit.ecg.noise import NO_NOISE
from splkit.ecg.patient import Patient, draw_patient
from splkit.ecg.simulator import simulate_record
from splkit.ecg.waves import seen_potassium, waves
from splkit.errors import RecordingError, UsageError

TIME_MS = np.arange(-400.0, 800.0)
P, Q, R, S, ST, T, U = range(7)


@pytest.fixture(scope="module")
def patients() -> list[Patient]:
    return [draw_patient(np.random.default_rng(seed)) for seed in range(1500)]


@pytest.fixture(scope="module")
def answering(patients: list[Patient]) -> Patient:
    return replace(patients[0], gain=1.0, p_gone_at_meq_l=8.0, sine_from_meq_l=8.6)


def wave(patient: Patient, potassium_meq_l: float, number: int) -> NDArray[np.float64]:
    return waves(patient, potassium_meq_l)[number].at(TIME_MS[None], np.ones((1, 1)))[0]


def width_ms(shape: NDArray[np.float64]) -> float:
    return float((np.abs(shape) > np.abs(shape).max() / 2).sum())


def t_slope_per_s(patient: Patient, potassium_meq_l: float) -> float:
    t = wave(patient, potassium_meq_l, T)
    return float(1e3 * -np.diff(t).min() / t.max())


def test_patients_follow_ptb_xl(patients: list[Patient]) -> None:
    assert np.median([one.r_mv for one in patients]) == pytest.approx(1.30, abs=0.05)
    assert np.median([one.t_mv for one in patients]) == pytest.approx(0.338, abs=0.02)
    ratio = [one.t_mv / one.r_mv for one in patients]
    assert np.median(ratio) == pytest.approx(0.27, abs=0.02)
    assert np.std(ratio) == pytest.approx(0.13, abs=0.03)
    assert np.median([width_ms(wave(one, 4.2, T)) for one in patients[:300]]) == pytest.approx(96, abs=4)
    assert np.median([t_slope_per_s(one, 4.2) for one in patients[:300]]) == pytest.approx(19.6, abs=0.6)
    assert np.median([one.heart_rate_per_min for one in patients]) == pytest.approx(67, abs=2)


def test_four_to_six_patients_in_ten_hardly_answer(patients: list[Patient]) -> None:
    assert 0.35 <= np.mean([one.gain <= 0.5 for one in patients]) <= 0.6


def test_t_slope_over_amplitude_follows_severi(answering: Patient) -> None:
    slopes = [t_slope_per_s(answering, level) / (level + 0.69) for level in (3.0, 4.2, 5.5, 6.9)]
    np.testing.assert_allclose(slopes, slopes[0], rtol=0.02)


def test_t_grows_and_narrows_p_and_r_fall_and_qrs_widens(answering: Patient) -> None:
    normal, high = ([wave(answering, level, n) for n in range(7)] for level in (4.2, 6.3))
    assert high[T].max() / normal[T].max() == pytest.approx(1.35, abs=0.05)
    assert width_ms(high[T]) / width_ms(normal[T]) == pytest.approx(0.6, abs=0.08)
    assert 0.0 < high[P].max() < normal[P].max()
    assert wave(answering, 8.1, P).max() == 0.0
    assert wave(answering, 7.0, R).max() / normal[R].max() == pytest.approx(0.9)
    assert width_ms(wave(answering, 8.0, R)) > 1.25 * width_ms(wave(answering, 6.5, R))


def test_a_sine_wave_at_the_end(answering: Patient) -> None:
    before, after = (sum(waves_at(answering, level)) for level in (8.5, 9.6))
    assert np.abs(np.diff(after)).max() < 0.5 * np.abs(np.diff(before)).max()
    assert after.min() < -0.5 * after.max()


def waves_at(patient: Patient, level: float) -> list[NDArray[np.float64]]:
    return [wave(patient, level, number) for number in range(7)]


def test_low_potassium_lowers_t_and_raises_u(answering: Patient) -> None:
    normal, low = waves_at(answering, 4.2), waves_at(answering, 2.5)
    assert low[T].max() < 0.6 * normal[T].max()
    assert low[U].max() > normal[U].max() + 0.08


def test_gain_is_what_the_ecg_sees(answering: Patient) -> None:
    deaf = replace(answering, gain=0.0)
    assert seen_potassium(deaf, 8.0) == pytest.approx(4.2)
    assert waves(deaf, 8.0) == waves(deaf, 3.0)
    assert waves(answering, 8.0) != waves(answering, 3.0)


def test_r_peaks_are_where_the_record_says() -> None:
    made = simulate_record(4.5, seed=3, noise=NO_NOISE, duration_s=30)
    signal, r_samples = made.recording.signal_mv, made.r_samples
    inner = r_samples[(r_samples > 30) & (r_samples < signal.size - 30)]
    peaks = [at - 30 + int(np.argmax(signal[at - 30 : at + 30])) for at in inner]
    assert len(inner) > 20
    assert np.abs(np.array(peaks) - inner).max() <= 2


def test_the_front_end_finds_them_at_every_rate() -> None:
    for fs_hz in (250, 300, 360):
        made = simulate_record(5.0, seed=4, fs_hz=fs_hz, duration_s=40)
        config = FrontEndConfig.for_rate(fs_hz, 5.0)
        trace = run_front_end(to_counts(made.recording, config), config)
        known = made.r_samples[made.r_samples < (40 - 2) * fs_hz]
        distance = np.abs(trace.r_sample[:, None] - known).min(axis=0)
        assert np.mean(distance <= 0.05 * fs_hz) >= 0.95
        assert len(trace.averaged) >= 1


def test_same_seed_same_samples() -> None:
    first, again, other = (simulate_record(5.0, seed=seed, duration_s=5) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.recording.signal_mv, again.recording.signal_mv)
    assert first.patient == again.patient
    assert not np.array_equal(first.recording.signal_mv, other.recording.signal_mv)


def test_a_patient_seen_again_is_another_session() -> None:
    person = simulate_record(5.0, seed=1, duration_s=5).patient
    one, two = (
        simulate_record(5.0, seed=seed, patient=person, duration_s=5, noise=NO_NOISE) for seed in (1, 2)
    )
    assert one.patient == two.patient == person
    assert np.ptp(one.recording.signal_mv) != np.ptp(two.recording.signal_mv)


def test_rr_intervals_vary_as_asked() -> None:
    person = replace(draw_patient(np.random.default_rng(5)), sdnn_ms=40.0, heart_rate_per_min=60.0)
    made = simulate_record(4.5, seed=6, patient=person, duration_s=300, noise=NO_NOISE)
    rr_ms = np.diff(made.r_samples) / 0.3
    assert np.std(rr_ms) == pytest.approx(40, rel=0.2)
    assert np.mean(rr_ms) == pytest.approx(1000, rel=0.3)


def test_out_of_range() -> None:
    with pytest.raises(UsageError, match="found 12 mEq/L"):
        simulate_record(12.0, seed=1)
    with pytest.raises(UsageError, match="found nan mEq/L"):
        simulate_record(float("nan"), seed=1)
    with pytest.raises(UsageError, match=r"found 0\.5 s"):
        simulate_record(5.0, seed=1, duration_s=0.5)
    with pytest.raises(RecordingError, match="found 10 Hz"):
        simulate_record(5.0, seed=1, fs_hz=10)
