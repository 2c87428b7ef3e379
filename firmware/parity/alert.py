"""The alert state machine's host twin: what firmware/app/alert.c says of the same beats and estimates."""

from dataclasses import dataclass, field
from typing import Literal

from splkit.ecg.frontend import Verdict

State = Literal["none", "normal", "high", "critical", "sine"]

ESTIMATES = 5
NEEDED = 3
HYSTERESIS_UEQ_L = 300
QUIET_S = 10
STALE_S = 60
REPORTED_S = 4
SINE_BEATS = 8
SINE_MIN_UV = 300


@dataclass(frozen=True)
class Settings:
    """What a device is told once and keeps, in micro-equivalents a litre: calibration and thresholds."""

    offset_ueq_l: int = 0
    high_ueq_l: int = 5500
    critical_ueq_l: int = 6500


DEFAULTS = Settings()


@dataclass
class Alerts:
    """The state of one stream, which starts with "none"; every method says whether it has changed.

    Attributes:
        fs_hz: sampling rate.
        settings: calibration and thresholds.
        state: the alert state.
        changed_at: the sample of its last change.
    """

    fs_hz: int
    settings: Settings = DEFAULTS
    state: State = "none"
    changed_at: int = 0
    _accepted_at: int = 0
    _estimate_at: int = 0
    _sine_at: int = 0
    _run: int = 0
    _rr_samples: int = 0
    _estimates: list[int] = field(default_factory=list)

    def time(self, sample: int) -> bool:
        """The time has come to `sample`, all beats before it were given."""
        changed = False
        first = min(self._accepted_at + QUIET_S * self.fs_hz, self._estimate_at + STALE_S * self.fs_hz)
        if self._estimates and sample > first:
            self._estimates.clear()
            changed = self.state != "sine" and self._change("none", first)
        quiet_at = self._sine_at + QUIET_S * self.fs_hz
        if self.state == "sine" and sample > quiet_at:
            changed = self._change("none", quiet_at)
        return changed

    def beat(self, r_sample: int, rr_samples: int, amplitude_uv: int, verdict: Verdict) -> bool:
        """A beat, after `time(r_sample)`."""
        regular = abs(rr_samples - self._rr_samples) <= rr_samples // 8
        sine = verdict == Verdict.WIDE and regular and abs(amplitude_uv) >= SINE_MIN_UV
        self._run = self._run + 1 if sine else 0
        self._rr_samples = rr_samples
        if verdict == Verdict.ACCEPTED:
            self._accepted_at = r_sample
        if self._run < SINE_BEATS:
            return False
        self._sine_at = r_sample
        self._estimates.clear()
        return self._change("sine", r_sample)

    def estimate(self, r_sample: int, spl_ueq_l: int) -> bool:
        """An estimate of the model, without calibration, after its last beat."""
        self._estimates = [*self._estimates, spl_ueq_l][-ESTIMATES:]
        self._estimate_at = r_sample
        return len(self._estimates) >= NEEDED and self._change(self._judge(), r_sample)

    def _judge(self) -> State:
        if self._is_on(self.settings.critical_ueq_l, was_on=self.state == "critical"):
            return "critical"
        if self._is_on(self.settings.high_ueq_l, was_on=self.state in ("high", "critical")):
            return "high"
        return "normal"

    def _is_on(self, level_ueq_l: int, *, was_on: bool) -> bool:
        level = level_ueq_l - self.settings.offset_ueq_l
        if was_on:
            return sum(each < level - HYSTERESIS_UEQ_L for each in self._estimates) < NEEDED
        return sum(each >= level for each in self._estimates) >= NEEDED

    def _change(self, state: State, sample: int) -> bool:
        if state == self.state:
            return False
        self.state, self.changed_at = state, sample
        return True
