"""The work of a study in pieces: trainings fold by fold, networks to count; each is done once and kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple

from splkit.errors import SplkitError
from splkit.progress import Advance, note, tell
from splkit.study.config import StudyConfig
from splkit.study.cost import Cost, CostOf, count
from splkit.study.experiment import Experiment
from splkit.study.team import Task, side_by_side
from splkit.train.config import TrainConfig
from splkit.train.cut_cache import made_from_bytes, user_cache
from splkit.train.dataset import build
from splkit.train.folds import finished_metrics, fold_folder, kept_run, of_fold

RUNS, COSTS = "runs", "costs"
_STEP_MS: Final = {"fnn": 1, "cnn": 6, "crnn": 7, "dscrnn": 12, "rnn": 13, "galloway": 15}
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
        spreads: it takes all processes for itself, and is done before those that take one.
    """

    name: str
    weight: float
    steps: int
    is_done: Callable[[], bool]
    do: Task
    spreads: bool = False


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
    return folder / RUNS / "-".join((config.model, *_cycles_of(config)))


def _cycles_of(config: TrainConfig) -> list[str]:
    """Lead and input, in words."""
    lead = config.lead if config.pairs is None else config.pairs.channel
    usual = TrainConfig(model=config.model)
    parts = [lead] if lead else []
    parts += [config.input] if config.input != usual.input else []
    parts += [f"mean{config.averaged_cycles}"] if config.averaged_cycles != usual.averaged_cycles else []
    return parts


def cost_file(folder: Path, of: CostOf) -> Path:
    """Where the cost of a network is kept."""
    return folder / COSTS / f"{of.name}.json"


def pieces(
    experiments: Sequence[Experiment], config: StudyConfig, folder: Path, workers: int = 1
) -> list[Piece]:
    """All work of the experiments, each piece once: first cycles are cut, by so many processes."""
    trainings = {
        run_folder(folder, training): training
        for experiment in experiments
        for training in experiment.trains(config).values()
    }
    costs = {cost_file(folder, of): of for experiment in experiments for of in experiment.costs.values()}
    return [
        *_cuttings(trainings, config.folds, workers),
        *(
            _training(of_fold(training, fold), fold_folder(runs, fold), config.folds)
            for runs, training in trainings.items()
            for fold in range(config.folds)
        ),
        *(_counting(of, path) for path, of in costs.items()),
    ]


def do_all(work: Sequence[Piece], advance: Advance, workers: int) -> Iterator[Done]:
    """Do what is not done yet, so many pieces at once; a piece that fails stops no other.

    Kept pieces come first, the others as they end. `advance` adds up to all their steps.
    """
    kept = [piece for piece in work if piece.is_done()]
    new = [piece for piece in work if piece not in kept]
    for number, piece in enumerate(kept, start=1):
        advance(piece.steps)
        yield Done(piece.name, number, len(work), was_kept=True, failure=None, left_s=None)
    began, behind, whole = monotonic(), 0.0, sum(piece.weight for piece in new)
    for number, (piece, failure) in enumerate(_done(new, advance, workers), start=len(kept) + 1):
        behind += piece.weight
        left_s = (monotonic() - began) / behind * (whole - behind)
        yield Done(piece.name, number, len(work), was_kept=False, failure=failure, left_s=left_s)


def _done(work: Sequence[Piece], advance: Advance, workers: int) -> Iterator[tuple[Piece, str | None]]:
    """Each piece as it ends, and why it failed."""
    for piece in work:
        if piece.spreads:
            piece.do(counted := _Counted(advance, piece))
            counted.end()
            yield piece, None
    single = [piece for piece in work if not piece.spreads]
    told = [_Counted(advance, piece) for piece in single]
    for number, failure in side_by_side([piece.do for piece in single], told, workers):
        told[number].end()
        yield single[number], failure


class _Counted:
    """A `splkit.progress.Shown` of one piece, whose figures are said with its name."""

    def __init__(self, advance: Advance, piece: Piece) -> None:
        self._advance, self._name, self._left = advance, piece.name, piece.steps

    def __call__(self, steps: int) -> None:
        self._left -= steps
        self._advance(steps)

    def stage(self, name: str, steps: int, unit: str | None) -> None:
        """The study has stages of its own."""

    def tell(self, text: str) -> None:
        tell(self._advance, f"{self._name}: {text}")

    def note(self, text: str) -> None:
        note(self._advance, text)

    def end(self) -> None:
        """Steps that a failed piece has not done count as well."""
        self._advance(self._left)


def _cuttings(trainings: Mapping[Path, TrainConfig], folds: int, workers: int) -> Iterator[Piece]:
    """The cycles of all trainings: those that several need are cut once."""
    sharing: dict[tuple[bytes, int], list[Path]] = {}
    for runs, training in trainings.items():
        sharing.setdefault((made_from_bytes(training), training.patients), []).append(runs)
    for runs, *others in sharing.values():
        config = trainings[runs]
        wanted = [
            (fold_folder(each, fold), of_fold(trainings[each], fold))
            for each in (runs, *others)
            for fold in range(folds)
        ]
        yield Piece(
            name=" ".join(("cycles", *_cycles_of(config))),
            weight=_PATIENT_S * config.patients / workers,
            steps=config.patients * folds,
            is_done=partial(_are_trained, wanted),
            do=partial(_cut, config, folds, workers),
            spreads=True,
        )


def _are_trained(wanted: Sequence[tuple[Path, TrainConfig]]) -> bool:
    return all(finished_metrics(run_dir, config) is not None for run_dir, config in wanted)


def _cut(config: TrainConfig, folds: int, workers: int, advance: Advance) -> None:
    """Into the cache. What cannot be cut is met again by the trainings, and named with them."""
    for fold in range(folds):
        with suppress(SplkitError):
            build(of_fold(config, fold), advance, workers=workers, cache=user_cache())


def _training(config: TrainConfig, run_dir: Path, folds: int) -> Piece:
    return Piece(
        name=f"{run_dir.parent.name}, fold {config.fold + 1} of {folds}",
        weight=_training_s(config),
        steps=config.progress_steps,
        is_done=partial(_are_trained, [(run_dir, config)]),
        do=partial(_train, config, run_dir),
    )


def _training_s(config: TrainConfig) -> float:
    family, _, size = config.model.partition("_")
    cycles = config.patients * config.records_per_patient * config.cycles_per_record
    steps = config.epochs * max(config.least_steps, cycles / config.batch)
    step_s = _STEP_MS[family] * (_LARGE if size == "180k" else 1) / 1000
    return _START_S + steps * step_s


def _train(config: TrainConfig, run_dir: Path, advance: Advance) -> None:
    kept_run(config, run_dir, advance, cache=user_cache())


def _counting(of: CostOf, path: Path) -> Piece:
    return Piece(
        name=f"cost of {of.name}",
        weight=_COUNT_S,
        steps=1,
        is_done=partial(_is_counted, of, path),
        do=partial(_count, of, path),
    )


def _is_counted(of: CostOf, path: Path) -> bool:
    return Cost.kept(path, of) is not None


def _count(of: CostOf, path: Path, advance: Advance) -> None:
    count(of, path)
    advance(1)
