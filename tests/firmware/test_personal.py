"""Calibration by blood tests in C: its twin on random patients, and the commands of a device."""

import ctypes
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from support.by_bayes import calibrated, spread
from support.curves import StoredCurve
from support.host_application import compile_store
from support.scenarios import counts
from support.single_answer import single_answer_model
from support.stand_in import PERSONAL, PRIORS

from splkit import boards
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.parity.alert import Settings
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.application import Application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.wire.framing import unframe
from splkit.firmware.wire.protocol import parse_lines
from splkit.quantize.carried import card_for
from splkit.quantize.curve import KNOTS, Curve
from splkit.quantize.posterior import BloodTest, Priors, personal_curve
from splkit.quantize.reference import reference_model


def curve_of_c(library: ctypes.CDLL, tests: list[BloodTest], day: int) -> Curve | None:
    given = ((ctypes.c_uint16 * 3) * max(len(tests), 1))()
    for at, test in enumerate(tests):
        given[at][:] = (test.spl_ueq_l, test.estimate_ueq_l, test.day)
    stored = StoredCurve()
    library.spl_curve_of_tests.restype = ctypes.c_bool
    if not library.spl_curve_of_tests(given, len(tests), ctypes.c_uint16(day), ctypes.byref(stored)):
        return None
    return stored.curve


def patients(seed: int) -> Iterator[tuple[list[BloodTest], int]]:
    """Blood tests of likely and unlikely patients, and a day on which they are asked for."""
    rng = np.random.default_rng(seed)
    for _ in range(3000):
        offset, gain = rng.normal(0, 400), rng.normal(0.6, 0.35)
        day, tests = int(rng.integers(0, 1000)), []
        for _ in range(int(rng.integers(0, 7))):
            blood = int(np.clip(rng.normal(4800, 1300), 1500, 10_000))
            estimate = 4500 + offset + gain * (blood - 4500) + rng.normal(0, rng.choice([200, 350, 2000]))
            tests.append(BloodTest(blood, int(np.clip(estimate, 1000, 10_000)), day))
            day += int(rng.choice([0, 0, 1, 3, 90, 4000]))
        yield tests, min(day + int(rng.choice([0, 1, 60_000])), 65_535)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return ctypes.CDLL(str(compile_store(tmp_path_factory.mktemp("personal") / "libstore.so")))


def test_the_c_draws_the_twins_curves(library: ctypes.CDLL) -> None:
    seen = {"believed": 0, "not": 0}
    for tests, day in patients(1):
        expected = personal_curve(PRIORS, tests, day)
        assert curve_of_c(library, tests, day) == expected, (tests, day)
        seen["not" if expected is None else "believed"] += 1
    assert min(seen.values()) > 200


def test_calibrated_values_and_ends_are_the_twins(library: ctypes.CDLL) -> None:
    rng = np.random.default_rng(2)
    for _ in range(2000):
        curve = Curve(tuple(rng.integers(-9000, 9000, len(KNOTS)).tolist()), 0, int(rng.integers(0, 20_000)))
        stored = ctypes.byref(StoredCurve.of(curve))
        estimate, end = int(rng.integers(-1000, 20_000)), int(rng.integers(-5000, 5000))
        assert library.spl_curve_value(stored, estimate) == curve.value(estimate)
        assert library.spl_curve_end(end, curve.spread) == curve.ends(end, 0)[0]


@pytest.fixture
def application(built: Callable[[str], Path]) -> Application:
    """One whose last estimates are 5.0 mEq/L, without an interval."""
    application = Application(CoreSimulator(built("nrf52") / "firmware.elf"))
    application.open_session()
    application.push(counts(["12x5000"]))
    return application


def said(application: Application, command: str) -> str:
    return unframe(application.send(command)[-1])


def test_a_device_shrinks_by_hand(application: Application) -> None:
    """After a blood test of 4.5, the usual potassium, while 5.0 was estimated, in its session."""
    tests = [BloodTest(4500, 5000, 0)]
    assert said(application, "calibrate 4500") == "R calibrate ok"
    application.push(counts(["4x5000"]))
    value = parse_lines(application.lines).estimates[-1].spl_ueq_l
    assert value == pytest.approx(1000 * calibrated(PERSONAL, tests, 0, 5.0), abs=12)
    assert 4500 < value < 5000
    status = said(application, "status").split()
    by_hand = 1000 * calibrated(PERSONAL, tests, 0, 4.5) - 4500
    assert int(status[5]) == value and int(status[6]) == pytest.approx(by_hand, abs=12)
    assert [status[12], status[13], status[15]] == ["potassium", "1", "0"]
    assert int(status[14]) == pytest.approx(1000 * spread(PERSONAL, tests, 0), abs=6)


def test_a_day_later_less_is_known(application: Application) -> None:
    said(application, "calibrate 4500")
    assert said(application, "day 1") == "R day ok"
    curve = personal_curve(PRIORS, [BloodTest(4500, 5000, 0)], 1)
    assert curve is not None
    application.push(counts(["4x5000"]))
    assert parse_lines(application.lines).estimates[-1].spl_ueq_l == curve.value(5000)
    assert said(application, "status").split()[13:] == ["1", str(curve.sd), "1"]


@pytest.mark.parametrize(
    ("commands", "answer"),
    [
        (["calibrate 4500 0"], "ok"),
        (["calibrate 4500 1"], "error future"),
        (["day 20000", "calibrate 4500 20000"], "ok"),
        (["day 20000", "calibrate 4500 20001"], "error future"),
        (["day 20000", "calibrate 4500 19999"], "error stale"),
        (["calibrate 4500", "calibrate 4500"], "error doubled"),
        (["calibrate 4500", "day 1", "calibrate 4500"], "ok"),
        (["calibrate 4500", "calibrate 4501"], "ok"),
        (["calibrate 4500 0 0"], "error argument"),
        (["calibrate 4500 x"], "error argument"),
        (["calibrate 4500", "day 5", "day 0"], "ok"),
        (["day 5", "calibrate 4500", "day 4"], "error range"),
        (["day 65535"], "ok"),
        (["day 65536"], "error range"),
        (["day -1"], "error range"),
        (["day"], "error argument"),
        (["change"], "error stale"),
        (["change now"], "error argument"),
    ],
)
def test_what_a_device_takes(application: Application, commands: list[str], answer: str) -> None:
    for command in commands[:-1]:
        assert said(application, command).endswith(" ok")
    before = [list(slot) for slot in application.store]
    assert said(application, commands[-1]) == f"R {commands[-1].split()[0]} {answer}"
    if answer != "ok":
        assert application.store == before


@pytest.mark.parametrize(("first", "answer"), [(True, "contradicts"), (False, "implausible")])
def test_a_blood_test_too_far_off_is_not_believed(application: Application, first: bool, answer: str) -> None:
    """4.5 where 8.5 is estimated: 4 mEq/L, where 4 SD are 2.05, or 1.1 after a test of the same session."""
    if first:
        assert said(application, "calibrate 4500") == "R calibrate ok"
    application.push(counts(["20x8500"]))
    assert said(application, "calibrate 4510") == f"R calibrate error {answer}"
    assert said(application, "status").split()[13] == str(int(first))


def test_the_oldest_of_seven_goes(application: Application) -> None:
    for day in range(7):
        said(application, f"day {day}")
        assert said(application, f"calibrate {4600 + day}") == "R calibrate ok"
    assert said(application, "status").split()[13] == "6"
    tests = [BloodTest(4600 + day, 5000, day) for day in range(1, 7)]
    curve = personal_curve(PRIORS, tests, 6)
    assert curve is not None and said(application, "status").split()[14] == str(curve.sd)
    assert said(application, "calibrate off") == "R calibrate ok"
    assert said(application, "status").split()[6] == "0"


def test_a_start_takes_thirty_days_to_have_passed_until_the_day_is_said(
    application: Application, built: Callable[[str], Path]
) -> None:
    said(application, "day 100")
    said(application, "calibrate 4500")
    again = Application(CoreSimulator(built("nrf52") / "firmware.elf"), application.store)
    curves = {day: personal_curve(PRIORS, [BloodTest(4500, 5000, 100)], day) for day in (100, 101, 130)}
    found = {day: curve.sd for day, curve in curves.items() if curve}
    assert found[100] < found[101] < found[130]
    assert said(again, "status").split()[14:] == [str(found[130]), "130"]
    assert said(again, "day 101") == "R day ok"
    assert said(again, "status").split()[14:] == [str(found[101]), "101"]


def test_a_model_without_priors_is_not_calibrated(tmp_path: Path) -> None:
    """An older card: no prior of another model would be safe."""
    board, card = boards.load("nrf52"), card_for(reference_model())
    request = ExportRequest(
        reference_model(),
        card.model_copy(update={"personal": None}),
        board,
        board.ecg.fs_hz,
        board.ecg.uv_per_count,
    )
    export(request, tmp_path / "plain")
    application = Application(CoreSimulator(tmp_path / "plain" / "firmware.elf"))
    assert said(application, "calibrate 4700") == "R calibrate error unsupported"
    assert said(application, "change") == "R change error stale"
    assert said(application, "alert 5000 6000") == "R alert ok"


def test_a_real_model_narrows_its_interval_and_says_the_change(single_answer: Path) -> None:
    from splkit.ecg.simulator.patient import draw_patient
    from splkit.ecg.simulator.record import simulate_record
    from splkit.firmware.simulators.playback import counts_for

    personal = card_for(single_answer_model()).personal
    assert personal is not None
    record = simulate_record(4.6, duration_s=60, seed=1, patient=draw_patient(np.random.default_rng(4)))
    samples, twin = counts_for(single_answer, record.recording), Twin(single_answer)
    application = Application(CoreSimulator(single_answer / "firmware.elf"))
    application.push(samples)
    plain = parse_lines(application.lines).estimates
    mean = int(np.mean([each.spl_ueq_l for each in plain[-5:]]))
    assert said(application, f"calibrate {mean - 250}") == "R calibrate ok"
    curve = personal_curve(Priors.of(personal), [BloodTest(mean - 250, mean, 0)], 0)
    assert curve is not None
    change = [int(each) for each in said(application, "change").split()[3:]]
    value = curve.value(plain[-1].spl_ueq_l)
    low, high = curve.change_ends(-1140, 1140)
    assert change == [value - (mean - 250), value - (mean - 250) + low, value - (mean - 250) + high, 0]
    assert said(application, "day 1") == "R day ok"
    curve = personal_curve(Priors.of(personal), [BloodTest(mean - 250, mean, 0)], 1)
    again = Application(CoreSimulator(single_answer / "firmware.elf"), application.store)
    assert said(again, "day 1") == "R day ok"
    again.push(samples)
    assert curve is not None
    trace = twin.front_end(samples)
    texts = [each for each in again.lines[1:] if not each.startswith("R ")]
    assert texts == twin.lines(trace, len(samples), Settings(curve))
    fresh = parse_lines(again.lines).estimates[-1]
    assert fresh.low_ueq_l is not None and fresh.high_ueq_l is not None
    assert 1500 < fresh.high_ueq_l - fresh.low_ueq_l < 2280
