"""A run folder: what a training run leaves, and how it is read back."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from splkit import __version__
from splkit.errors import ModelError, reason
from splkit.train.baselines import Baseline
from splkit.train.config import TrainConfig
from splkit.train.cycle_set import CycleSet
from splkit.train.fit import WEIGHTS
from splkit.train.hyperkalemia import Detection
from splkit.train.metrics import Accuracy, Band
from splkit.train.zoo import build_named

CONFIG, METRICS, CYCLES = "config.json", "metrics.json", "cycles.npz"
HISTORY, CURVE = "history.csv", "learning_curve.png"
FINE_TUNED = "qat"
"""The folder in it that `splkit.quantize.finetune` fills."""


class ByBeats(BaseModel):
    """The float model on means of another number of cycles than the board's, of the same test patients."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    beats: int
    test: Accuracy


class RunFigures(BaseModel):
    """What a run of any network came to.

    Attributes:
        data: what it was trained and tested on.
        records: ECGs simulated or read.
        used_records: those of them that gave an averaged cycle.
        lead: of all its ECGs; None where there are several, or one is not known.
        weakness: in words, that the model is no better than one answer to all; None where it is better.
        best_epoch: the epoch with the least validation error, whose weights are kept.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    splkit_version: str
    data: Literal["simulated", "measured"]
    records: int
    used_records: int
    lead: str | None = None
    parameters: int
    train_cycles: int
    train_patients: int
    weakness: str | None = None
    best_epoch: int


class ClassifierMetrics(RunFigures):
    """What a run of a classifier came to: no error in mEq/L, for it says none.

    Attributes:
        test: the float model on the test split; the first of its operating points is the alert.
        train_positive_cycles: cycles of hyperkalemia that it learned from.
    """

    test: Detection
    train_positive_cycles: int


class RunMetrics(RunFigures):
    """What a run of a network that estimates SPL came to.

    Attributes:
        spl_offset_meq_l: SPL = this + the model's output: the mean of the training cycles, to 0.1.
        test: the float model on the test split.
        mean_answer: answering the offset to every ECG, on the same split; what a model must beat.
        baselines: simple estimates on the same split, and the model's gain over each.
        hyperkalemia: how well it is told by the chance of 5.5 mEq/L, on the same split; None where that or
            the validation split has one class alone.
        bands: the float model by potassium, on the same split.
        by_beats: the float model on means of the other numbers of cycles that it learned from.
    """

    spl_offset_meq_l: float
    test: Accuracy
    mean_answer: Accuracy
    hyperkalemia: Detection | None = None
    baselines: tuple[Baseline, ...] = ()
    bands: tuple[Band, ...] = ()
    by_beats: tuple[ByBeats, ...] = ()


class AnyRun(BaseModel):
    """A finished run folder, read back, of whatever network."""

    model_config = ConfigDict(frozen=True)

    folder: Path
    config: TrainConfig

    def cycles(self, split: str, beats: int | None = None) -> CycleSet:
        """The cycles of one split, means of `beats`; of as many as the board averages where None."""
        return self._all(split).of_beats(beats or self.config.averaged_cycles)

    def learned(self) -> CycleSet:
        """The training cycles, means of all numbers that training learns from."""
        return self._all("train")

    def _all(self, split: str) -> CycleSet:
        return CycleSet.load(self.folder / CYCLES).split(split, self.config.patients, self.config.fold)

    def model(self) -> Any:
        """The trained tf_keras model.

        Raises:
            ModelError: the weights are those of another model.
            ToolError: TensorFlow is not installed.
        """
        config = self.config
        model = build_named(config.model, config.order, answers=config.answers, length=config.window.size)
        try:
            model.load_weights(self.folder / WEIGHTS)
        except (OSError, ValueError) as error:
            raise _no_run(self.folder, f"{WEIGHTS}: {reason(error)}") from error
        return model


class Run(AnyRun):
    """A finished run of a network that estimates SPL."""

    metrics: RunMetrics

    @classmethod
    def load(cls, folder: Path) -> "Run":
        """Read its folder.

        Raises:
            ModelError: it is not a finished run of this version of splkit, or a classifier's.
        """
        run = load_run(folder)
        if isinstance(run, ClassifierRun):
            raise _no_run(folder, f"{run.config.model}, which tells hyperkalemia and estimates no SPL,")
        return run


class ClassifierRun(AnyRun):
    """A finished run of a classifier."""

    metrics: ClassifierMetrics


def load_run(folder: Path) -> Run | ClassifierRun:
    """Read a run folder.

    Raises:
        ModelError: it is not a finished run of this version of splkit.
    """
    try:
        config = TrainConfig.model_validate_json((folder / CONFIG).read_bytes())
        content = (folder / METRICS).read_bytes()
        run: Run | ClassifierRun = (
            ClassifierRun(
                folder=folder, config=config, metrics=ClassifierMetrics.model_validate_json(content)
            )
            if config.is_classifier
            else Run(folder=folder, config=config, metrics=RunMetrics.model_validate_json(content))
        )
    except OSError as error:
        raise _no_run(folder, f"{Path(error.filename or folder).name}: {reason(error)}") from error
    except ValidationError as error:
        raise _no_run(folder, reason(error)) from error
    if run.metrics.splkit_version != __version__:
        raise _no_run(folder, f"a run of splkit {run.metrics.splkit_version}")
    if not (folder / WEIGHTS).is_file():
        raise _no_run(folder, f"no {WEIGHTS}")
    return run


def _no_run(folder: Path, found: str) -> ModelError:
    return ModelError(
        f"a run folder is what splkit train {__version__} left",
        found=f"{found} ({folder})",
        next_step="give the folder of a finished run, or train again",
    )
