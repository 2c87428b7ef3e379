"""The alarms' host twin: what firmware/app/alarms.c says of the same alert states, times and commands."""

from dataclasses import dataclass, field
from typing import Literal

from splkit.firmware.parity.alert import State

Alarm = Literal["critical", "sine", "high", "device", "signal", "battery"]
"""The most urgent first; "high" is called "likely" by a classifier's firmware."""

AlarmState = Literal["off", "active", "latched", "acknowledged"]

PHYSIOLOGICAL: tuple[Alarm, ...] = ("critical", "sine", "high")
ALARMS: tuple[Alarm, ...] = (*PHYSIOLOGICAL, "device", "signal", "battery")
SOUNDING: tuple[Alarm, ...] = (*PHYSIOLOGICAL, "device")
UNTIL_ACKNOWLEDGED: tuple[Alarm, ...] = ("critical", "sine")
ACKNOWLEDGED_S, PAUSE_S, SIGNAL_S = 600, 120, 30
"""Those of alarms.h, which explains them."""


@dataclass
class _Alarm:
    state: AlarmState = "off"
    since: int = 0
    is_on: bool = False


@dataclass
class Alarms:
    """The alarms of a device. Every method returns the lines that it leads to, without their checksums.

    Attributes:
        fs_hz: sampling rate.
        is_classifier: its model answers a probability: "likely" stands for "high".
        alert: the alert state of the stream.
    """

    fs_hz: int
    is_classifier: bool = False
    alert: State = "none"
    _since: int = 0
    _is_patient: bool = True
    _paused_since: int | None = None
    _alarms: dict[Alarm, _Alarm] = field(default_factory=lambda: {name: _Alarm() for name in ALARMS})

    @property
    def sounds(self) -> bool:
        """Whether the alarm line is active."""
        return self._paused_since is None and any(
            self._alarms[name].state in ("active", "latched") for name in SOUNDING
        )

    def state(self, alarm: Alarm) -> AlarmState:
        """The state of one."""
        return self._alarms[alarm].state

    def start(self, alert: State = "none", *, is_patient: bool = True) -> list[str]:
        """A stream starts; its model's first alert state, and whether it is a patient's."""
        said: list[str] = []
        for each in self._alarms.values():
            each.since = 0
        for name in PHYSIOLOGICAL:
            self._alarms[name].is_on = False
            if self._alarms[name].state in ("active", "acknowledged"):
                said += self._enter(name, "latched", 0)
        said += self._judge("signal", 0, is_on=False)
        self._is_patient, self._paused_since = is_patient, None
        self.alert, self._since = alert, 0
        return said

    def time(self, sample: int) -> list[str]:
        """The time has come to `sample`."""
        said: list[str] = []
        for name, each in self._alarms.items():
            end = each.since + ACKNOWLEDGED_S * self.fs_hz
            if each.state == "acknowledged" and sample >= end:
                said += self._enter(name, "active" if each.is_on else "latched", end)
        if self._paused_since is not None and sample >= self._paused_since + PAUSE_S * self.fs_hz:
            self._paused_since = None
        missing = self._since + SIGNAL_S * self.fs_hz
        waits = self._is_patient and self.alert == "none" and not self._alarms["signal"].is_on
        return said + (self._judge("signal", missing, is_on=True) if waits and sample >= missing else [])

    def change(self, alert: State, sample: int) -> list[str]:
        """The alert state has changed, after `time(sample)`."""
        if not self._is_patient:
            return []
        is_estimated = alert not in ("none", "sine")
        self.alert, self._since = alert, sample
        conditions: dict[Alarm, bool] = {
            "critical": alert == "critical",
            "sine": alert == "sine",
            "high": alert in ("high", "likely"),
        }
        said: list[str] = []
        for name, is_on in conditions.items():
            said += self._judge(name, sample, is_on=is_on, is_seen=is_estimated)
        return said + (self._judge("signal", sample, is_on=False) if alert != "none" else [])

    def set(self, alarm: Literal["device", "battery"], sample: int, *, is_on: bool) -> list[str]:
        """The condition of a technical alarm is there, or not."""
        return self._judge(alarm, sample, is_on=is_on)

    def acknowledge(self, sample: int) -> list[str]:
        """Somebody has seen them; nothing is said where there is none."""
        said: list[str] = []
        self._paused_since = None
        for name, each in self._alarms.items():
            if each.state in ("active", "latched"):
                said += self._enter(name, "acknowledged" if each.state == "active" else "off", sample)
        return said

    def pause(self, sample: int) -> bool:
        """Whether there was a signal to pause."""
        sounds = self.sounds
        self._paused_since = sample if sounds else None
        return sounds

    def _judge(self, name: Alarm, sample: int, *, is_on: bool, is_seen: bool = True) -> list[str]:
        """`is_seen`: an end of the condition would be known as such."""
        alarm = self._alarms[name]
        alarm.is_on = is_on
        ends = is_seen and name not in UNTIL_ACKNOWLEDGED
        match alarm.state, is_on:
            case (("off" | "latched"), True):
                return self._enter(name, "active", sample)
            case "active", False:
                return self._enter(name, "off" if ends else "latched", sample)
            case "latched", False if ends:
                return self._enter(name, "off", sample)
            case "acknowledged", False if is_seen:
                return self._enter(name, "off", sample)
        return []

    def _enter(self, name: Alarm, state: AlarmState, sample: int) -> list[str]:
        self._alarms[name].state, self._alarms[name].since = state, sample
        if state == "active" and name in SOUNDING:
            self._paused_since = None
        word = "likely" if name == "high" and self.is_classifier else name
        return [f"L {sample} {word} {state}"]
