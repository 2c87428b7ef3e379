"""Runs that are gone on with: what one that was cut off has kept, and finished ones with more epochs."""

import shutil
from pathlib import Path

from splkit.errors import ModelError, UsageError
from splkit.train import checkpoint
from splkit.train.config import TrainConfig
from splkit.train.curve import read_history
from splkit.train.fit import WEIGHTS
from splkit.train.folder import CONFIG, CYCLES, HISTORY, Run


def partial_of(run_dir: Path) -> Path:
    """The folder in which a run is made."""
    return run_dir.with_name(run_dir.name + ".partial")


def kept(run_dir: Path, cache: Path) -> str:
    """What is kept of a run that was interrupted, and how to go on, in words."""
    partial = partial_of(run_dir)
    if not partial.exists():
        return f"nothing was begun in {run_dir}"
    if not (partial / CYCLES).exists():
        return (
            f"no epoch was begun: of the cycles cut so far, whole chunks are kept in {cache}, "
            "and the same command goes on"
        )
    epochs = len(checkpoint.read_history(partial))
    if not epochs:
        return (
            f"no epoch is over: the cycles are kept in {partial}, and the same command with --resume goes on"
        )
    whole = f"{epochs} whole epoch{'s are' if epochs > 1 else ' is'}"
    return f"{whole} kept in {partial}: the same command with --resume goes on"


def kept_of_folds(folder: Path, runs: int, cache: Path) -> str:
    """The same of a cross-validation in `folder`: its finished folds, and the one that was under way."""
    places = [folder / f"fold{number + 1}" for number in range(runs)]
    done = sum(place.exists() for place in places)
    begun = next((place for place in places if partial_of(place).exists()), None)
    said = f"{done} of {runs} folds are done"
    return (
        f"{said}, --resume keeps them" if begun is None else f"{said}; of {begun.name}: {kept(begun, cache)}"
    )


def finished_run(run_dir: Path, config: TrainConfig) -> Run | None:
    """The finished run in a folder that `config` could go on with; None where there is none.

    Raises:
        UsageError: it is another configuration's, in more than its epochs, or has so many epochs already.
    """
    try:
        run = Run.load(run_dir)
    except ModelError:
        return None
    changed = [
        name
        for name, value in run.config
        if name not in ("epochs", "restarts") and value != getattr(config, name)
    ]
    if changed:
        raise UsageError(
            "a finished run goes on with the configuration that it was made with",
            found=f"another {', '.join(changed)} in {run_dir}",
            next_step="give the same one and more --epochs, or train in another folder",
        )
    if config.epochs <= run.config.epochs:
        raise UsageError(
            "a finished run goes on where there are more epochs than it has",
            found=f"{run.config.epochs} in {run_dir}, {config.epochs} asked for",
            next_step="give more --epochs",
        )
    return run


def longer(run: Run, config: TrainConfig) -> TrainConfig:
    """`config`, with more epochs than `run`, as it goes on from there.

    The learning rate has fallen to nothing by the end of the run, and falls once more over the new epochs. So
    the weights are not those of as many epochs in one piece, but those of this configuration from the start.
    """
    return config.model_copy(update={"restarts": (*run.config.restarts, run.config.epochs)})


def about_restarts(config: TrainConfig) -> str:
    """What the weights of a run that was gone on with are, in words."""
    after = " and ".join(map(str, config.restarts))
    return (
        f"goes on from the best epoch, with the learning rate anew after epoch {after}: the weights are "
        f"those of a recipe with epochs = {config.epochs} and restarts = {list(config.restarts)}, not of "
        f"{config.epochs} epochs in one piece"
    )


def begin_anew(run: Run, config: TrainConfig, partial: Path) -> None:
    """Make the folder in which a finished run goes on: its cycles, its best weights and its history.

    Raises:
        ModelError: its history cannot be read.
    """
    history = read_history(run.folder / HISTORY)
    partial.mkdir()
    for name in (CYCLES, WEIGHTS):
        shutil.copyfile(run.folder / name, partial / name)
    checkpoint.save_history(history, partial)
    (partial / CONFIG).write_text(config.model_dump_json(indent=2) + "\n", encoding="utf-8")
