"""The settings of a study, in one file. With the same file, the study can be repeated."""

from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from splkit.errors import UsageError, reason
from splkit.files import write_whole
from splkit.train.config import MAX_EPOCHS, MAX_PATIENTS, MAX_SEED, MIN_PATIENTS, Pairs, TrainConfig
from splkit.train.pairs import with_pairs

QUICK: Final[dict[str, int]] = {"folds": 2, "patients": 300, "epochs": 8, "least_steps": 60}
"""Settings of `--quick`: under 10 minutes on two cores.

A quick study shows that everything runs. It does not show what the networks can do.
"""
_DEFAULT = TrainConfig()


class StudyConfig(BaseModel):
    """A study.

    Attributes:
        quick: whether its settings are those of `QUICK`.
        seed: seed of the patients and the weights.
        folds: how many fifths of the patients are tested, each by networks that never saw them.
        patients: number of patients, simulated or in the table.
        pairs: a table of real ECGs, used in place of simulated ones.
        epochs, least_steps: settings of every training, as in `TrainConfig`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    quick: bool = False
    seed: int = Field(default=1, ge=0, le=MAX_SEED)
    folds: int = Field(default=5, ge=1, le=5)
    patients: int = Field(default=_DEFAULT.patients, ge=MIN_PATIENTS, le=MAX_PATIENTS)
    pairs: Pairs | None = None
    epochs: int = Field(default=_DEFAULT.epochs, ge=1, le=MAX_EPOCHS)
    least_steps: int = Field(default=_DEFAULT.least_steps, ge=1)

    @classmethod
    def of(cls, table: Path | None = None, channel: str | None = None, **changes: Any) -> Self:
        """Settings for simulated patients, or for those of a table.

        If `quick` is true in `changes`, the values of `QUICK` are the defaults. `changes` overrides them.

        Raises:
            UsageError: the table cannot be used.
        """
        settings = (QUICK if changes.get("quick") else {}) | changes
        if table is not None:
            paired = with_pairs(TrainConfig(), table, channel)
            settings |= {"pairs": paired.pairs, "patients": paired.patients}
        return cls(**settings)

    @property
    def origin(self) -> str:
        """The origin of the potassium, as every figure states it."""
        return "simulated potassium" if self.pairs is None else "measured potassium"

    def training(self, **changes: Any) -> TrainConfig:
        """The configuration of one training of the study."""
        base = {
            "seed": self.seed,
            "patients": self.patients,
            "pairs": self.pairs,
            "epochs": self.epochs,
            "least_steps": self.least_steps,
        }
        return TrainConfig(**(base | changes))

    def in_lead(self, lead: str, **changes: Any) -> TrainConfig:
        """The configuration of a training on another lead, simulated or read from the table."""
        if self.pairs is None:
            return self.training(lead=lead, **changes)
        return self.training(pairs=self.pairs.model_copy(update={"channel": lead}), **changes)


class Begun(BaseModel):
    """`study.json`: the settings of a folder's study, and the experiments that were asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    splkit: str
    config: StudyConfig
    experiments: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file.

        Raises:
            UsageError: the file is damaged.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValueError) as error:
            raise UsageError(
                "a study goes on in the folder in which it began",
                found=f"{path}: {reason(error)}",
                next_step="name a new folder",
            ) from error

    def save(self, path: Path) -> None:
        """Write the file. It is never left half written."""
        write_whole(path, (self.model_dump_json(indent=2) + "\n").encode())
