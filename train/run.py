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
from splkit.pool import Workers
from splkit.progress import Advance, ignore_progress, note
from splkit.train import checkpoint
from splkit.train.backend import training_strategy
from splkit.train.baselines import baseline_answers, beside
from splkit.train.checkpoint import Epoch
from splkit.train.classifier import check_classes, detected, not_told, probabilities
from splkit.train.cohort import SPLITS
from splkit.train.config import TrainConfig
from splkit.train.curve import draw_learning_curve, write_history
from splkit.train.cycle_set import CycleSet
from splkit.train.dataset import build
from splkit.train.fit import WEIGHTS, Example, fit
from splkit.train.folder import (
    CONFIG,
    CURVE,
    CYCLES,
    HISTORY,
    METRICS,
    ByBeats,
    ClassifierMetrics,
    RunMetrics,
)
from splkit.train.going_on import about_restarts, begin_anew, finished_run, longer, partial_of
from splkit.train.held_out import NETWORK, TEST_ANSWERS, HeldOut
from splkit.train.hyperkalemia import Detection, chances_behind, detection, is_positive
from splkit.train.loss import CLASSIFIER, CLASSIFIER_NAME, loss_name, loss_of
from splkit.train.metrics import Accuracy, no_better_than_mean, same_answer, score, score_bands
from splkit.train.roc import ROC_FILES, write_roc
from splkit.train.zoo import build_named

UNFINISHED = (
    *(CONFIG, CYCLES, CURVE, HISTORY, METRICS, TEST_ANSWERS, WEIGHTS, LISTING),
    *ROC_FILES,
    *checkpoint.FILES,
)
"""What a run that was cut off may have left."""


def train_run(
    config: TrainConfig,
    run_dir: Path,
    advance: Advance = ignore_progress,
    *,
    overwrite: bool = False,
    resume: bool = False,
    workers: Workers = 1,
    cache: Path | None = None,
) -> RunMetrics | ClassifierMetrics:
    """Simulate or read, cut cycles, train and test; the run appears as `run_dir` when all is done.

    Until then it is in `<run_dir>.partial`, from which `resume` goes on; a finished run goes on with more
    epochs (`splkit.train.going_on.longer`). The same configuration gives the same weights on the same
    machine. `advance` adds up to `config.progress_steps`; `workers` and `cache` are those of
    `splkit.train.dataset.build`. With `overwrite` a run that is there already is replaced.

    Raises:
        UsageError: `run_dir` or one that was cut off is there already, or there is nothing to resume.
        ModelError: training failed.
        ToolError: TensorFlow or matplotlib is not installed.
    """
    strategy = training_strategy()
    place = own_place(run_dir, "a run")
    with place_taken(place):
        partial = partial_of(place)
        config = _prepare(config, place, partial, overwrite, resume)
        if config.restarts:
            note(advance, about_restarts(config))
        cycles = _cycles(config, partial, advance, workers, cache)
        return _train(config, place, partial, cycles, advance, strategy)


def _train(
    config: TrainConfig, run_dir: Path, partial: Path, cycles: CycleSet, advance: Advance, strategy: Any
) -> RunMetrics | ClassifierMetrics:
    learn = _learn_classes if config.is_classifier else _learn_potassium
    metrics = learn(config, cycles, partial, advance, strategy)
    (partial / METRICS).write_text(metrics.model_dump_json(indent=2) + "\n", encoding="utf-8")
    checkpoint.remove(partial)
    list_made(partial)
    replace_folder(partial, run_dir, lambda before: _refuse_others(before, run_dir))
    return metrics


def _learn_potassium(
    config: TrainConfig, cycles: CycleSet, partial: Path, advance: Advance, strategy: Any
) -> RunMetrics:
    train, validation, _ = _splits(config, cycles)
    offset_meq_l = round(float(train.potassium_meq_l.mean()), 1)
    model = _built(config)
    learned, held_out = (Example.of(one, offset_meq_l, config.balance) for one in (train, validation))
    loss = loss_of(config.quantiles)
    history = fit(model, config, learned, held_out, partial, advance, loss=loss, strategy=strategy)
    _write_course(model, config, history, loss_name(config.quantiles), partial)
    return _measure(model, config, cycles, offset_meq_l, history, partial)


def _learn_classes(
    config: TrainConfig, cycles: CycleSet, partial: Path, advance: Advance, strategy: Any
) -> ClassifierMetrics:
    train, validation, test = _splits(config, cycles)
    check_classes(training=train, validation=validation, test=test)
    model = _built(config)
    learned, held_out = (Example.of_classes(one) for one in (train, validation))
    history = fit(model, config, learned, held_out, partial, advance, loss=CLASSIFIER, strategy=strategy)
    _write_course(model, config, history, CLASSIFIER_NAME, partial)
    found, answers = detected(model, validation, test), probabilities(model, test)
    HeldOut.of(config, test, {NETWORK: answers}).save(partial / TEST_ANSWERS)
    write_roc(answers, is_positive(test), found, _title(model, config), partial)
    return ClassifierMetrics(
        **_figures(model, config, cycles, history),
        test=found,
        train_positive_cycles=int(is_positive(train).sum()),
        weakness=not_told(found),
    )


def _built(config: TrainConfig) -> Any:
    return build_named(
        config.model,
        config.order,
        seed=config.seed_of_weights,
        answers=config.answers,
        length=config.window.size,
    )


def _splits(config: TrainConfig, cycles: CycleSet) -> tuple[CycleSet, CycleSet, CycleSet]:
    """All that is learned from; validation and test, means of as many cycles as the board averages."""
    train, *others = (cycles.split(name, config.patients, config.fold) for name in SPLITS)
    validation, test = (one.of_beats(config.averaged_cycles) for one in others)
    return train, validation, test


def _write_course(model: Any, config: TrainConfig, history: list[Epoch], loss: str, partial: Path) -> None:
    write_history(history, partial / HISTORY)
    draw_learning_curve(history, _title(model, config), loss, partial / CURVE)


def _title(model: Any, config: TrainConfig) -> str:
    return f"{model.name}, {config.data} potassium"


def _figures(model: Any, config: TrainConfig, cycles: CycleSet, history: list[Epoch]) -> dict[str, Any]:
    """What every run has, as the fields of `RunFigures`."""
    train = cycles.split(SPLITS[0], config.patients, config.fold)
    return {
        "splkit_version": __version__,
        "data": config.data,
        "records": cycles.records,
        "used_records": len(np.unique(cycles.of_beats(config.averaged_cycles).record)),
        "lead": cycles.lead,
        "parameters": model.count_params(),
        "train_cycles": len(train.patient),
        "train_patients": len(np.unique(train.patient)),
        "best_epoch": min(history, key=lambda row: row.validation_loss).epoch,
    }


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
        **_figures(model, config, cycles, history),
        spl_offset_meq_l=offset_meq_l,
        test=scored,
        mean_answer=mean_answer,
        hyperkalemia=_detected(model, config, offset_meq_l, validation, test),
        baselines=beside(simple, test, estimated),
        weakness=no_better_than_mean(scored, mean_answer) or same_answer(estimated),
        bands=score_bands(estimated, test.potassium_meq_l),
        by_beats=tuple(
            ByBeats(beats=beats, test=_scored(model, splits[2].of_beats(beats), offset_meq_l, config.median))
            for beats in config.beats[1:]
        ),
    )


def _detected(
    model: Any, config: TrainConfig, offset_meq_l: float, validation: CycleSet, test: CycleSet
) -> Detection | None:
    """By the chance of 5.5 mEq/L behind estimates."""
    validated, answers = (estimate(model, each, offset_meq_l) for each in (validation, test))
    told = chances_behind(config.quantiles, validated, validation.potassium_meq_l, answers)
    return detection(told[0], validation, told[1], test)


def _scored(model: Any, test: CycleSet, offset_meq_l: float, median: int) -> Accuracy:
    estimated = estimate(model, test, offset_meq_l)[:, median]
    return score(estimated, test.potassium_meq_l, test.patient)


def _prepare(config: TrainConfig, run_dir: Path, partial: Path, overwrite: bool, resume: bool) -> TrainConfig:
    """Makes the folder that the run is made in; gives the configuration with the restarts that it has."""
    finished = finished_run(run_dir, config) if resume and not overwrite else None
    if finished is not None:
        config = longer(finished, config)
        _refuse_others(run_dir, run_dir)
        if not partial.exists():
            begin_anew(finished, config, partial)
        _check_same(config, partial)
        return config
    if run_dir.exists() and (not run_dir.is_dir() or any(run_dir.iterdir())) and not overwrite:
        raise UsageError(
            "a run goes into a new folder",
            found=f"{run_dir}, which holds something",
            next_step="choose another, or add --force",
        )
    _refuse_others(run_dir, run_dir)
    if resume:
        _check_same(config, partial)
        return config
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
    return config


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


def _cycles(
    config: TrainConfig, partial: Path, advance: Advance, workers: Workers, cache: Path | None
) -> CycleSet:
    path = partial / CYCLES
    if path.exists():
        advance(config.patients)
        return CycleSet.load(path)
    cycles = build(config, advance, workers=workers, cache=cache)
    unfinished = path.with_name(checkpoint.UNFINISHED)
    cycles.save(unfinished)
    unfinished.rename(path)
    return cycles
