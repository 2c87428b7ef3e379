"""The model card: what a .tflite takes, what it gives, what it was trained on and how well it did."""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from splkit.ecg.frontend import FrontEndConfig
from splkit.errors import ModelError, reason
from splkit.quantize.contract import LIMIT, Contract, CycleContract, Name, Number, Part
from splkit.quantize.distance import Distance
from splkit.quantize.personal import Personal
from splkit.quantize.spread import Spread, least_cycles
from splkit.train.baselines import Baseline
from splkit.train.hyperkalemia import Detection
from splkit.train.layer_order import ReadLayerOrder
from splkit.train.metrics import Accuracy, Band

SCHEMA_VERSION: Final = 2

Method = Literal["qat", "ptq"]
"""Quantization-aware training, or post-training quantization."""

Words = Annotated[str, Field(pattern=r"^[A-Za-z0-9 ,.;:()+/%-]+$", max_length=100)]
"""They go into C comments and strings, so nothing in them may end one."""

Layer = Annotated[str, Field(pattern=r"^[A-Za-z0-9_/.:;-]+$", max_length=100)]

Difference = Annotated[float, Field(ge=0, le=LIMIT, allow_inf_nan=False)]


class Quantization(Part):
    """real = scale * (int8 - zero_point)."""

    scale: float = Field(ge=1e-9, le=1000)
    zero_point: int = Field(ge=-128, le=127)


class Metrics(Part):
    """Accuracy of the float model and of its int8 form under the oracle, on the test split of `data`.

    `mean_answer` answers the same to every ECG, the mean of the training cycles; None in older cards.
    `baselines` are simple estimates, and the int8 form's gain over each; empty in older cards.
    """

    data: Literal["simulated", "measured"]
    float32: Accuracy
    int8: Accuracy
    mean_answer: Accuracy | None = None
    baselines: tuple[Baseline, ...] = ()
    mean_abs_difference_meq_l: Difference
    max_abs_difference_meq_l: Difference


class Conversion(Part):
    """One way to int8 of the same float model, on the same test cycles.

    Attributes:
        method: `ptq`, after training by the ranges observed; `qat`, with quantization-aware fine-tuning.
        int8: accuracy under the oracle.
        mean_abs_difference_meq_l, max_abs_difference_meq_l: of its estimates and the float model's.
        noise_db: signal to quantization noise of each layer, in order of execution.
    """

    method: Method
    int8: Accuracy
    mean_abs_difference_meq_l: Difference
    max_abs_difference_meq_l: Difference
    noise_db: dict[Layer, Number]


class Discrimination(Part):
    """How well a classifier tells hyperkalemia, on the same test patients.

    Attributes:
        data: where their potassium comes from.
        float32, int8: the model as it was trained, and under the oracle; each with thresholds of its own,
            from its answers to validation patients.
        mean_abs_difference, max_abs_difference: of both probabilities.
        noise_db: signal to quantization noise of each layer, in order of execution.
    """

    data: Literal["simulated", "measured"]
    float32: Detection
    int8: Detection
    mean_abs_difference: float = Field(ge=0, le=1)
    max_abs_difference: float = Field(ge=0, le=1)
    noise_db: dict[Layer, Number]


class Interval(Part):
    """SPL lies between estimate + `low_meq_l` and estimate + `high_meq_l` with the probability `coverage`.

    It holds for patients like those of the test split; `test_coverage` is the share of them it covered.
    """

    coverage: float = Field(gt=0, lt=1)
    low_meq_l: Number
    high_meq_l: Number
    test_coverage: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.low_meq_l >= self.high_meq_l:
            raise ValueError("low_meq_l is below high_meq_l")
        return self


class ModelCard(Contract):
    """The card of a .tflite: its contract, and what it was trained on and how well it did.

    Attributes:
        sha256: of the .tflite without its card, as `carried.network_sha256` has it.
        input, output: as the .tflite has them.
        metrics, interval, bands: of a model of potassium; None and empty where they are not known.
        spread: of a model that answers quantiles; its estimate is the median, corrected.
        personal: the priors of personal calibration; None in older cards, whose models cannot be calibrated.
        distance: beyond which there is no answer; None in older cards, whose models answer any cycle.
        discrimination: of a classifier that splkit trained; left out of the JSON of any other model.
    """

    schema_version: Literal[2] = SCHEMA_VERSION
    name: Name
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    cycle: CycleContract = CycleContract()
    input: Quantization
    output: Quantization
    trained_on: Words
    metrics: Metrics | None
    interval: Interval | None = None
    spread: Spread | None = None
    bands: tuple[Band, ...] = ()
    personal: Personal | None = None
    method: Method = "ptq"
    conversions: tuple[Conversion, ...] = ()
    order: ReadLayerOrder | None = None
    parameters: int | None = Field(default=None, ge=0, le=10**9)
    seed: int | None = Field(default=None, ge=0, lt=2**64)
    splkit_version: str = Field(pattern="^[A-Za-z0-9.+-]+$", max_length=40)
    notice: Words = "For research; not a medical device."
    distance: Distance | None = None
    discrimination: Discrimination | None = None

    @model_serializer(mode="wrap")
    def _leave_out(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A card of a model of potassium has the bytes that it had before there were classifiers."""
        fields: dict[str, Any] = serialize(self)
        if self.discrimination is None:
            fields.pop("discrimination", None)
        return fields

    @model_validator(mode="before")
    @classmethod
    def _read_version_1(cls, given: Any) -> Any:
        """A card of version 1 was always one of potassium."""
        if not isinstance(given, dict) or given.get("schema_version") != 1:
            return given
        newer = dict(given) | {"schema_version": SCHEMA_VERSION, "task": "potassium"}
        if "spl_offset_meq_l" in newer:
            newer["offset"] = newer.pop("spl_offset_meq_l")
        return newer

    @model_validator(mode="after")
    def _check_figures(self) -> Self:
        figures = (self.metrics, self.interval, self.spread, self.bands, self.conversions, self.personal)
        if self.task != "potassium" and any(figures):
            raise ValueError(
                "metrics, interval, spread, bands, conversions and personal are of a model of potassium"
            )
        if self.task != "probability" and self.discrimination:
            raise ValueError("discrimination is of a model of a probability")
        if self.interval and self.spread:
            raise ValueError("the interval of a model with a spread comes from its quantiles")
        counts = self.spread.counts if self.spread else ()
        if counts and counts[-1].cycles != self.cycle.averaged_cycles:
            raise ValueError("the most cycles of a spread are averaged_cycles")
        return self

    def front_end(self, fs_hz: int, uv_per_count: float) -> FrontEndConfig:
        """What cuts and averages its cycles on a device. Raises as `FrontEndConfig.for_rate` does."""
        averaged = self.cycle.averaged_cycles
        least = least_cycles(self.spread, averaged)
        return FrontEndConfig.for_rate(fs_hz, uv_per_count, averaged, self.cycle.window, least)

    @property
    def answers(self) -> tuple[float, float]:
        """The least and the largest answer that its int8 output can give, in `unit`."""
        return self.answer(-128), self.answer(127)

    @property
    def coverage_percent(self) -> int:
        """How much of the truth its intervals should hold; 0 without one."""
        found = self.interval or self.spread
        return round(100 * found.coverage) if found else 0

    def answer(self, code: int) -> float:
        """What an int8 output means, in `unit`."""
        return self.offset + self.output.scale * (code - self.output.zero_point)

    @classmethod
    def parse(cls, content: bytes, source: str) -> Self:
        """Read a card's JSON, which `source` names in messages.

        Raises:
            ModelError: it is no card of this version.
        """
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            raise ModelError(
                f"a model card follows schema version {SCHEMA_VERSION}",
                found=f"{reason(error)} in {source}",
                next_step="convert the model again with splkit quantize",
            ) from error

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a card.

        Raises:
            ModelError: the file is not there or is no card of this version.
        """
        try:
            return cls.parse(path.read_bytes(), str(path))
        except OSError as error:
            raise ModelError(
                "a model card is a readable JSON file",
                found=f"{path}: {reason(error)}",
                next_step="check the path, or convert the model again with splkit quantize",
            ) from error

    @property
    def json_bytes(self) -> bytes:
        """The card as JSON, the same bytes for the same card."""
        return (json.dumps(self.model_dump(mode="json"), indent=2) + "\n").encode()

    def save(self, path: Path) -> None:
        """Write the card as JSON."""
        path.write_bytes(self.json_bytes)


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
