"""What a training run is made of: one file, from which the run can be made again."""

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from splkit.ecg.frontend import WINDOWS, AveragedCycles, FrontEndConfig, InputName, Window
from splkit.ecg.leads import LeadName
from splkit.errors import UsageError, reason
from splkit.train.cohort import FOLDS
from splkit.train.layer_order import ReadLayerOrder
from splkit.train.zoo import Classifier, Regressor

Labels = Literal["measured", "simulated"]
"""Where potassium comes from: blood tests, or a simulator."""
MIN_PATIENTS, MAX_PATIENTS = 10, 1_000_000
"""One of ten validates and two are tested; a million take months. `splkit train` has the same ranges."""
MAX_EPOCHS = 10_000
"""After thousands of passes nothing is learned any more."""
MAX_SEED = 4_000_000
"""1000 seeds are made of each, of 32 bits."""
MAX_BATCH = 65_536
MAX_LEAST_STEPS = 100_000
"""An hour and more for the smallest network."""
MAX_LEARNING_RATE = 1.0
"""Adam moves each weight by so much a step; trained weights are smaller."""


MEDIAN = 0.5
MAX_QUANTILES = 16
"""More say nothing that a device could show."""

Quantile = Annotated[float, Field(gt=0.0, lt=1.0)]


class FineTune(BaseModel):
    """Quantization-aware fine-tuning of a trained run.

    Attributes:
        epochs: passes over the training cycles.
        learning_rate: of Adam, at the start; it falls as in training.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int = Field(default=4, ge=1, le=MAX_EPOCHS)
    learning_rate: float = Field(default=5e-4, gt=0.0, le=MAX_LEARNING_RATE)


class Pairs(BaseModel):
    """Real ECGs with their blood tests, in place of simulated ones (`splkit.train.pairs`).

    Attributes:
        table: the CSV file that names them, by its path or its URL.
        sha256: of that file.
        channel: the lead of records whose row names none, by name or by number from 0; where None, the first
            that is called like an ECG lead.
        skip_unreadable: records that cannot be read, or have no such lead, count as records without a mean;
            otherwise they are refused.
        labels: where the potassium comes from, blood tests or a simulator.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    channel: str | None = None
    skip_unreadable: bool = False
    labels: Labels = "measured"


class TrainConfig(BaseModel):
    """A training run.

    Attributes:
        model: family and size, see `splkit.train.zoo`.
        seed: of the patients.
        weights_seed: of the first weights and of the order of the cycles; that of the patients where None.
        order: of convolution, BatchNorm and ReLU in a block.
        patients: split 70 : 10 : 20 into training, validation and test.
        pairs: patients who are not simulated; `patients` is then how many there are.
        fold: which fifth of the patients is tested, 0 to 4; the splits move on with it.
        records_per_patient: simulated records of each, every one at another potassium and in another session.
        lead: the lead that is simulated.
        record_s: length of a simulated record.
        input: what the network reads about an accepted beat: its cycle, or the 2 s with R in their middle.
        averaged_cycles: accepted one-cycle ECGs in an averaged one, on the board as in training; windows of
            2 s are not averaged.
        also_averaged: means of so many cycles are learned from too, so that one network serves shorter and
            longer strips; validation and test have them apart.
        cycles_per_record: averaged cycles of each number taken from a record at most.
        tail_share: simulated training and validation records drawn evenly from 2.5 to 9.5 mEq/L; the others,
            and all of the test records as `splkit.train.cohort` says, follow a cohort with kidney disease.
        fs_hz, uv_per_count: what the front end is given.
        epochs: how often the network is validated; the best epoch's weights are kept.
        restarts: epochs after which training began anew, from the best weights so far and with the whole
            learning rate: those of the finished runs that were gone on with.
        batch: cycles a step.
        least_steps: steps of an epoch at least. An epoch is one pass over the training cycles, or as many
            whole passes as that takes, so that a small set trains as long as a large one.
        learning_rate: of Adam, at the start; it falls to nothing over the epochs.
        quantiles: that the network answers, by the pinball loss, rising, with 0.5. Where there are none,
            it answers the mean, by the squared error, as the posted network does.
        balance: how much more rare potassium counts in training: 0 as often as it is, 1 all alike
            (`splkit.train.balance`). A classifier has none: its probability is that of the cohort as it is.
        fine_tune: what `splkit quantize` does to the trained weights.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Regressor | Classifier = "dscrnn_4k"
    seed: int = Field(default=1, ge=0, le=MAX_SEED)
    weights_seed: int | None = Field(default=None, ge=0, le=MAX_SEED)
    order: ReadLayerOrder = "conv-bn-relu"
    patients: int = Field(default=8000, ge=MIN_PATIENTS, le=MAX_PATIENTS)
    pairs: Pairs | None = None
    fold: int = Field(default=0, ge=0, lt=FOLDS)
    records_per_patient: int = Field(default=2, ge=1, le=100)
    lead: LeadName = "V5"
    record_s: float = Field(default=25.0, ge=15.0, le=3600.0)
    input: InputName = "cycle"
    averaged_cycles: AveragedCycles = 8
    also_averaged: tuple[AveragedCycles, ...] = ()
    cycles_per_record: int = Field(default=1, ge=1, le=1000)
    tail_share: float = Field(default=0.12, ge=0.0, le=1.0)
    fs_hz: int = Field(default=300, ge=125, le=1000)
    uv_per_count: float = Field(default=5.0, ge=0.01, le=1000.0)
    epochs: int = Field(default=20, ge=1, le=MAX_EPOCHS)
    restarts: tuple[int, ...] = ()
    batch: int = Field(default=32, ge=1, le=MAX_BATCH)
    least_steps: int = Field(default=350, ge=1, le=MAX_LEAST_STEPS)
    learning_rate: float = Field(default=5e-4, gt=0.0, le=MAX_LEARNING_RATE)
    quantiles: tuple[Quantile, ...] = ()
    balance: float = Field(default=0.3, ge=0.0, le=1.0)
    fine_tune: FineTune = FineTune()

    @model_validator(mode="after")
    def _check_quantiles(self) -> Self:
        levels = self.quantiles
        if levels and not (
            MEDIAN in levels and list(levels) == sorted(set(levels)) and len(levels) <= MAX_QUANTILES
        ):
            raise ValueError(f"quantiles rise, hold {MEDIAN} and are {MAX_QUANTILES} at most")
        if levels and self.balance:
            raise ValueError("balance is 0 with quantiles: they are those of the cohort as it is")
        return self

    @model_validator(mode="after")
    def _check_restarts(self) -> Self:
        if any(before >= after for before, after in pairwise((0, *self.restarts, self.epochs))):
            raise ValueError("restarts rise, from 1 to less than epochs")
        return self

    @model_validator(mode="before")
    @classmethod
    def _imply(cls, given: Any) -> Any:
        """What windows and classifiers have where nothing is said; another value is refused below."""
        if not isinstance(given, dict):
            return given
        implied: dict[str, Any] = {}
        if given.get("input", "cycle") != "cycle":
            implied["averaged_cycles"] = 1
        if given.get("model") in get_args(Classifier):
            implied["balance"] = 0.0
        return implied | given

    @model_validator(mode="after")
    def _check_input(self) -> Self:
        if not self.window.is_cycle and self.beats != (1,):
            raise ValueError(f"windows of {self.input} are not averaged: averaged_cycles is 1")
        return self

    @model_validator(mode="after")
    def _check_classifier(self) -> Self:
        if self.is_classifier and (self.quantiles or self.balance):
            raise ValueError(f"{self.model} answers one probability: it has no quantiles, and balance is 0")
        return self

    @property
    def is_classifier(self) -> bool:
        """Whether the network answers the probability of hyperkalemia in the place of an SPL."""
        return self.model in get_args(Classifier)

    @property
    def window(self) -> Window:
        """What the network reads about an accepted beat."""
        return WINDOWS[self.input]

    @property
    def front_end(self) -> FrontEndConfig:
        """What cuts the cycles."""
        return FrontEndConfig.for_rate(self.fs_hz, self.uv_per_count, self.averaged_cycles, self.window)

    @property
    def answers(self) -> int:
        """How many numbers the network gives for an ECG."""
        return len(self.quantiles) or 1

    @property
    def median(self) -> int:
        """Which of its answers is the estimate."""
        return self.quantiles.index(MEDIAN) if self.quantiles else 0

    @property
    def seed_of_weights(self) -> int:
        """Of the first weights and of the order of the cycles."""
        return self.seed if self.weights_seed is None else self.weights_seed

    @property
    def beats(self) -> tuple[int, ...]:
        """The numbers of cycles in the means of every record, `averaged_cycles` first."""
        return tuple(dict.fromkeys((self.averaged_cycles, *self.also_averaged)))

    @property
    def data(self) -> Labels:
        """Where its potassium comes from."""
        return "simulated" if self.pairs is None else self.pairs.labels

    @property
    def progress_steps(self) -> int:
        """What a run's `advance` adds up to: every patient once for the data and once an epoch."""
        return self.patients * (1 + self.epochs)


def load_recipe(path: Path) -> TrainConfig:
    """Read a configuration from a TOML file whose keys are the fields of `TrainConfig`.

    Raises:
        UsageError: the file is not there, is no TOML, or holds an unknown key or a bad value.
    """
    try:
        return TrainConfig.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            "a recipe is a TOML file",
            found=f"{path}: {reason(error)}",
            next_step="check the path and the file",
        ) from error
    except ValidationError as error:
        raise UsageError(
            "a recipe's keys are the fields of a training configuration",
            found=f"{reason(error)} in {path}",
            next_step="see docs/training.md",
        ) from error
