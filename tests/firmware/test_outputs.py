"""What the application does beside its lines: LED, alarm line, advertisement, settings across a start."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.broadcast import broadcasting, records
from support.by_bayes import calibrated
from support.scenarios import counts
from support.stand_in import BROKEN, FS_HZ, PERSONAL

from splkit.firmware.simulators.application import Application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.wire.protocol import parse_lines
from splkit.quantize.posterior import BloodTest

LED, ALERT = 1, 2
PHYSIOLOGICAL, TECHNICAL = 0x08, 0x10
NOTHING = 0xFFFF
SILENCE_2_S = np.zeros(2 * FS_HZ, np.int16)


@pytest.fixture
def elf(built: Callable[[str], Path]) -> Path:
    """Of the board that has all outputs."""
    return built("nrf52") / "firmware.elf"


@pytest.fixture
def application(elf: Path) -> Application:
    return broadcasting(elf)


def pattern(application: Application) -> tuple[str, set[int]]:
    """The LED over 2 s from any step on, as its rotation that comes first, and the states of the line."""
    application.shown.clear()
    application.push(SILENCE_2_S)
    lit = "".join(str(mask & LED) for mask in application.shown)
    return min(lit[i:] + lit[:i] for i in range(len(lit))), {mask & ALERT for mask in application.shown}


@pytest.mark.parametrize(
    ("recording", "led", "line"),
    [
        (["1s"], "00000001", 0),
        (["12x4500"], "00000000", 0),
        (["12x5500"], "00001111", ALERT),
        (["12x6500"], "01010101", ALERT),
        (["12x3008"], "00010101", ALERT),
    ],
)
def test_each_alert_state_has_its_pattern(
    application: Application, recording: list[str], led: str, line: int
) -> None:
    application.push(counts(recording))
    assert pattern(application) == (led, {line})


@pytest.mark.parametrize(
    ("recording", "led", "line"),
    [
        (["12x6500", "20s"], "01010101", ALERT),
        (["40s"], "00000001", 0),
        (["12x5500", "12x4500"], "00000000", 0),
    ],
)
def test_an_alarm_has_its_pattern_while_it_is_on(
    application: Application, recording: list[str], led: str, line: int
) -> None:
    application.push(counts(recording))
    assert pattern(application) == (led, {line})


def test_what_is_acknowledged_or_paused_is_shown_and_does_not_sound(application: Application) -> None:
    application.push(counts(["12x6500"]))
    assert application.send("pause") and pattern(application) == ("01010101", {0})
    application.push(counts(["12x6500", "130s"]))
    assert pattern(application) == ("01010101", {ALERT})
    application.push(counts(["12x6500"]))
    assert application.send("acknowledge")[-1].startswith("R acknowledge ok")
    assert pattern(application) == ("01010101", {0})


def test_a_low_battery_is_an_alarm_that_does_not_sound(application: Application) -> None:
    application.push(counts(["12x4500"]))
    for battery_mv, state in ((2399, "active"), (2499, None), (2500, "off"), (0, None), (2400, None)):
        application.battery_mv = battery_mv
        before = len(parse_lines(application.lines).alarms)
        application.push(np.zeros(1, np.int16))
        said = parse_lines(application.lines).alarms[before:]
        assert [(each.name, each.state) for each in said] == ([("battery", state)] if state else [])
    application.battery_mv = 2000
    application.push(counts(["12x4500"]))
    assert pattern(application) == ("00000101", {0})


def test_a_failed_self_test_ends_estimates_and_is_an_alarm(elf: Path) -> None:
    core, status = CoreSimulator(elf), [0]
    core.cpu.replace("spl_self_test_all", lambda: status[0] & 0xFFFFFFFF)
    application = Application(core)
    application.push(counts(["12x6500"]))
    status[0] = -2
    assert application.send("selftest")[-1].startswith("R selftest error constants")
    assert application.send("alarms")[0].startswith("R alarms ok critical latched device active")
    before = len(application.lines)
    application.push(counts(["20x4500"]))
    assert application.lines[before:] == []
    application.send("acknowledge")
    assert pattern(application) == ("00110011", {0})
    status[0] = 0
    assert application.send("selftest")[-1].startswith("R selftest ok")
    application.push(counts(["12x4500"]))
    assert [each.state for each in parse_lines(application.lines).alerts][-1] == "normal"


def advertised(application: Application) -> dict[str, int]:
    """The last advertisement, taken apart."""
    data = records(application)[-1]
    words = ("company", 0), ("spl", 5), ("low", 7), ("high", 9), ("battery", 11)
    values = {name: int.from_bytes(data[at : at + 2], "little") for name, at in words}
    return values | {"layout": data[2], "sequence": data[3], "state": data[4]}


def test_the_advertisement_follows_estimates_and_states(application: Application) -> None:
    assert advertised(application) == {
        "company": 0xFFFF,
        "layout": 1,
        "sequence": 1,
        "state": 0,
        "spl": NOTHING,
        "low": NOTHING,
        "high": NOTHING,
        "battery": 0,
    }
    application.push(counts(["12x5600"]))
    assert advertised(application)["spl"] == 5600
    assert advertised(application)["state"] == 2 | PHYSIOLOGICAL
    application.push(counts(["30s"]))
    assert advertised(application)["spl"] == NOTHING
    assert advertised(application)["state"] == 0 | PHYSIOLOGICAL
    application.push(counts(["30s"]))
    assert advertised(application)["state"] == 0 | PHYSIOLOGICAL | TECHNICAL
    said = records(application)
    assert [data[3] for data in said] == list(range(1, len(said) + 1))


def test_a_replay_and_a_calibration_are_marked(application: Application) -> None:
    application.push(counts(["12x4500"]))
    application.send("calibrate 4500")
    application.push(counts(["4x4500"]))
    by_hand = 1000 * calibrated(PERSONAL, [BloodTest(4500, 4500, 0)], 0, 4.5)
    assert advertised(application)["spl"] == pytest.approx(by_hand, abs=3)
    assert advertised(application)["state"] == 1 | 0x40
    application.send("replay start")
    assert (advertised(application)["spl"], advertised(application)["state"]) == (NOTHING, 0xC0)


def test_the_interval_and_the_supply_are_advertised(exported_model: Callable[[str], Path]) -> None:
    from splkit.ecg.recordings.readers import read_recording
    from splkit.firmware.simulators.playback import counts_for

    folder = exported_model("nrf52")
    application = broadcasting(folder / "firmware.elf")
    application.push(counts_for(folder, read_recording("toy"), 60.0))
    last = parse_lines(application.lines).estimates[-1]
    said = advertised(application)
    if said["spl"] != NOTHING:
        assert (said["spl"], said["low"], said["high"]) == (last.spl_ueq_l, last.low_ueq_l, last.high_ueq_l)
    assert any(data[5:7] != b"\xff\xff" for data in records(application))


def test_settings_outlive_a_start(elf: Path, application: Application) -> None:
    application.push(counts(["12x4500"]))
    assert application.send("calibrate 4750") == application.lines[-1:]
    application.send("alert 5000 6000")
    again = Application(CoreSimulator(elf), application.store)
    # 4.5 becomes 4.579 after 30 days: by_bayes.calibrated.
    assert again.send("status")[0].startswith("R status ok live none - 80 5000 6000 ")
    again.push(counts(["12x4950"]))
    assert [each.state for each in parse_lines(again.lines).alerts] == ["high"]


def test_settings_that_are_lost_are_said(elf: Path, application: Application) -> None:
    application.push(counts(["12x4500"]))
    application.send("calibrate 4750")
    for slot in application.store:
        slot[2] ^= 4
    again = Application(CoreSimulator(elf), application.store)
    assert [(each.word, each.count) for each in parse_lines(again.lines).faults] == [("settings", 0)]
    assert again.send("status")[0].startswith("R status ok live none - 0 5500 6500 ")


def test_flash_that_takes_nothing_is_said_and_changes_nothing(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    application.push(counts(["12x4500"]))
    monkeypatch.setattr(application, "_program", lambda *_: None)
    assert application.send("alert 5000 6000")[0].startswith("R alert error storage*")
    assert " 0 5500 6500 " in application.send("status")[0]


def test_what_is_not_plausible_is_an_error_line_and_nothing_else(application: Application) -> None:
    application.push(counts(["20x4500"]))
    assert advertised(application)["spl"] == 4500
    application.push(counts(["4x12000"])[FS_HZ:])
    assert application.lines[-1].startswith("E implausible ")
    assert advertised(application)["spl"] == NOTHING
    assert application.send("status")[0].startswith("R status ok live normal - 0 5500 6500 ")
    application.push(counts(["8x12000"])[FS_HZ:])
    assert [each.state for each in parse_lines(application.lines).alerts] == ["normal", "none"]
    assert advertised(application)["state"] == 0
    assert max(each.spl_ueq_l for each in parse_lines(application.lines).estimates) == 4500


def test_a_calibration_takes_nothing_out_of_the_plausible_range(application: Application) -> None:
    """8.0 for a blood test of 10.0: from then on 9.2 would be 10.99, if potassium were not 10 at most."""
    application.push(counts(["12x8000"]))
    assert application.send("calibrate 10000") == application.lines[-1:]
    application.push(counts(["4x9200"])[FS_HZ:])
    assert parse_lines(application.lines).estimates[-1].spl_ueq_l == 10_000
    assert application.send("status")[0].startswith("R status ok live critical 10000 -")


def test_an_inference_that_fails_is_said(application: Application) -> None:
    application.push(np.array([BROKEN], np.int16))
    application.push(counts(["20x4500"]))
    report = parse_lines(application.lines)
    assert [(each.word, each.count) for each in report.faults] == [("inference", -3)] * 5
    assert report.estimates == report.alerts == []
    assert advertised(application)["spl"] == NOTHING
