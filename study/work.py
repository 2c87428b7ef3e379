"""The work of a study, in pieces: the trainings fold by fold, and the networks to count.

Each piece is done once, and its result is kept.
"""

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
"""CPU time of a training step (32 cycles) of a small network, measured on one machine.

It is used only to estimate the remaining time.
"""
_LARGE: Final = 3
"""A step of the 180k networks takes about this many times as long."""
_START_S, _PATIENT_S, _COUNT_S = 3.0, 0.015, 6.0
"""CPU time in s of building a network, of simulating a patient, and of counting a network's cost."""


@dataclass(frozen=True)
class Piece:
    """One piece of work.

    Attributes:
        name: its name in words.
        weight: about how long it takes, in seconds of one CPU.
        steps: how many steps it reports to its `advance` in all.
        is_done: tells whether the piece was done before.
        do: does the piece.
        spreads: whether it uses all processes. Such pieces are done before those that use one process.
    """

    name: str
    weight: float
    steps: int
    is_done: Callable[[], bool]
    do: Task
    spreads: bool = False


class Done(NamedTuple):
    """A piece that has ended, with success or not.

    Attributes:
        name: the name of the piece.
        number: how many pieces have ended.
        of: how many pieces there are.
        was_kept: whether it was done by an earlier call.
        failure: why it failed, or None if it succeeded.
        left_s: about how long the rest takes, in seconds. None if that is not known yet.
    """

    name: str
    number: int
    of: int
    was_kept: bool
    failure: str | None
    left_s: float | None


def run_folder(folder: Path, config: TrainConfig) -> Path:
    """The folder of a training's folds. All experiments that need the same training share it."""
    return folder / RUNS / "-".join((config.model, *_cycles_of(config)))


def _cycles_of(config: TrainConfig) -> list[str]:
    """The lead and the input of a training, in words."""
    lead = config.lead if config.pairs is None else config.pairs.channel
    usual = TrainConfig(model=config.model)
    parts = [lead] if lead else []
    parts += [config.input] if config.input != usual.input else []
    parts += [f"mean{config.averaged_cycles}"] if config.averaged_cycles != usual.averaged_cycles else []
    return parts


def cost_file(folder: Path, of: CostOf) -> Path:
    """The file in which the cost of a network is kept."""
    return folder / COSTS / f"{of.name}.json"


def pieces(
    experiments: Sequence[Experiment], config: StudyConfig, folder: Path, workers: int = 1
) -> list[Piece]:
    """All work of the experiments, each piece once. Cutting cycles comes first, with `workers` processes."""
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
    """Does the pieces that are not done yet, `workers` at once. A piece that fails does not stop the others.

    Yields the kept pieces first, and then each other piece when it ends. `advance` receives all their steps.
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
    """Each piece when it ends, and why it failed (None if it succeeded)."""
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
    """The `splkit.progress.Shown` of one piece. It shows the figures with the name of the piece."""

    def __init__(self, advance: Advance, piece: Piece) -> None:
        self._advance, self._name, self._left = advance, piece.name, piece.steps

    def __call__(self, steps: int) -> None:
        self._left -= steps
        self._advance(steps)

    def stage(self, name: str, steps: int, unit: str | None) -> None:
        """Ignored, because the study shows stages of its own."""

    def tell(self, text: str) -> None:
        tell(self._advance, f"{self._name}: {text}")

    def note(self, text: str) -> None:
        note(self._advance, text)

    def end(self) -> None:
        """Reports the steps that a failed piece has not done, so that the total is right."""
        self._advance(self._left)


def _cuttings(trainings: Mapping[Path, TrainConfig], folds: int, workers: int) -> Iterator[Piece]:
    """Pieces that cut the cycles of all trainings. Cycles that several trainings need are cut once."""
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
    """Cuts cycles into the cache. Errors are ignored here: the trainings meet and report them again."""
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
