"""Cross-validation: every patient is tested by a network that never saw that patient."""

from pathlib import Path

import numpy as np

from splkit.errors import ModelError
from splkit.progress import Advance, ignore_progress
from splkit.train.config import TrainConfig
from splkit.train.folder import CYCLES, Run, RunMetrics
from splkit.train.run import train_run


def cross_validate(
    config: TrainConfig,
    folder: Path,
    folds: int,
    advance: Advance = ignore_progress,
    *,
    overwrite: bool = False,
    resume: bool = False,
) -> list[RunMetrics]:
    """Train a run for each of the first `folds` fifths of the patients, in `folder`/fold1 and so on.

    `resume` takes finished folds as they are and goes on with one that was cut off. `advance` adds up to
    `folds` times `config.progress_steps`.

    Raises:
        UsageError: a fold's folder is there already, and neither `overwrite` nor `resume` is asked for.
        ModelError: training failed.
        ToolError: TensorFlow or matplotlib is not installed.
    """
    metrics = []
    for fold in range(folds):
        one, run_dir = of_fold(config, fold), fold_folder(folder, fold)
        train = kept_run if resume else train_run
        metrics.append(train(one, run_dir, advance, overwrite=overwrite))
    return metrics


def kept_run(
    config: TrainConfig, run_dir: Path, advance: Advance = ignore_progress, *, overwrite: bool = False
) -> RunMetrics:
    """Take a finished run of that very configuration, go on with one that was cut off, or train.

    One that was cut off before its cycles were there begins anew, whatever it left.

    Raises:
        UsageError: another run is there, and `overwrite` is not asked for.
        ModelError: training failed.
        ToolError: TensorFlow or matplotlib is not installed.
    """
    finished = finished_run(run_dir, config)
    if finished is not None:
        advance(config.progress_steps)
        return finished
    is_begun = (run_dir.with_name(run_dir.name + ".partial") / CYCLES).exists()
    return train_run(config, run_dir, advance, overwrite=overwrite, resume=is_begun)


def of_fold(config: TrainConfig, fold: int) -> TrainConfig:
    """The training that tests that fifth of the patients, 0 to 4."""
    return config.model_copy(update={"fold": fold})


def fold_folder(folder: Path, fold: int) -> Path:
    """Where its run is."""
    return folder / f"fold{fold + 1}"


def summary(metrics: list[RunMetrics]) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation over folds of R2, MAE in mEq/L and AUC at 5.5, as far as all have them."""
    names = ("r2", "mae_meq_l", "auc_5_5")
    columns = {name: [getattr(one.test, name) for one in metrics] for name in names}
    return {
        name: (float(np.mean(column)), float(np.std(column, ddof=1)))
        for name, column in columns.items()
        if None not in column
    }


def finished_run(run_dir: Path, config: TrainConfig) -> RunMetrics | None:
    """What a finished run of that very configuration came to; None where there is none."""
    try:
        run = Run.load(run_dir)
    except ModelError:
        return None
    return run.metrics if run.config == config else None
