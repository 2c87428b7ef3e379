"""Scenarios of tests/system/scenarios.toml: a recording, what is sent, and what must be said."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from support.stand_in import FS_HZ

from splkit.firmware.simulators.application import KEY
from splkit.firmware.wire.framing import frame
from splkit.firmware.wire.signing import Signer, changes_something

FILE = Path(__file__).parents[1] / "system" / "scenarios.toml"
BEAT_SAMPLES = 240  # 0.8 s
GIVE_KEY = (
    "< # .*",
    f"> provision {KEY.digits}",
    "< R provision ok",
    "> session",
    "< R session ok 1 1",
)


@dataclass(frozen=True)
class Scenario:
    """One scenario, as in the file: `counts` is its recording, int16[n] at 300 Hz."""

    name: str
    counts: NDArray[np.int16]
    steps: tuple[str, ...]
    never: tuple[str, ...]


def scenarios() -> list[Scenario]:
    """All of them, in the order of the file."""
    return [
        Scenario(each["name"], counts(each["recording"]), signed(each["steps"]), tuple(each.get("never", ())))
        for each in tomllib.loads(FILE.read_text("utf-8"))["scenario"]
    ]


def signed(steps: list[str]) -> tuple[str, ...]:
    """The steps with changing commands signed, after those that give the device a key, if there are any."""
    if not any(step.startswith("> ") and changes_something(step[2:]) for step in steps):
        return tuple(steps)
    signer = Signer(KEY, 1, 1)
    own = [
        f"> {signer.sign(step[2:])}" if step.startswith("> ") and changes_something(step[2:]) else step
        for step in steps
    ]
    return (*GIVE_KEY, *(own[1:] if own[0] == GIVE_KEY[0] else own))


def counts(recording: list[str]) -> NDArray[np.int16]:
    """int16[n] of a recording in the file's words; it starts with a second of silence."""
    parts = [np.zeros(FS_HZ, np.int16)]
    for part in recording:
        if beats := re.fullmatch(r"(\d+)x(\d+)", part):
            stretch = np.zeros(int(beats[1]) * BEAT_SAMPLES, np.int16)
            stretch[::BEAT_SAMPLES] = int(beats[2])
        else:
            stretch = np.zeros(round(float(part.removesuffix("s")) * FS_HZ), np.int16)
        parts.append(stretch)
    return np.concatenate(parts)


class Player:
    """Plays a scenario's steps against the lines of a run.

    Attributes:
        complaint: what went wrong; empty while nothing did.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._left, self._never = list(scenario.steps), scenario.never
        self.complaint = ""

    def hear(self, text: str) -> str:
        """Takes a line's text; what is to be sent then, newlines included, or nothing."""
        if any(re.fullmatch(pattern, text) for pattern in self._never):
            self.complaint = self.complaint or f"{text!r} was said"
        if self._left and self._left[0].startswith("< ") and re.fullmatch(self._left[0][2:], text):
            self._left.pop(0)
        sent = ""
        while self._left and self._left[0].startswith(">"):
            kind, _, argument = self._left.pop(0).partition(" ")
            sent += f"{frame(argument)}\n" if kind == ">" else argument
        return sent

    def end(self) -> None:
        """The run is over: raises `AssertionError` for a step that is left, or for the complaint."""
        assert not self.complaint, self.complaint
        assert not self._left, f"never came: {self._left[0]!r}"
