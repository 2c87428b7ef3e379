"""A training run, from a configuration to a folder that holds all that came out of it."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from splkit import __version__
from splkit.errors import UsageError
from splkit.files import place_taken
from splkit.folders import own_place, refuse_strangers, replace_folder
from splkit.made import LISTING, list_made, made, refuse_unknown
from splkit.progress import Advance, ignore_progress
from splkit.train import checkpoint
from splkit.train.backend import keras
from splkit.train.baselines import baseline_answers, beside
from splkit.train.checkpoint import Epoch
from splkit.train.cohort import SPLITS
from splkit.train.config import TrainConfig
from splkit.train.curve import draw_learning_curve, write_history
from splkit.train.cycle_set import CycleSet
from splkit.train.dataset import build
from splkit.train.fit import WEIGHTS, Example, fit
from splkit.train.folder import CONFIG, CURVE, CYCLES, HISTORY, METRICS, ByBeats, RunMetrics
from splkit.train.held_out import NETWORK, TEST_ANSWERS, HeldOut
from splkit.train.loss import loss_name, loss_of
from splkit.train.metrics import Accuracy, no_better_than_mean, same_answer, score, score_bands
from splkit.train.zoo import build_named

UNFINISHED = (CONFIG, CYCLES, CURVE, HISTORY, METRICS, TEST_ANSWERS, WEIGHTS, LISTING, *checkpoint.FILES)
"""What a run that was cut off may have left."""


def train_run(
    config: TrainConfig,
    run_dir: Path,
    advance: Advance = ignore_progress,
    *,
    overwrite: bool = False,
    resume: bool = False,
) -> RunMetrics:
    """Simulate or read, cut cycles, train and test; the run appears as `run_dir` when all is done.

    Until then it is in `<run_dir>.partial`, from which `resume` goes on. The same configuration gives the
    same weights on the same machine. `advance` adds up to `config.progress_steps`.

    Raises:
        UsageError: `run_dir` or one that was cut off is there already, or there is nothing to resume.
        ModelError: training failed.
        ToolError: TensorFlow or matplotlib is not installed.
    """
    keras()
    place = own_place(run_dir, "a run")
    with place_taken(place):
        return _train(config, place, advance, overwrite, resume)


def _train(config: TrainConfig, run_dir: Path, advance: Advance, overwrite: bool, resume: bool) -> RunMetrics:
    partial = run_dir.with_name(run_dir.name + ".partial")
    _prepare(config, run_dir, partial, overwrite, resume)
    cycles = _cycles(config, partial, advance)
    train, validation = (cycles.split(name, config.patients, config.fold) for name in ("train", "validation"))
    validation = validation.of_beats(config.averaged_cycles)
    offset_meq_l = round(float(train.potassium_meq_l.mean()), 1)
    model = build_named(config.model, config.order, seed=config.seed_of_weights, answers=config.answers)
    learned, held_out = (Example.of(one, offset_meq_l, config.balance) for one in (train, validation))
    history = fit(model, config, learned, held_out, partial, advance, loss=loss_of(config.quantiles))
    write_history(history, partial / HISTORY)
    metrics = _measure(model, config, cycles, offset_meq_l, history, partial)
    title = f"{model.name}, {config.data} potassium"
    draw_learning_curve(history, title, loss_name(config.quantiles), partial / CURVE)
    (partial / METRICS).write_text(metrics.model_dump_json(indent=2) + "\n", encoding="utf-8")
    checkpoint.remove(partial)
    list_made(partial)
    replace_folder(partial, run_dir, lambda before: _refuse_others(before, run_dir))
    return metrics


def estimate(model: Any, cycles: CycleSet, offset_meq_l: float) -> NDArray[np.float64]:
    """SPL in mEq/L that a float model gives for cycles, float64[n, k]: its quantiles, or its one answer."""
    output = model.predict(cycles.inputs, batch_size=256, verbose=0)
    return np.asarray(output, np.float64) + offset_meq_l


def _measure(
    model: Any,
    config: TrainConfig,
    cycles: CycleSet,
    offset_meq_l: float,
    history: list[Epoch],
    folder: Path,
) -> RunMetrics:
    splits = [cycles.split(name, config.patients, config.fold) for name in SPLITS]
    train, validation, test = (one.of_beats(config.averaged_cycles) for one in splits)
    estimated = estimate(model, test, offset_meq_l)[:, config.median]
    simple = baseline_answers(train, validation, test)
    HeldOut.of(config, test, {NETWORK: estimated, **simple}).save(folder / TEST_ANSWERS)
    scored = score(estimated, test.potassium_meq_l, test.patient)
    mean_answer = score(np.full(len(test.patient), offset_meq_l), test.potassium_meq_l, test.patient)
    return RunMetrics(
        splkit_version=__version__,
        data=config.data,
        records=cycles.records,
        used_records=len(np.unique(cycles.of_beats(config.averaged_cycles).record)),
        lead=cycles.lead,
        spl_offset_meq_l=offset_meq_l,
        parameters=model.count_params(),
        train_cycles=len(splits[0].patient),
        train_patients=len(np.unique(splits[0].patient)),
        test=scored,
        mean_answer=mean_answer,
        baselines=beside(simple, test, estimated),
        weakness=no_better_than_mean(scored, mean_answer) or same_answer(estimated),
        bands=score_bands(estimated, test.potassium_meq_l),
        by_beats=tuple(
            ByBeats(beats=beats, test=_scored(model, splits[2].of_beats(beats), offset_meq_l, config.median))
            for beats in config.beats[1:]
        ),
        best_epoch=min(history, key=lambda row: row.validation_loss).epoch,
    )


def _scored(model: Any, test: CycleSet, offset_meq_l: float, median: int) -> Accuracy:
    estimated = estimate(model, test, offset_meq_l)[:, median]
    return score(estimated, test.potassium_meq_l, test.patient)


def _prepare(config: TrainConfig, run_dir: Path, partial: Path, overwrite: bool, resume: bool) -> None:
    if run_dir.exists() and (not run_dir.is_dir() or any(run_dir.iterdir())) and not overwrite:
        raise UsageError(
            "a run goes into a new folder",
            found=f"{run_dir}, which holds something",
            next_step="choose another, or add --force",
        )
    _refuse_others(run_dir, run_dir)
    if resume:
        _check_same(config, partial)
        return
    if (partial / CYCLES).exists() and not overwrite:
        raise UsageError(
            "a run that was cut off is not lost",
            found=f"one in {partial}",
            next_step="add --resume to go on with it, or --force to start anew",
        )
    refuse_unknown(partial, UNFINISHED)
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    (partial / CONFIG).write_text(config.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _refuse_others(folder: Path, run_dir: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        refuse_strangers(folder, made(folder), run_dir)


def _check_same(config: TrainConfig, partial: Path) -> None:
    """Hold a resumed run to the configuration that it was started with."""
    try:
        started = TrainConfig.model_validate_json((partial / CONFIG).read_bytes())
    except (OSError, ValidationError) as error:
        raise UsageError(
            "only a run that was cut off can be resumed",
            found=f"no readable {partial / CONFIG}",
            next_step="start it without resuming",
        ) from error
    if started != config:
        changed = [key for key, value in started if value != getattr(config, key)]
        raise UsageError(
            "a run is resumed with the configuration that it was started with",
            found=f"another {', '.join(changed)}",
            next_step="give the same one, or start it anew",
        )


def _cycles(config: TrainConfig, partial: Path, advance: Advance) -> CycleSet:
    path = partial / CYCLES
    if path.exists():
        advance(config.patients)
        return CycleSet.load(path)
    cycles = build(config, advance)
    unfinished = path.with_name(checkpoint.UNFINISHED)
    cycles.save(unfinished)
    unfinished.rename(path)
    return cycles
