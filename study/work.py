"""The work of a study in pieces: trainings fold by fold, networks to count; each is done once and kept."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple

from splkit.ecg.frontend import CYCLE_SIZE
from splkit.errors import SplkitError
from splkit.progress import Advance
from splkit.study.config import StudyConfig
from splkit.study.cost import Cost, CostOf, count
from splkit.study.experiment import Experiment
from splkit.train.config import TrainConfig
from splkit.train.cut_cache import user_cache
from splkit.train.folds import finished_metrics, fold_folder, kept_run, of_fold

RUNS, COSTS = "runs", "costs"
_DEFAULT: Final = TrainConfig()
_STEP_MS: Final = {"galloway": 6, "fnn": 1, "cnn": 6, "crnn": 7, "dscrnn": 12, "rnn": 13}
"""CPU time of a step of 32 cycles in a small network, as it was on one machine: for the time that is left."""
_LARGE: Final = 3
"""About how many times as long a step of the 180k networks takes."""
_START_S, _PATIENT_S, _COUNT_S = 3.0, 0.015, 6.0
"""CPU time of building a network, of simulating a patient, of counting a network's cost."""


@dataclass(frozen=True)
class Piece:
    """One piece of work.

    Attributes:
        name: in words.
        weight: about how long it takes beside the others, in seconds of one CPU.
        steps: what its `advance` adds up to.
        is_done: whether it was done before.
        do: does it.
    """

    name: str
    weight: float
    steps: int
    is_done: Callable[[], bool]
    do: Callable[[Advance], None]


class Done(NamedTuple):
    """A piece that is finished or failed.

    Attributes:
        name: of the piece.
        number, of: how many pieces are behind, and in all.
        was_kept: it was done before.
        failure: why it could not be done; None where it was.
        left_s: about how long the rest takes; None where nothing tells yet.
    """

    name: str
    number: int
    of: int
    was_kept: bool
    failure: str | None
    left_s: float | None


def run_folder(folder: Path, config: TrainConfig) -> Path:
    """Where the folds of a training are: one place for all experiments that need it."""
    lead = config.lead if config.pairs is None else config.pairs.channel
    of = (
        config.model,
        config.input if config.input != _DEFAULT.input else "",
        f"mean{config.averaged_cycles}" if config.averaged_cycles != _DEFAULT.averaged_cycles else "",
        lead,
    )
    return folder / RUNS / "-".join(filter(None, of))


def cost_file(folder: Path, of: CostOf) -> Path:
    """Where the cost of a network is kept."""
    return folder / COSTS / f"{of.name}.json"


def pieces(experiments: Sequence[Experiment], config: StudyConfig, folder: Path) -> list[Piece]:
    """All work of the experiments, each piece once."""
    found: dict[Path, Piece] = {}
    for experiment in experiments:
        for training in experiment.trains(config).values():
            for fold in range(config.folds):
                run_dir = fold_folder(run_folder(folder, training), fold)
                found.setdefault(run_dir, _training(of_fold(training, fold), run_dir, config.folds))
        for of in experiment.costs.values():
            path = cost_file(folder, of)
            found.setdefault(path, _counting(of, path))
    return list(found.values())


def do_all(work: Sequence[Piece], advance: Advance) -> Iterator[Done]:
    """Do what is not done yet; a piece that fails stops no other. `advance` adds up to all their steps."""
    kept = [piece.is_done() for piece in work]
    weights = [0.0 if was_kept else piece.weight for piece, was_kept in zip(work, kept, strict=True)]
    spent_s = 0.0
    for number, (piece, was_kept) in enumerate(zip(work, kept, strict=True), start=1):
        failure = None
        if was_kept:
            advance(piece.steps)
        else:
            began = monotonic()
            failure = _tried(piece, advance)
            spent_s += monotonic() - began
        behind, ahead = sum(weights[:number]), sum(weights[number:])
        left_s = spent_s / behind * ahead if behind else None
        yield Done(piece.name, number, len(work), was_kept, failure, left_s)


def _tried(piece: Piece, advance: Advance) -> str | None:
    told = 0

    def count_steps(steps: int) -> None:
        nonlocal told
        told += steps
        advance(steps)

    try:
        piece.do(count_steps)
    except SplkitError as error:
        advance(piece.steps - told)
        return str(error)
    return None


def _training(config: TrainConfig, run_dir: Path, folds: int) -> Piece:
    return Piece(
        name=f"{run_dir.parent.name}, fold {config.fold + 1} of {folds}",
        weight=_training_s(config),
        steps=config.progress_steps,
        is_done=lambda: finished_metrics(run_dir, config) is not None,
        do=lambda advance: _train(config, run_dir, advance),
    )


def _training_s(config: TrainConfig) -> float:
    family, _, size = config.model.partition("_")
    cycles = config.patients * config.records_per_patient * config.cycles_per_record
    steps = config.epochs * max(config.least_steps, cycles / config.batch)
    points = config.window.size / CYCLE_SIZE
    step_s = _STEP_MS[family] * points * (_LARGE if size == "180k" else 1) / 1000
    return _START_S + _PATIENT_S * config.patients + steps * step_s


def _train(config: TrainConfig, run_dir: Path, advance: Advance) -> None:
    kept_run(config, run_dir, advance, workers=len(os.sched_getaffinity(0)), cache=user_cache())


def _counting(of: CostOf, path: Path) -> Piece:
    return Piece(
        name=f"cost of {of.name}",
        weight=_COUNT_S,
        steps=1,
        is_done=lambda: Cost.kept(path, of) is not None,
        do=lambda advance: _count(of, path, advance),
    )


def _count(of: CostOf, path: Path, advance: Advance) -> None:
    count(of, path)
    advance(1)
