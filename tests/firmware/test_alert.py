"""The alert state machine: each transition of its twin, the C in the ELF beside it, simulated patients."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.curves import shifted
from support.stand_in import FS_HZ

from splkit.ecg.frontend import Verdict, to_counts
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.simulator.patient import draw_patient
from splkit.ecg.simulator.record import simulate_record
from splkit.firmware.parity.alert import POTASSIUM, Alerts, Settings
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.application import Application, simulate_core
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.wire.framing import unframe
from splkit.firmware.wire.protocol import parse_lines
from splkit.quantize.carried import card_for
from splkit.quantize.contract import Contract
from splkit.quantize.posterior import BloodTest, Priors, personal_curve
from splkit.quantize.reference import reference_model

OK, WIDE, NOISE = Verdict.ACCEPTED, Verdict.WIDE, Verdict.NOISE


class Patient:
    """Beats 0.8 s apart and estimates, as a stream brings them; the states that they lead to."""

    def __init__(self, settings: Settings = Settings(), contract: Contract = POTASSIUM) -> None:  # noqa: B008
        self.alerts = Alerts(FS_HZ, settings, contract)
        self.now = 0

    def beats(self, count: int, verdict: Verdict = OK, *, rr: int = 240, uv: int = 1000) -> str:
        for _ in range(count):
            self.now += rr
            self.alerts.time(self.now)
            self.alerts.beat(self.now, rr, uv, verdict)
        return self.alerts.state

    def estimates(self, *values: int | None) -> str:
        for each in values:
            self.beats(8)
            self.alerts.answer(self.now, each)
        return self.alerts.state

    def silence(self, seconds: float) -> str:
        self.now += round(seconds * FS_HZ)
        self.alerts.time(self.now)
        return self.alerts.state


def test_two_estimates_are_no_state_and_three_are() -> None:
    patient = Patient()
    assert patient.estimates(7000, 7000) == "none"
    assert patient.estimates(7000) == "critical"


@pytest.mark.parametrize(
    ("estimates", "state"),
    [
        ([4500] * 5, "normal"),
        ([5499] * 5, "normal"),
        ([5500] * 3, "high"),
        ([4500, 4500, 5500, 5500, 5500], "high"),
        ([4500, 5500, 4500, 5500, 5500], "high"),
        ([5500, 4500, 4500, 5500, 5500], "high"),
        ([5500, 4500, 4500, 4500, 5500, 5500], "normal"),
        ([5500, 6500, 6500], "high"),
        ([6499] * 5, "high"),
        ([6500] * 3, "critical"),
    ],
)
def test_a_level_is_reached_by_three_of_five(estimates: list[int], state: str) -> None:
    assert Patient().estimates(*estimates) == state


def test_an_answer_that_has_grown_takes_the_place_of_the_one_before() -> None:
    """So the same cycles are never held against a level twice: one of them spoils one answer of five."""
    for grown, state in ((False, "critical"), (True, "none")):
        patient = Patient()
        for number in range(3):
            patient.beats(2)
            patient.alerts.answer(patient.now, 7000, grown=grown and number > 0)
        assert patient.alerts.state == state
    assert patient.estimates(4500, 4500) == "normal"


def test_an_answer_grows_into_none_where_it_is_no_estimate() -> None:
    patient = Patient()
    assert patient.estimates(4500, 4500, 4500) == "normal"
    patient.alerts.answer(patient.now, None, grown=True)
    assert patient.alerts.state == "none"


def test_a_level_is_left_by_three_of_five_below_the_hysteresis() -> None:
    patient = Patient()
    assert patient.estimates(*[6600] * 5) == "critical"
    assert patient.estimates(*[6200] * 5) == "critical"
    assert patient.estimates(6199, 6199) == "critical"
    assert patient.estimates(6199) == "high"
    assert patient.estimates(*[5200] * 5) == "high"
    assert patient.estimates(5199, 5199, 5200) == "high"
    assert patient.estimates(5199) == "normal"


def test_an_alert_may_fall_from_critical_to_normal_at_once() -> None:
    patient = Patient()
    patient.estimates(*[6600] * 3)
    assert patient.estimates(*[4000] * 3) == "normal"


def test_calibration_and_thresholds_count() -> None:
    assert Patient(Settings(shifted(600))).estimates(*[5000] * 3) == "high"
    assert Patient(Settings(shifted(-600))).estimates(*[6000] * 3) == "normal"
    assert Patient(Settings(high_ueq_l=5000, critical_ueq_l=5400)).estimates(*[5400] * 3) == "critical"


def test_ten_seconds_without_an_accepted_cycle_end_every_level() -> None:
    for level, state in ((4500, "normal"), (5600, "high"), (6600, "critical")):
        patient = Patient()
        assert patient.estimates(*[level] * 3) == state
        last = patient.now
        assert patient.silence(10) == state
        assert patient.silence(1 / FS_HZ) == "none"
        assert patient.alerts.changed_at == last + 10 * FS_HZ
        assert patient.estimates(level, level) == "none"


def test_beats_that_are_not_accepted_do_not_keep_a_level() -> None:
    patient = Patient()
    patient.estimates(*[5600] * 3)
    assert patient.beats(12, NOISE) == "high"
    assert patient.beats(1, NOISE) == "none"


def test_a_minute_without_an_estimate_ends_a_level_even_with_accepted_cycles() -> None:
    patient = Patient()
    patient.estimates(*[5600] * 3)
    assert patient.beats(75) == "high"
    assert patient.beats(1) == "none"


def test_a_sine_wave_is_eight_beats_without_a_qrs_complex() -> None:
    patient = Patient()
    patient.estimates(*[4500] * 3)
    assert patient.beats(7, WIDE) == "normal"
    assert patient.beats(1, WIDE) == "sine"
    assert patient.silence(10) == "sine"
    assert patient.silence(0.1) == "none"


def test_a_sine_wave_ends_with_estimates_of_a_rhythm() -> None:
    patient = Patient()
    patient.beats(9, WIDE)
    assert patient.estimates(6600) == "sine"
    assert patient.estimates(6600) == "none"
    assert patient.estimates(6600) == "critical"


@pytest.mark.parametrize(
    "beats", [{"uv": 299}, {"verdict": Verdict.ECTOPIC}, {"verdict": NOISE}, {"verdict": Verdict.LEAD_OFF}]
)
def test_what_is_small_or_not_wide_is_no_sine_wave(beats: dict[str, int | Verdict]) -> None:
    assert Patient().beats(40, **({"verdict": WIDE} | beats)) == "none"  # type: ignore[arg-type]


def test_what_is_irregular_is_no_sine_wave() -> None:
    patient = Patient()
    for i in range(40):
        assert patient.beats(1, WIDE, rr=240 if i % 2 else 280) == "none"


def test_what_is_no_estimate_makes_nothing_normal_and_ends_a_level() -> None:
    assert Patient().estimates(*[None] * 20) == "none"
    assert Patient().estimates(4500, None, 4500, None) == "none"
    assert Patient().estimates(4500, None, 4500, None, 4500) == "normal"
    for level, state in ((4500, "normal"), (5600, "high"), (6600, "critical")):
        patient = Patient()
        assert patient.estimates(*[level] * 5, None, None) == state
        assert patient.estimates(None) == "none"
        assert patient.estimates(None, None, None, level, level) == "none"
        assert patient.estimates(level) == state


def test_what_is_no_estimate_keeps_none_alive() -> None:
    patient = Patient()
    assert patient.estimates(5600, 5600, 5600, None, None) == "high"
    last = patient.now - 2 * 8 * 240
    assert patient.beats((60 * FS_HZ - (patient.now - last)) // 240) == "high"
    assert patient.beats(1) == "none"


PROBABILITY = {"task": "probability", "positive_spl_meq_l": 5.5}


def test_a_probability_has_one_threshold_with_hysteresis() -> None:
    patient = Patient(contract=Contract(alert_threshold=0.6, **PROBABILITY))
    assert patient.estimates(599, 599) == "none"
    assert patient.estimates(599) == "unlikely"
    assert patient.estimates(600, 600) == "unlikely"
    assert patient.estimates(600) == "likely"
    assert patient.estimates(*[550] * 5) == "likely"
    assert patient.estimates(549, 549) == "likely"
    assert patient.estimates(549) == "unlikely"
    assert patient.beats(8, WIDE) == "sine"


def test_a_low_threshold_can_be_left() -> None:
    patient = Patient(contract=Contract(alert_threshold=0.03, **PROBABILITY))
    assert patient.estimates(*[30] * 3) == "likely"
    assert patient.estimates(*[15] * 5) == "likely"
    assert patient.estimates(*[14] * 3) == "unlikely"


def test_another_task_has_no_states() -> None:
    patient = Patient(contract=Contract(task="other", unit="bpm", plausible={"low": 0, "high": 250}))
    assert patient.estimates(*[70_000] * 5) == "-"
    assert patient.beats(9, WIDE) == "-"
    assert patient.silence(100) == "-"


def stand_in_lines(counts: NDArray[np.int16]) -> list[str]:
    """The K and A lines of the stand-in library's firmware, by the twin."""
    alerts, texts, beats, accepted = Alerts(FS_HZ), [], 0, 0
    last = 0

    def note(changed: bool) -> None:
        texts.extend([f"A {alerts.changed_at} {alerts.state}"] if changed else [])

    for at in np.flatnonzero(counts > 1000).tolist():
        sample, rr = int(counts[at]), at - last if beats else 0
        beats, last, verdict = beats + 1, at, sample % 10
        note(alerts.time(at))
        note(alerts.beat(at, rr, (sample * 144000 + (1 << 15)) >> 16, Verdict(min(verdict, 8))))
        accepted += verdict == 0
        if verdict == 0 and accepted % 4 == 0:
            changed = alerts.answer(at, sample)
            texts.append(f"K {at} {sample} - - {~(accepted % 100)} {alerts.state}")
            note(changed)
    note(alerts.time(len(counts) - 1 - 4 * FS_HZ))
    return texts


@pytest.mark.parametrize("seed", range(3))
def test_the_firmware_goes_through_the_same_states(built: Callable[[str], Path], seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = np.zeros(20 * 60 * FS_HZ, np.int16)
    at = 0
    while True:  # stretches of one kind of rhythm, with gaps now and then
        level, kind = rng.integers(400, 720) * 10, rng.choice([0, 0, 0, 4, 8])
        if rng.random() < 0.2:
            at += int(rng.integers(5, 25) * FS_HZ)
        for _ in range(int(rng.integers(4, 60))):
            at += int(rng.integers(200, 260))
            if at >= len(counts):
                break
            counts[at] = level + 10 * rng.integers(-30, 30) + kind
        if at >= len(counts):
            break
    lines = simulate_core(built("mps2-an386") / "firmware.elf", counts)
    said = [unframe(line) for line in lines if line[0] in "KA"]
    assert said == stand_in_lines(counts)
    seen = {text.split()[2] for text in said if text[0] == "A"}
    assert seen == {"none", "normal", "high", "critical", "sine"}


def simulated(twin: Twin, seed: int, *potassium_meq_l: float) -> NDArray[np.int16]:
    """Two minutes at each potassium level, of one simulated patient."""
    patient = draw_patient(np.random.default_rng(seed))
    records = (
        simulate_record(level, duration_s=120, seed=100 * seed + i, patient=patient).recording
        for i, level in enumerate(potassium_meq_l)
    )
    return np.concatenate([to_counts(record, twin.config) for record in records])


def states(lines: list[str]) -> list[str]:
    return [unframe(line).split()[2] for line in lines if line.startswith("A ")]


def test_simulated_potassium_rises_and_falls_and_so_do_alerts(exported_model: Callable[[str], Path]) -> None:
    """Of patients whose T waves answer; at 7.5 mEq/L four in ten hardly do."""
    folder = exported_model("nrf52")
    twin = Twin(folder)
    risen = 0
    for seed in (4, 5, 8):
        counts = simulated(twin, seed, 4.2, 7.5, 4.2)
        lines = twin.lines(twin.front_end(counts), len(counts))
        assert simulate_core(folder / "firmware.elf", counts)[1:] == lines
        seen = states(lines)
        assert seen[0] == seen[-1] == "normal"
        risen += not {"high", "critical", "sine"}.isdisjoint(seen)
    assert risen == 3


def test_a_calibrated_device_and_its_twin_say_the_same(exported_model: Callable[[str], Path]) -> None:
    folder = exported_model("nrf52")
    twin = Twin(folder)
    counts = simulated(twin, 4, 4.2, 7.5)
    first = Application(CoreSimulator(folder / "firmware.elf"))
    first.push(counts[: 60 * FS_HZ])
    mean = sum(each.spl_ueq_l for each in parse_lines(first.lines).estimates[-5:]) // 5
    first.send(f"calibrate {mean + 300}")
    first.send("alert 5000 5800")
    personal = card_for(reference_model()).personal
    assert personal is not None
    curve = personal_curve(Priors.of(personal), [BloodTest(mean + 300, mean, 0)], 30)
    assert curve is not None
    again = Application(CoreSimulator(folder / "firmware.elf"), first.store)
    again.push(counts)
    settings = Settings(curve, 5000, 5800)
    assert again.lines[1:] == twin.lines(twin.front_end(counts), len(counts), settings)


def test_noise_flat_lines_and_rails_are_never_an_alert(exported_model: Callable[[str], Path]) -> None:
    twin = Twin(exported_model("nrf52"))
    rng = np.random.default_rng(5)
    time_s = np.arange(180 * FS_HZ) / FS_HZ
    white = rng.normal(0, 1, len(time_s))
    signals_mv = {
        "white": 0.3 * white,
        "wander": 0.02 * np.cumsum(white),
        "mains": np.sin(2 * np.pi * 50 * time_s),
        "flat": 0.1 * (time_s > 1),
        "rails": np.sign(np.sin(2 * np.pi * 1.2 * time_s)) * 1000,
        "bursts": white * (np.sin(2 * np.pi * 0.2 * time_s) > 0.5),
    }
    for name, signal_mv in signals_mv.items():
        counts = to_counts(Recording(signal_mv, float(FS_HZ), name, name), twin.config)
        seen = states(twin.lines(twin.front_end(counts), len(counts)))
        assert {"high", "critical", "sine"}.isdisjoint(seen), name


def test_with_the_lead_off_an_alert_ends_and_comes_back(exported_model: Callable[[str], Path]) -> None:
    twin = Twin(exported_model("nrf52"))
    counts = simulated(twin, 4, 7.5, 7.5)
    counts[110 * FS_HZ : 130 * FS_HZ] = 0
    seen = states(twin.lines(twin.front_end(counts), len(counts)))
    assert seen[0] in ("high", "critical")
    assert "none" in seen[1:-1]
    assert seen[-1] in ("high", "critical")
