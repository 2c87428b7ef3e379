"""Cross-validation: every patient is tested by a network that never saw that patient."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from splkit.errors import ModelError
from splkit.pool import Workers
from splkit.progress import Advance, Within, ignore_progress
from splkit.train.config import TrainConfig
from splkit.train.folder import CYCLES, ClassifierMetrics, RunMetrics, load_run
from splkit.train.going_on import partial_of
from splkit.train.run import train_run


def cross_validate(
    config: TrainConfig,
    folder: Path,
    folds: int,
    advance: Advance = ignore_progress,
    *,
    overwrite: bool = False,
    resume: bool = False,
    workers: Workers = 1,
    cache: Path | None = None,
) -> list[RunMetrics | ClassifierMetrics]:
    """Train a run for each of the first `folds` fifths of the patients, in `folder`/fold1 and so on.

    `resume` takes finished folds as they are and goes on with one that was cut off. `advance` adds up to
    `folds` times `config.progress_steps`; `workers` and `cache` are those of `splkit.train.dataset.build`.

    Raises:
        UsageError: a fold's folder is there already, and neither `overwrite` nor `resume` is asked for.
        ModelError: training failed.
        ToolError: TensorFlow or matplotlib is not installed.
    """
    metrics: list[RunMetrics | ClassifierMetrics] = []
    for fold in range(folds):
        one, run_dir = of_fold(config, fold), fold_folder(folder, fold)
        within = Within(advance, f"fold {fold + 1} of {folds}")
        train = kept_run if resume else train_run
        metrics.append(train(one, run_dir, within, overwrite=overwrite, workers=workers, cache=cache))
    return metrics


def kept_run(
    config: TrainConfig,
    run_dir: Path,
    advance: Advance = ignore_progress,
    *,
    overwrite: bool = False,
    workers: Workers = 1,
    cache: Path | None = None,
) -> RunMetrics | ClassifierMetrics:
    """Take a finished run of that very configuration, go on with one that was cut off, or train.

    One that was cut off before its cycles were there begins anew, whatever it left.

    Raises:
        UsageError: another run is there, and `overwrite` is not asked for.
        ModelError: training failed.
        ToolError: TensorFlow or matplotlib is not installed.
    """
    finished = finished_metrics(run_dir, config)
    if finished is not None:
        advance(config.progress_steps)
        return finished
    resume = run_dir.exists() or (partial_of(run_dir) / CYCLES).exists()
    how = {"overwrite": overwrite, "resume": resume}
    return train_run(config, run_dir, advance, **how, workers=workers, cache=cache)


def of_fold(config: TrainConfig, fold: int) -> TrainConfig:
    """The training that tests that fifth of the patients, 0 to 4."""
    return config.model_copy(update={"fold": fold})


def fold_folder(folder: Path, fold: int) -> Path:
    """Where its run is."""
    return folder / f"fold{fold + 1}"


def summary(metrics: Sequence[RunMetrics | ClassifierMetrics]) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation over folds of R2, MAE in mEq/L and AUC at 5.5, as far as all have them."""
    names = ("r2", "mae_meq_l", "auc_5_5")
    columns = {name: [_figure(one, name) for one in metrics] for name in names}
    known = {name: [each for each in column if each is not None] for name, column in columns.items()}
    return {
        name: (float(np.mean(column)), float(np.std(column, ddof=1)))
        for name, column in known.items()
        if len(column) == len(metrics)
    }


def _figure(metrics: RunMetrics | ClassifierMetrics, name: str) -> float | None:
    if isinstance(metrics, ClassifierMetrics):
        return metrics.test.auc.value if name == "auc_5_5" else None
    value: float | None = getattr(metrics.test, name)
    return value


def finished_metrics(run_dir: Path, config: TrainConfig) -> RunMetrics | ClassifierMetrics | None:
    """What a finished run of that very configuration came to; None where there is none."""
    try:
        run = load_run(run_dir)
    except ModelError:
        return None
    config = config.model_copy(update={"restarts": run.config.restarts})
    return run.metrics if run.config == config else None
