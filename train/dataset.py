"""The data set of a training run: every patient's cycles, cut by the front end that runs on the board."""

from collections.abc import Sequence
from pathlib import Path

from splkit.errors import ModelError
from splkit.pool import Workers
from splkit.progress import Advance, ignore_progress, stage
from splkit.train.cohort import SPLITS
from splkit.train.config import TrainConfig
from splkit.train.cutting import cut_each
from splkit.train.cycle_set import CycleSet


def build(
    config: TrainConfig,
    advance: Advance = ignore_progress,
    *,
    workers: Workers = 1,
    cache: Path | None = None,
) -> CycleSet:
    """Simulate the patients of `config`, or read those of its pairs, and cut their cycles.

    The same configuration gives the same cycles, whoever cuts and whatever the cache holds. `advance` counts
    patients.

    Args:
        config: of the run.
        advance: counts patients.
        workers: how many processes cut, or the address of a Dask scheduler.
        cache: folder of `splkit.train.cut_cache`; None to keep nothing.

    Raises:
        ModelError: a split is left without cycles.
        UsageError: the table of pairs is not the one that the configuration was made with.
        RecordingError: a record of the pairs cannot be read.
        ToolError: the cluster cannot be used.
    """
    return build_each([config], advance, workers=workers, cache=cache)[0]


def build_each(
    configs: Sequence[TrainConfig],
    advance: Advance = ignore_progress,
    *,
    workers: Workers = 1,
    cache: Path | None = None,
) -> list[CycleSet]:
    """The same for several leads: configurations that differ in nothing but `lead` or `pairs.channel`.

    Each ECG is read once for all of them. Errors and arguments are those of `build`.
    """
    stage(advance, "cutting cycles", configs[0].patients, "patients")
    sets = cut_each(configs, advance, workers=workers, cache=cache)
    for cycles, config in zip(sets, configs, strict=True):
        _check(cycles, config)
    return sets


def _check(cycles: CycleSet, config: TrainConfig) -> None:
    for name in SPLITS:
        if not len(cycles.split(name, config.patients, config.fold).patient):
            raise ModelError(
                "every split has cycles",
                found=f"none in {name} from {config.patients} patients",
                next_step="train on more patients or longer records",
            )
