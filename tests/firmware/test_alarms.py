"""Alarms: each transition of the twin, the C beside it on random events, and a search for a silent end."""

import subprocess
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from support.host_application import compile_alarm_events, compile_alarm_search

from splkit.firmware.parity.alarms import ALARMS, Alarms, AlarmState
from splkit.firmware.parity.alert import State

FS_HZ = 300
MINUTE = 60 * FS_HZ
STATES = get_args(State)


class Bed:
    """A patient's alarms, and what a person does about them."""

    def __init__(self) -> None:
        self.alarms = Alarms(FS_HZ)
        self.now = 0

    def after(self, seconds: float) -> "Bed":
        self.now += round(seconds * FS_HZ)
        self.alarms.time(self.now)
        return self

    def alert(self, state: State) -> "Bed":
        self.after(1).alarms.change(state, self.now)
        return self

    def acknowledge(self) -> "Bed":
        self.alarms.acknowledge(self.now)
        return self

    def states(self, *names: str) -> tuple[AlarmState, ...]:
        return tuple(self.alarms.state(name) for name in names)


@pytest.mark.parametrize("state", ["critical", "sine"])
@pytest.mark.parametrize("end", ["none", "normal", "high"])
def test_the_most_urgent_stay_until_somebody_acknowledges(state: State, end: State) -> None:
    bed = Bed().alert(state)
    assert (bed.states(state), bed.alarms.sounds) == (("active",), True)
    bed.alert(end).after(3600)
    assert (bed.states(state), bed.alarms.sounds) == (("latched",), True)
    assert bed.alert(state).states(state) == ("active",)
    bed.alert(end).acknowledge()
    assert bed.states(state) == ("off",)
    assert bed.alarms.sounds == (end == "high" and bed.alarms.state("high") == "active")


def test_a_high_potassium_that_was_seen_to_end_is_over() -> None:
    assert Bed().alert("high").alert("normal").states("high") == ("off",)
    assert Bed().alert("likely").alert("unlikely").states("high") == ("off",)


def test_a_high_potassium_that_is_not_seen_any_more_stays_until_it_is() -> None:
    bed = Bed().alert("high").alert("none")
    assert (bed.states("high"), bed.alarms.sounds) == (("latched",), True)
    assert bed.alert("normal").states("high") == ("off",)
    assert Bed().alert("high").alert("none").acknowledge().states("high") == ("off",)


def test_a_critical_one_takes_the_place_of_a_high_one_and_back() -> None:
    bed = Bed().alert("high").alert("critical")
    assert bed.states("critical", "high") == ("active", "off")
    assert bed.alert("high").states("critical", "high") == ("latched", "active")


def test_an_acknowledgement_holds_for_ten_minutes() -> None:
    bed = Bed().alert("critical").acknowledge()
    assert (bed.states("critical"), bed.alarms.sounds) == (("acknowledged",), False)
    bed.after(600 - 1 / FS_HZ)
    assert (bed.states("critical"), bed.alarms.sounds) == (("acknowledged",), False)
    bed.after(1 / FS_HZ)
    assert (bed.states("critical"), bed.alarms.sounds) == (("active",), True)


def test_an_acknowledged_alarm_that_was_seen_to_end_is_over() -> None:
    assert Bed().alert("critical").acknowledge().alert("normal").states("critical") == ("off",)


def test_an_acknowledged_alarm_that_is_lost_sight_of_comes_back() -> None:
    bed = Bed().alert("critical").acknowledge().alert("none")
    assert bed.states("critical") == ("acknowledged",)
    assert bed.after(600).states("critical", "signal") == ("latched", "active")
    assert bed.alarms.sounds


def test_a_pause_holds_for_two_minutes_or_until_another_alarm() -> None:
    bed = Bed().alert("high")
    assert bed.alarms.pause(bed.now)
    assert not bed.after(120 - 1 / FS_HZ).alarms.sounds
    assert bed.after(1 / FS_HZ).alarms.sounds
    assert bed.alarms.pause(bed.now)
    assert bed.alert("critical").alarms.sounds
    quiet = Bed().alert("normal")
    assert not quiet.alarms.pause(quiet.now)


def test_thirty_seconds_without_an_estimate_are_a_technical_alarm() -> None:
    bed = Bed().after(30 - 1 / FS_HZ)
    assert bed.states("signal") == ("off",)
    bed.after(1 / FS_HZ)
    assert (bed.states("signal"), bed.alarms.sounds) == (("active",), False)
    assert bed.alert("normal").states("signal") == ("off",)
    assert bed.alert("none").after(30).states("signal") == ("active",)
    assert bed.alert("sine").states("signal") == ("off",)


def test_technical_alarms_end_with_their_condition() -> None:
    bed = Bed().alert("normal")
    for name, sounds in (("device", True), ("battery", False)):
        bed.alarms.set(name, bed.now, is_on=True)
        assert (bed.states(name), bed.alarms.sounds) == (("active",), sounds)
        assert bed.acknowledge().after(600).states(name) == ("active",)
        bed.alarms.set(name, bed.now, is_on=False)
        assert bed.states(name) == ("off",)


def test_a_replay_leaves_a_patients_alarms_latched_and_sets_off_none() -> None:
    bed = Bed().alert("critical").acknowledge()
    bed.alarms.start(is_patient=False)
    bed.now = 0
    assert bed.alert("high").after(60).states("critical", "high", "signal") == ("latched", "off", "off")
    bed.alarms.start()
    assert bed.states("critical") == ("latched",)


def test_the_c_says_what_its_twin_says(tmp_path: Path) -> None:
    program = compile_alarm_events(tmp_path / "events")
    rng = np.random.default_rng(18)
    twin, events, expected = Alarms(FS_HZ), list[str](), list[str]()

    def say(event: str, lines: list[str], done: bool = True) -> None:
        events.append(event)
        expected.extend([*lines, f"sounds {twin.sounds:d} {done:d}"])

    sample = 0
    say("start 1", twin.start())
    for kind in rng.choice(7, 20_000, p=[0.3, 0.25, 0.15, 0.1, 0.1, 0.05, 0.05]):
        if kind in (0, 1, 2):
            sample += int(rng.integers(0, (4, 40, 900)[kind] * FS_HZ))
            say(f"time {sample}", twin.time(sample))
        if kind == 0:
            state = str(rng.choice(["none", "normal", "high", "critical", "sine"]))
            say(f"alert {STATES.index(state)} {sample}", twin.change(state, sample))
        elif kind == 3:
            lines = twin.acknowledge(sample)
            say(f"acknowledge {sample}", lines, bool(lines))
        elif kind == 4:
            done = twin.pause(sample)
            say(f"pause {sample}", [], done)
        elif kind == 5:
            name, is_on = ("device", "battery")[rng.integers(2)], bool(rng.integers(2))
            say(f"set {ALARMS.index(name)} {is_on:d} {sample}", twin.set(name, sample, is_on=is_on))
        elif kind == 6:
            is_patient = bool(rng.integers(3))
            sample = 0
            say(f"start {is_patient:d}", twin.start(is_patient=is_patient))
    said = subprocess.run(
        [program], input="\n".join(events) + "\n", capture_output=True, text=True, check=True
    )
    assert [line.rpartition("*")[0] or line for line in said.stdout.splitlines()] == expected
    assert {line.split()[-1] for line in expected if line[0] == "L"} == set(get_args(AlarmState))


@pytest.mark.parametrize("seed", [1, 2])
def test_no_critical_state_ends_in_silence(seed: int, tmp_path: Path) -> None:
    program = compile_alarm_search(tmp_path / "search")
    run = subprocess.run([program, "5000000", str(seed)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    words = run.stdout.split()
    counts = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    assert counts["steps"] == 5_000_000
    assert min(counts.values()) > 90_000
