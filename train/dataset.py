"""Cycles with their potassium: simulated records, cut by the front end that runs on the board."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from splkit.console import Advance, ignore_progress
from splkit.ecg.conditions import draw_ckd_patient
from splkit.ecg.frontend import FrontEndConfig, run_front_end, to_counts
from splkit.ecg.simulator import simulate_record
from splkit.errors import ModelError, reason
from splkit.train.cohort import SPLITS, TEST_TAIL_SHARE, draw_label, draw_potassium, split_of
from splkit.train.config import FOLDS, TrainConfig

ONE_Q12 = 4096
_WORKERS = 2
_ALONE = 32  # patients below which starting workers takes longer than the work


@dataclass(frozen=True)
class CycleSet:
    """Averaged cycles and what is known of them.

    Attributes:
        averaged: int16[n, 270], Q12: 4096 = R amplitude.
        potassium_meq_l: float64[n], as a laboratory reports it.
        patient: int64[n], the patient's number, by which splits are made.
    """

    averaged: NDArray[np.int16]
    potassium_meq_l: NDArray[np.float64]
    patient: NDArray[np.int64]

    @property
    def inputs(self) -> NDArray[np.float32]:
        """The model's inputs, float32[n, 270], R amplitude 1."""
        return (self.averaged / ONE_Q12).astype(np.float32)

    def where(self, kept: NDArray[np.bool_]) -> Self:
        """The cycles for which `kept`, bool[n], holds."""
        return type(self)(self.averaged[kept], self.potassium_meq_l[kept], self.patient[kept])

    def split(self, name: str, patients: int) -> Self:
        """The cycles of one split of `patients` patients."""
        return self.where(np.array([split_of(int(one), patients) == name for one in self.patient], bool))

    def save(self, path: Path) -> None:
        """Write as .npz, the same bytes for the same cycles."""
        np.savez_compressed(
            path, averaged=self.averaged, potassium_meq_l=self.potassium_meq_l, patient=self.patient
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            ModelError: the file is not there or holds something else.
        """
        try:
            with np.load(path) as stored:
                return cls(stored["averaged"], stored["potassium_meq_l"], stored["patient"])
        except (OSError, KeyError, ValueError, BadZipFile) as error:
            raise ModelError(
                "a run folder holds its cycles", found=f"{path}: {reason(error)}", next_step="train again"
            ) from error


def build(config: TrainConfig, advance: Advance = ignore_progress) -> CycleSet:
    """Simulate the patients of `config` and cut their cycles; the same configuration gives the same cycles.

    `advance` counts patients.

    Raises:
        ModelError: a split is left without cycles.
    """
    one = partial(_cycles_of, config=config)
    numbers = range(config.patients)
    parts: list[CycleSet] = []
    if config.patients < _ALONE:
        for number in numbers:
            parts.append(one(number))
            advance(1)
    else:
        with ProcessPoolExecutor(_WORKERS, get_context("spawn")) as pool:
            for part in pool.map(one, numbers, chunksize=8):
                parts.append(part)
                advance(1)
    cycles = CycleSet(
        np.concatenate([part.averaged for part in parts]),
        np.concatenate([part.potassium_meq_l for part in parts]),
        np.concatenate([part.patient for part in parts]),
    )
    _check(cycles, config)
    return cycles


def _cycles_of(patient: int, config: TrainConfig) -> CycleSet:
    """All cycles of one patient: several sessions, each at its own potassium."""
    rng = np.random.default_rng([config.seed, patient])
    person = draw_ckd_patient(rng)
    number = (patient + config.fold * config.patients // FOLDS) % config.patients
    is_test = split_of(number, config.patients) == SPLITS[2]
    tail_share = TEST_TAIL_SHARE if is_test else config.tail_share
    front_end = FrontEndConfig.for_rate(config.fs_hz, config.uv_per_count)
    averaged, potassium = [], []
    for _ in range(config.records_per_patient):
        record = simulate_record(
            draw_potassium(rng, tail_share),
            fs_hz=config.fs_hz,
            duration_s=config.record_s,
            lead=config.lead,
            seed=int(rng.integers(1 << 32)),
            patient=person,
        )
        trace = run_front_end(to_counts(record.recording, front_end), front_end)
        taken = trace.averaged[: config.cycles_per_record]
        averaged.append(taken)
        potassium.append(np.full(len(taken), draw_label(rng, record.potassium_meq_l)))
    together = np.concatenate(averaged)
    return CycleSet(together, np.concatenate(potassium), np.full(len(together), number, np.int64))


def _check(cycles: CycleSet, config: TrainConfig) -> None:
    for name in SPLITS:
        if not len(cycles.split(name, config.patients).patient):
            raise ModelError(
                "every split has cycles",
                found=f"none in {name} from {config.patients} patients",
                next_step="train on more patients or longer records",
            )
