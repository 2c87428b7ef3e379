"""The alert state machine's host twin: what lib/spl_alert.c says of the same beats and answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from splkit.codegen.alert_rules import CRITICAL_UEQ_L, HIGH_UEQ_L
from splkit.codegen.meaning import rules_of
from splkit.ecg.frontend import Verdict
from splkit.quantize.answers import risk_permille
from splkit.quantize.contract import Contract
from splkit.quantize.curve import AS_IT_IS, Curve
from splkit.quantize.spread import RISK_LEVELS_MEQ_L, Spread
from splkit.quantize.units import in_milli

State = Literal["none", "normal", "high", "critical", "sine", "unlikely", "likely", "-"]
"""Their order is the values' in an advertisement."""

POTASSIUM = Contract(task="potassium")


@dataclass(frozen=True)
class Settings:
    """What a device is told once and keeps: its calibration, and levels in micro-equivalents a litre."""

    curve: Curve = AS_IT_IS
    high_ueq_l: int = HIGH_UEQ_L
    critical_ueq_l: int = CRITICAL_UEQ_L


DEFAULTS = Settings()


@dataclass
class Alerts:
    """The state of one stream; every method says whether it has changed. Values are thousandths of the unit.

    Attributes:
        fs_hz: sampling rate.
        settings: calibration and levels, of a model of potassium.
        contract: the model's.
        spread: of a model that answers quantiles: it is their risk that reaches a level.
        state: the alert state: "none" at first, and always "-" for another task.
        changed_at: the sample of its last change.
    """

    fs_hz: int
    settings: Settings = DEFAULTS
    contract: Contract = POTASSIUM
    spread: Spread | None = None
    state: State = "none"
    changed_at: int = 0
    _accepted_at: int = 0
    _estimate_at: int = 0
    _sine_at: int = 0
    _run: int = 0
    _rr_samples: int = 0
    _answers: list[tuple[int, ...] | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rules = rules_of(self.contract)
        if self.contract.task == "other":
            self.state = "-"

    @property
    def _steps(self) -> tuple[tuple[State, int], ...]:
        """The states from the lowest up, each with the value from which on it counts."""
        if self.contract.task == "probability":
            return (("unlikely", 0), ("likely", in_milli(self.contract.alert_threshold or 0.0)))
        return (("normal", 0), ("high", self.settings.high_ueq_l), ("critical", self.settings.critical_ueq_l))

    def time(self, sample: int) -> bool:
        """The time has come to `sample`, all beats before it were given."""
        changed = False
        quiet, stale = self._rules.quiet_s * self.fs_hz, self._rules.stale_s * self.fs_hz
        first = min(self._accepted_at + quiet, self._estimate_at + stale)
        if self._answers and sample > first:
            self._answers.clear()
            changed = self.state != "sine" and self._change("none", first)
        if self.state == "sine" and sample > self._sine_at + quiet:
            changed = self._change("none", self._sine_at + quiet)
        return changed

    def beat(self, r_sample: int, rr_samples: int, amplitude_uv: int, verdict: Verdict) -> bool:
        """A beat, after `time(r_sample)`."""
        regular = abs(rr_samples - self._rr_samples) <= rr_samples // 8
        sine = verdict == Verdict.WIDE and regular and abs(amplitude_uv) >= self._rules.sine_min_uv
        self._run = self._run + 1 if sine else 0
        self._rr_samples = rr_samples
        if verdict == Verdict.ACCEPTED:
            self._accepted_at = r_sample
        if self.contract.task == "other" or self._run < self._rules.sine_beats:
            return False
        self._sine_at = r_sample
        self._answers.clear()
        return self._change("sine", r_sample)

    def answer(self, r_sample: int, answer: int | Sequence[int] | None, *, grown: bool = False) -> bool:
        """An answer of the model, without calibration, after its last beat: its value, or its quantiles in
        order; None where it is no estimate. One that has `grown` takes the place of the answer before.
        """
        held = None if answer is None else (answer,) if isinstance(answer, int) else tuple(answer)
        before = self._answers[:-1] if grown else self._answers
        self._answers = [*before, held][-self._rules.answers :]
        if held is not None:
            self._estimate_at = r_sample
        state = self._judge()
        return not (state == "none" and self.state == "sine") and self._change(state, r_sample)

    def _judge(self) -> State:
        estimates = [each for each in self._answers if each is not None]
        if len(estimates) < self._rules.needed:
            return "none"
        names = [name for name, _ in self._steps]
        now = names.index(self.state) if self.state in names else 0
        found = names[0]
        for step, (name, level) in enumerate(self._steps[1:], start=1):
            if self._is_on(estimates, step, level, was_on=step <= now):
                found = name
        return found

    def _is_on(self, estimates: list[tuple[int, ...]], step: int, level: int, *, was_on: bool) -> bool:
        if was_on:
            level -= self._rules.hysteresis
            return sum(not self._reaches(each, step, level) for each in estimates) < self._rules.needed
        return sum(self._reaches(each, step, level) for each in estimates) >= self._rules.needed

    def _reaches(self, answer: tuple[int, ...], step: int, level: int) -> bool:
        """Whether an answer is at a step's level or above it; with a spread, whether its risk says so."""
        if self.spread is None:
            return self.settings.curve.value(answer[0]) >= level
        risk = risk_permille(self.spread, self.settings.curve, answer, level, self.contract)
        return risk > self.spread.alert_permille(RISK_LEVELS_MEQ_L[step - 1])

    def _change(self, state: State, sample: int) -> bool:
        if state == self.state or self.contract.task == "other":
            return False
        self.state, self.changed_at = state, sample
        return True
