"""The simulator: the physiology that it claims, measured on what it makes."""

import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from splkit.ecg.frontend import FrontEndConfig, run_front_end, to_counts
from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.rpeaks.find import find_r_peaks
from splkit.ecg.simulator import physiology
from splkit.ecg.simulator.conditions import CONDITIONS, draw_ckd_patient, with_condition
from splkit.ecg.simulator.heartbeat import deflections, seen_potassium
from splkit.ecg.simulator.leads import DERIVED, LEADS, in_lead
from splkit.ecg.simulator.noise import NO_NOISE, NoiseLevels, draw_levels, noise
from splkit.ecg.simulator.patient import Patient, draw_patient
from splkit.ecg.simulator.physiology import NORMAL_MEQ_L, PREVALENCE
from splkit.ecg.simulator.record import simulate_record
from splkit.ecg.simulator.rhythm import draw_beats
from splkit.errors import RecordingError, UsageError
from splkit.train.cohort import TEST_TAIL_SHARE, draw_label, draw_potassium

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

import delineation
import dialysis
import noiseless
import potassium as acceptance
import ptbxl

RESTING = NoiseLevels(wander_mv=0.02, muscle_mv=0.004)
TIME_MS = np.arange(-400.0, 800.0)
P, Q, R, S, ST, T, U = range(7)


@pytest.fixture(scope="module")
def patients() -> list[Patient]:
    return [draw_patient(np.random.default_rng(seed)) for seed in range(1500)]


@pytest.fixture(scope="module")
def answering(patients: list[Patient]) -> Patient:
    return replace(patients[0], gain=1.0, p_gone_at_meq_l=8.0, sine_from_meq_l=8.6)


def wave(patient: Patient, potassium_meq_l: float, number: int) -> NDArray[np.float64]:
    return deflections(patient, potassium_meq_l)[number].at(TIME_MS[None], np.ones((1, 1)))[0]


def width_ms(shape: NDArray[np.float64]) -> float:
    return float((np.abs(shape) > np.abs(shape).max() / 2).sum())


def t_slope_per_s(patient: Patient, potassium_meq_l: float) -> float:
    t = wave(patient, potassium_meq_l, T)
    return float(1e3 * -np.diff(t).min() / t.max())


def test_every_standard_lead_can_be_simulated() -> None:
    assert LEADS == TWELVE_LEADS


def test_patients_follow_ptb_xl(patients: list[Patient]) -> None:
    assert np.median([one.r_mv for one in patients]) == pytest.approx(1.30, abs=0.05)
    assert np.median([one.t_mv for one in patients]) == pytest.approx(0.338, abs=0.02)
    ratio = [one.t_mv / one.r_mv for one in patients]
    assert np.median(ratio) == pytest.approx(0.27, abs=0.02)
    assert np.std(ratio) == pytest.approx(0.10, abs=0.02)  # as `MEASURED`
    assert np.median([width_ms(wave(one, 4.2, T)) for one in patients[:300]]) == pytest.approx(96, abs=4)
    assert np.median([t_slope_per_s(one, 4.2) for one in patients[:300]]) == pytest.approx(19.6, abs=0.6)
    assert np.median([one.heart_rate_per_min for one in patients]) == pytest.approx(67, abs=2)


# Median, its tolerance, SD, its tolerance; PTB-XL, NORM, by the specification. It has 0.13 for the SD of T/R
# and 16 for that of P's duration, but this code measures 0.10 and 26 on 165 real ECGs (bench/ptbxl.py
# --leads). Simulated ECGs shall be as real ones.
MEASURED = {
    "V5": {
        "r_mv": (1.30, 0.10, 0.47, 0.10),
        "t_mv": (0.338, 0.03, 0.159, 0.04),
        "t_over_r": (0.27, 0.03, 0.10, 0.03),
        "t_width_ms": (96, 6, 24, 8),
        "r_to_t_ms": (258, 8, 26, 9),
        "t_slope_per_s": (19.6, 1.0, 3.2, 0.8),
        "qrs_ms": (90, 8, 21, 8),
        "pr_ms": (156, 10, 26, 6),
        "p_ms": (102, 10, 26, 6),
        "qt_ms": (398, 30, 42, 15),
        "heart_rate_per_min": (67, 3, 12, 4),
    },
    "II": {"r_mv": (0.85, 0.10, 0.40, 0.10), "t_mv": (0.279, 0.03, 0.11, 0.07)},
    "I": {"r_mv": (0.67, 0.08, 0.30, 0.10), "t_mv": (0.222, 0.03, 0.10, 0.07)},
}


@pytest.mark.parametrize("lead", MEASURED)
def test_records_measure_as_ptb_xl_does(lead: str) -> None:
    measured = []
    for seed in range(300):
        level = float(np.random.default_rng(seed).normal(NORMAL_MEQ_L.value, 0.4))
        made = simulate_record(level, fs_hz=500, duration_s=10, seed=seed, lead=lead, noise=RESTING)
        one = delineation.measure(made.recording.signal_mv, made.r_samples, 500)
        assert one is not None
        measured.append(one.values())
    names = [field.name for field in fields(delineation.Measures)]
    for name, (median, off, sd, sd_off) in MEASURED[lead].items():
        values = np.array(measured)[:, names.index(name)]
        assert np.nanmedian(values) == pytest.approx(median, abs=off), name
        assert np.nanstd(values) == pytest.approx(sd, abs=sd_off), name


def test_the_bundled_model_reads_ptb_xl(data_dir: Path) -> None:
    """On six ECGs; `bench/ptbxl.py` holds its bars on all of them."""
    result = ptbxl.run(data_dir, "V5")
    assert ptbxl.missed_bars(result) == []
    assert (result["with_an_estimate"], result["normal"], result["normal_with_an_estimate"]) == (6, 3, 3)
    assert 3.5 < result["normal_median_meq_l"] < 5.5


@pytest.mark.long
def test_as_hard_as_published() -> None:
    """On beats without noise, of as many patients in dialysis as bench/potassium.py has.

    Potassium is drawn more often, as it costs nothing. The test after this one holds that noise and the front
    end change little. Where everyone answers, or nobody by more than half, or sessions shift T twice as much,
    or not at all, some figure is outside.
    """
    rng = np.random.default_rng(1)
    labels = [draw_label(rng, draw_potassium(rng, TEST_TAIL_SHARE)) for _ in range(20_000)]
    measured = acceptance.cohort_figures(*noiseless.cohort_cycles(600))
    measured |= acceptance.potassium_figures(np.array(labels))
    measured |= acceptance.dialysis_figures(acceptance.DIALYSIS_PATIENTS, cycle_of=noiseless.cycle_of)
    for name, (low, high, _) in acceptance.ALL_ACCEPTED.items():
        assert low <= measured[name] <= high, f"{name}: {measured[name]}"


def test_noise_and_front_end_change_little_of_how_hard_it_is() -> None:
    """Of an upright T of a tenth of R: T/R to 0.03, slope over amplitude to 4 %, where sessions make 7."""
    pairs = []
    for number in range(28):
        rng = np.random.default_rng([number])
        person, level = draw_ckd_patient(rng), float(rng.uniform(3.5, 6.5))
        ways = (dialysis.front_end_cycle, noiseless.cycle_of)
        seen = [way(person, level, number, number) for way in ways]
        if all(cycle is not None for cycle in seen):
            pairs.append([dialysis.TWaves.of(cycle[None]) for cycle in seen])
    assert len(pairs) > 20
    shown = [(one, two) for one, two in pairs if two.is_upright[0] and two.ratio[0] > 0.1]
    assert len(shown) > 18 and all(one.is_upright[0] for one, _ in shown)
    assert max(abs(one.ratio[0] - two.ratio[0]) for one, two in shown) < 0.03
    slopes = [np.log(one.slope_per_s[0] / two.slope_per_s[0]) for one, two in shown]
    assert abs(np.mean(slopes)) < 0.02 and np.std(slopes) < 0.04


@pytest.mark.parametrize("rate", [40, 110, 180])
def test_heart_rates(rate: int) -> None:
    person = replace(draw_patient(np.random.default_rng(1)), heart_rate_per_min=float(rate), sdnn_ms=10.0)
    times_s = draw_beats(person, 60, np.random.default_rng(2)).times_s
    assert 60 / np.mean(np.diff(times_s)) == pytest.approx(rate, rel=0.02)


def test_every_lead_of_one_heart(answering: Patient) -> None:
    made = {
        lead: simulate_record(4.5, seed=1, lead=lead, patient=answering, duration_s=20, noise=NO_NOISE)
        for lead in LEADS
    }
    for lead, record in made.items():
        assert record.recording.channel == f"simulated {lead}"
        np.testing.assert_array_equal(record.r_samples, made["V5"].r_samples)
    for lead, shares in DERIVED.items():
        summed = sum(share * made[one].recording.signal_mv for one, share in shares.items())
        np.testing.assert_allclose(made[lead].recording.signal_mv, summed, atol=1e-12)
    assert in_lead(answering, "V5") == answering
    assert in_lead(answering, "V1").s_over_r > 1 > in_lead(answering, "V5").s_over_r
    with pytest.raises(UsageError, match="found 'V9'"):
        simulate_record(4.5, seed=1, lead="V9")


def test_t_grows_more_in_ii_than_in_v4(answering: Patient) -> None:
    grown = [
        wave(in_lead(answering, lead), 6.3, T).max() / wave(in_lead(answering, lead), 4.2, T).max()
        for lead in ("V4", "II")
    ]
    assert grown == pytest.approx([1.35, 1.48], abs=0.05)


def test_a_cohort_answers_as_published_in_the_mean(patients: list[Patient]) -> None:
    """T +35 % in V4, +48 % in II, its width -40 %, PR +21 ms: a mean over 32 patients."""
    for lead, published in (("V4", 1.35), ("II", 1.48)):
        seen = [in_lead(one, lead) for one in patients[:500]]
        normal, high = ([deflections(one, level) for one in seen] for level in (4.2, 6.3))
        t_mv = [np.mean([waves[T].amplitude_mv for waves in each]) for each in (normal, high)]
        t_ms = [np.mean([waves[T].rise_ms + waves[T].fall_ms for waves in each]) for each in (normal, high)]
        later_ms = np.mean(
            [one[P].center_ms - two[P].center_ms for one, two in zip(normal, high, strict=True)]
        )
        assert t_mv[1] / t_mv[0] == pytest.approx(published, abs=0.05)
        assert t_ms[1] / t_ms[0] == pytest.approx(0.6, abs=0.08)
        assert later_ms == pytest.approx(21, abs=4)


def test_conditions_are_as_common_as_the_table_says() -> None:
    people = [draw_ckd_patient(np.random.default_rng(seed)) for seed in range(2000)]
    for condition, share in PREVALENCE.items():
        found = np.mean([condition in one.conditions for one in people])
        assert found == pytest.approx(share.value, abs=4 * np.sqrt(share.value / 2000)), condition


@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_condition_changes_the_record(answering: Patient, condition: str) -> None:
    changed = with_condition(answering, condition, np.random.default_rng(4))
    healthy, ill = (
        simulate_record(4.5, seed=2, patient=one, duration_s=60, noise=NO_NOISE).recording.signal_mv
        for one in (answering, changed)
    )
    assert changed.conditions == (condition,)
    assert np.abs(healthy - ill).max() > 0.05


def test_fibrillation_has_no_p_wave_and_no_rhythm(answering: Patient) -> None:
    person = with_condition(answering, "af", np.random.default_rng(1))
    rr_s = np.diff(draw_beats(person, 300, np.random.default_rng(2)).times_s)
    assert wave(person, 4.2, P).max() == 0.0
    assert np.std(rr_s) / np.mean(rr_s) == pytest.approx(0.2, abs=0.06)


def test_noise_is_shaped_as_recorded() -> None:
    for levels, band_hz in (
        (NoiseLevels(wander_mv=1.0), (0.05, 1.0)),
        (NoiseLevels(exertion_mv=1.0), (3.0, 60.0)),
    ):
        signal = noise(30_000, 300, levels, np.random.default_rng(1))
        power = np.abs(np.fft.rfft(signal)) ** 2
        at_hz = np.fft.rfftfreq(30_000, 1 / 300)
        inside = power[(at_hz >= band_hz[0]) & (at_hz <= band_hz[1])].sum() / power.sum()
        assert np.std(signal) == pytest.approx(1.0) and inside > 0.95


def quiet_uv(signal_mv: NDArray[np.float64], r_samples: NDArray[np.int64]) -> float:
    """Median SD about a parabola of the 0.1 s that end 0.24 s before R, between T and P, at 500 Hz."""
    time = np.arange(50)
    quiet = [signal_mv[at - 170 : at - 120] for at in r_samples[1:]]
    rests = [one - np.polyval(np.polyfit(time, one, 2), time) for one in quiet]
    return float(1e3 * np.median(np.std(rests, axis=1)))


def test_patients_at_rest_are_as_quiet_as_real_ones(data_dir: Path) -> None:
    """Noise between T and P: 1.4 to 7.3 uV in the six excerpts, 4 in the median; within 1.5 times."""
    real, simulated = [], []
    for path in sorted((data_dir / "ptbxl").rglob("*_hr.hea")):
        recording = read_recording(path.with_suffix(""), "V5")
        real.append(quiet_uv(recording.signal_mv, find_r_peaks(recording).sample))
    for seed in range(30):
        levels = draw_levels(np.random.default_rng(seed), physiology.REST)
        made = simulate_record(NORMAL_MEQ_L.value, seed=seed, fs_hz=500, duration_s=10, noise=levels)
        simulated.append(quiet_uv(made.recording.signal_mv, made.r_samples))
    assert len(real) == 6
    assert 1 / 1.5 < np.median(simulated) / np.median(real) < 1.5
    assert np.percentile(simulated, 90) < 2 * np.max(real)


def test_a_laboratory_is_not_the_heart() -> None:
    rng = np.random.default_rng(1)
    error = np.array([draw_label(rng, 5.0) for _ in range(20_000)]) - 5.0
    assert np.median(error) == pytest.approx(0.0, abs=0.01)
    assert np.std(error) < 0.2
    assert np.mean(error > 0.5) == pytest.approx(0.031 * np.exp(-0.5 / 0.4), abs=0.004)


def test_four_to_six_patients_in_ten_hardly_answer(patients: list[Patient]) -> None:
    assert 0.35 <= np.mean([one.gain <= 0.5 for one in patients]) <= 0.6


def test_t_slope_over_amplitude_follows_severi(answering: Patient) -> None:
    slopes = [t_slope_per_s(answering, level) / (level + 0.69) for level in (3.0, 4.2, 5.5, 6.9)]
    np.testing.assert_allclose(slopes, slopes[0], rtol=0.02)


@pytest.mark.parametrize("potassium_meq_l", [4.2, 5.6, 6.5, 7.5, 8.0, 8.5])
def test_t_lasts_as_long_as_published_and_seldom_shorter_than_qrs(potassium_meq_l: float) -> None:
    """In hemodialysis T lasts 170 ms or less where potassium is high (Nemati and Taheri 2010, abstract)."""
    t_ms, qrs_ms = acceptance.durations_ms(potassium_meq_l).T
    assert (np.median(t_ms) <= 170) == (potassium_meq_l > 5.5)
    assert np.mean(t_ms < qrs_ms) <= 0.2 and np.min(t_ms / qrs_ms) >= 0.65


def test_slow_conduction_is_what_spreads_t_beyond_7(monkeypatch: pytest.MonkeyPatch) -> None:
    """38 % of T waves are shorter than QRS without it, 4 % with it.

    QRS normally lasts 82 ms, as in the ECGs of the atlas. Where it lasts 90, as the simulator once had it,
    these are 51 and 10 %.
    """
    before = acceptance.durations_ms(6.0)
    spread_share = np.mean(np.less(*acceptance.durations_ms(7.5).T))
    monkeypatch.setattr(physiology, "T_SPREADS", physiology.T_SPREADS._replace(value=0.0))
    np.testing.assert_array_equal(acceptance.durations_ms(6.0), before)
    share = np.mean(np.less(*acceptance.durations_ms(7.5).T))
    assert share > 0.3 and share > 5 * spread_share


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
    assert deflections(deaf, 8.0) == deflections(deaf, 3.0)
    assert deflections(answering, 8.0) != deflections(answering, 3.0)


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


def test_a_session_can_be_recorded_more_than_once() -> None:
    person = replace(draw_patient(np.random.default_rng(1)), sdnn_ms=8.0, breath_on_r=0.0)
    one, two, other = (
        simulate_record(5.0, seed=seed, session=session, patient=person, duration_s=20, noise=NO_NOISE)
        for seed, session in ((1, 7), (2, 7), (1, 8))
    )
    heights = [float(made.recording.signal_mv.max()) for made in (one, two, other)]
    assert heights[0] == pytest.approx(heights[1], rel=0.01) and heights[0] != pytest.approx(
        heights[2], rel=0.01
    )
    assert not np.array_equal(one.r_samples, two.r_samples)


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
