"""Simulated patients of a run seen again: sessions, records in each, at ever other potassium."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import run_front_end, to_counts
from splkit.ecg.simulator.patient import Patient
from splkit.ecg.simulator.record import simulate_record
from splkit.progress import Advance, ignore_progress
from splkit.train.cohort import (
    SPLITS,
    TAIL_MEQ_L,
    TEST_TAIL_SHARE,
    draw_label,
    draw_potassium,
    split_of,
    turned,
)
from splkit.train.config import TrainConfig
from splkit.train.simulated import drawn_patient

SESSIONS: Final = 5
RECORDS: Final = 2
"""Of a session: the least that tells what changes within one from what changes between them."""
WITHIN_SD_MEQ_L: Final = 0.7
"""Assumed: dialysis lowers potassium by 1.3 mEq/L (`bench/dialysis.py`), and records are somewhere within."""
RECORD_S: Final = 60
"""Five means of eight cycles, at 50 beats a minute, are over in this time."""


class Seen(NamedTuple):
    """Averaged cycles of records of patients, in the order of time.

    Attributes:
        averaged: int16[n, 270], Q12.
        record: of which record, int64[n], from 0 on; the same all through it are:
        potassium_meq_l: float64[n], in the patient.
        label_meq_l: float64[n], as a laboratory reports it.
        patient, session: int64[n]; sessions count from 0 in each patient.
    """

    averaged: NDArray[np.int16]
    record: NDArray[np.int64]
    potassium_meq_l: NDArray[np.float64]
    label_meq_l: NDArray[np.float64]
    patient: NDArray[np.int64]
    session: NDArray[np.int64]


def validation_patients(config: TrainConfig, at_most: int) -> list[int]:
    """Numbers of validation patients of a run, whom no weight has learned from."""
    every = range(config.patients)
    splits = (
        split_of(turned(each, config.fold, config.patients), config.patients, config.fold) for each in every
    )
    return [each for each, split in zip(every, splits, strict=True) if split == SPLITS[1]][:at_most]


def seen_again(config: TrainConfig, patients: Sequence[int], advance: Advance = ignore_progress) -> Seen:
    """See `patients` of a run again. Their first records, by the same generator, are never made twice.

    Records without an averaged cycle are left out. `advance` counts patients.
    """
    parts: list[Seen] = []
    for patient in patients:
        _, person = drawn_patient(patient, config)
        rng = np.random.default_rng([config.seed, patient, SESSIONS])
        for session in range(SESSIONS):
            for averaged, *levels in _session(person, config, rng):
                columns = (len(parts), *levels, patient, session)
                parts.append(Seen(averaged, *(np.full(len(averaged), each) for each in columns)))
        advance(1)
    return Seen(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def moved(rng: np.random.Generator, potassium_meq_l: float) -> float:
    """Potassium of a later record of the same session."""
    return float(np.clip(rng.normal(potassium_meq_l, WITHIN_SD_MEQ_L), *TAIL_MEQ_L))


def _session(
    person: Patient, config: TrainConfig, rng: np.random.Generator
) -> list[tuple[NDArray[np.int16], float, float]]:
    """The records of one session: averaged cycles, potassium, label."""
    seed = int(rng.integers(1 << 32))
    first_meq_l = draw_potassium(rng, TEST_TAIL_SHARE)
    records = []
    for number in range(RECORDS):
        level_meq_l = first_meq_l if number == 0 else moved(rng, first_meq_l)
        record = simulate_record(
            level_meq_l,
            fs_hz=config.fs_hz,
            duration_s=max(config.record_s, RECORD_S),
            lead=config.lead,
            seed=int(rng.integers(1 << 32)),
            patient=person,
            session=seed,
        )
        averaged = run_front_end(to_counts(record.recording, config.front_end), config.front_end).averaged
        label_meq_l = draw_label(rng, level_meq_l)
        if len(averaged):
            records.append((averaged, level_meq_l, label_meq_l))
    return records
