"""What the numbers that go into a model and come out of it mean: task, unit, plausible range, lead, cycle."""

import re
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from splkit.ecg.frontend import CYCLE, CYCLE_FS_HZ, WINDOWS, AveragedCycles, Window

Task = Literal["potassium", "probability", "other"]
"""An SPL in mEq/L; the probability that the SPL is at or above a threshold; or a number of the user's own."""

POTASSIUM_PLAUSIBLE_MEQ_L: Final = (2.0, 10.0)
"""What an SPL may be unless the card says otherwise. Hypokalemia is severe below 2.5 mEq/L (stated: Kardalas
2018, Endocr Connect 7: R135), hyperkalemia from 6.5 mEq/L (stated: UK Kidney Association 2023, Treatment of
acute hyperkalaemia in adults). These bounds leave room beyond both. They are also where the simulator
ends: no model trained on it has met anything beyond."""

LIMIT: Final = 1e6
"""No number on a card is larger: the firmware counts in thousandths of the unit, in an int32."""

Number = Annotated[float, Field(ge=-LIMIT, le=LIMIT, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._+-]*$", max_length=64)]
"""Of a model or a lead: it goes into C comments, C strings and terminals."""

Unit = Annotated[str, Field(pattern=r"^[A-Za-z0-9%][A-Za-z0-9%/^. -]*$", max_length=16)]


def _require(holds: bool, rule: str) -> None:
    if not holds:
        raise ValueError(rule)


def name_of(text: str) -> str:
    """Any text as a `Name`: what it may not hold becomes "_"."""
    allowed = re.sub(r"[^A-Za-z0-9 ._+-]", "_", text)[:64]
    return allowed if allowed[:1].isalnum() else f"model{allowed}"[:64]


class Part(BaseModel):
    """A part of a card: it cannot change, and holds nothing that is not listed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Plausible(Part):
    """From `low` to `high`, in the contract's unit: an answer outside is "no estimate"."""

    low: Number
    high: Number

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        _require(self.low < self.high, "low is below high")
        return self


class CycleContract(Part):
    """What of an ECG the model was trained on, a cycle or a longer window: what the front end cuts."""

    length: int = CYCLE.size
    r_index: int = CYCLE.r_index
    fs_hz: int = CYCLE_FS_HZ
    window_s: tuple[float, float] = CYCLE.span_s
    unit: Literal["R amplitude = 1"] = "R amplitude = 1"
    averaged_cycles: AveragedCycles = 8

    @model_validator(mode="after")
    def _check_front_end(self) -> Self:
        cuts = " or ".join(f"{each.size} points with R at {each.r_index}" for each in WINDOWS.values())
        _require(
            self.window in WINDOWS.values()
            and (self.fs_hz, self.window_s) == (CYCLE_FS_HZ, self.window.span_s),
            f"the front end cuts {cuts} at {CYCLE_FS_HZ} Hz",
        )
        _require(
            self.window.is_cycle or self.averaged_cycles == 1, "a window longer than a cycle is not averaged"
        )
        return self

    @classmethod
    def of(cls, window: Window, averaged_cycles: AveragedCycles) -> Self:
        """Of a network that reads that window."""
        return cls(
            length=window.size,
            r_index=window.r_index,
            window_s=window.span_s,
            averaged_cycles=averaged_cycles,
        )

    @property
    def window(self) -> Window:
        """The points alone."""
        return Window(self.length, self.r_index)


class Contract(Part):
    """What a model's answer means. It is `offset` + output scale * (int8 - zero point), in `unit`.

    Attributes:
        task: what the answer is.
        unit: "mEq/L" for potassium, "1" for a probability, any short one for another task.
        plausible: the range outside which an answer is "no estimate"; 2 to 10 mEq/L for potassium and 0 to 1
            for a probability unless given.
        offset: added to the network's output, in `unit`; 0 for a probability.
        positive_spl_meq_l: the SPL from which on a patient belongs to the positive class, mEq/L; only of a
            probability.
        alert_threshold: the probability from which on an answer counts as positive; only of a probability.
        lead: the ECG lead that the model was trained on, "II" or "V5"; None where it is unknown, or several.
    """

    task: Task
    unit: Unit = "mEq/L"
    plausible: Plausible = Plausible(low=POTASSIUM_PLAUSIBLE_MEQ_L[0], high=POTASSIUM_PLAUSIBLE_MEQ_L[1])
    offset: Number = 0.0
    positive_spl_meq_l: float | None = Field(default=None, ge=1, le=12)
    alert_threshold: float | None = Field(default=None, gt=0, lt=1)
    lead: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, given: Any) -> Any:
        """The unit and the range of a probability; another task has none by itself."""
        if not isinstance(given, dict):
            return given
        if given.get("task") == "other":
            _require("unit" in given and "plausible" in given, "another task has its unit and its range")
        if given.get("task") == "probability":
            return {"unit": "1", "plausible": {"low": 0.0, "high": 1.0}} | given
        return given

    @model_validator(mode="after")
    def _check_task(self) -> Self:
        thresholds = (self.positive_spl_meq_l, self.alert_threshold)
        if self.task == "probability":
            _require(self.unit == "1", 'the unit of a probability is "1"')
            _require(self.offset == 0, "a probability has no offset")
            _require(self.plausible.low >= 0 and self.plausible.high <= 1, "a probability lies in 0 to 1")
            _require(None not in thresholds, "a probability has positive_spl_meq_l and alert_threshold")
            return self
        _require(thresholds == (None, None), "only a probability has positive_spl_meq_l and alert_threshold")
        if self.task == "potassium":
            _require(self.unit == "mEq/L", "the unit of potassium is mEq/L")
            _require(abs(self.offset) <= 20, "the offset of potassium is -20 to 20 mEq/L")
            _require(
                self.plausible.low >= 0 and self.plausible.high <= 20, "a plausible SPL is 0 to 20 mEq/L"
            )
        return self

    @property
    def contract(self) -> dict[str, Any]:
        """These fields alone, to make another `Contract` of."""
        return {name: getattr(self, name) for name in Contract.model_fields}
