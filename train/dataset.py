"""The data set of a training run: every patient's cycles, cut by the front end that runs on the board."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from splkit.errors import ModelError
from splkit.interrupts import deaf_children
from splkit.progress import Advance, ignore_progress
from splkit.train.cohort import SPLITS
from splkit.train.config import TrainConfig
from splkit.train.cycle_set import CycleSet
from splkit.train.measured import measured_cycles
from splkit.train.pairs import paired_patients
from splkit.train.simulated import simulated_cycles

_WORKERS = 2
_ALONE = 32  # patients below which starting workers takes longer than the work

_Patient = TypeVar("_Patient")


def build(config: TrainConfig, advance: Advance = ignore_progress) -> CycleSet:
    """Simulate the patients of `config`, or read those of its pairs, and cut their cycles.

    The same configuration gives the same cycles. `advance` counts patients.

    Raises:
        ModelError: a split is left without cycles.
        UsageError: the table of pairs is not the one that the configuration was made with.
        RecordingError: a record of the pairs cannot be read.
    """
    if config.pairs is None:
        parts = _each(partial(simulated_cycles, config=config), range(config.patients), advance)
    else:
        parts = _each(partial(measured_cycles, config=config), paired_patients(config), advance)
    cycles = CycleSet.together(list(parts))
    _check(cycles, config)
    return cycles


def _each(
    one: Callable[[_Patient], CycleSet], patients: Sequence[_Patient], advance: Advance
) -> Iterator[CycleSet]:
    if len(patients) < _ALONE:
        for patient in patients:
            yield one(patient)
            advance(1)
        return
    with ProcessPoolExecutor(_WORKERS, get_context("spawn")) as pool:
        with deaf_children():
            parts = pool.map(one, patients, chunksize=8)
        try:
            for part in parts:
                yield part
                advance(1)
        except BaseException:  # Ctrl-C too: what has not begun need not
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _check(cycles: CycleSet, config: TrainConfig) -> None:
    for name in SPLITS:
        if not len(cycles.split(name, config.patients, config.fold).patient):
            raise ModelError(
                "every split has cycles",
                found=f"none in {name} from {config.patients} patients",
                next_step="train on more patients or longer records",
            )
