"""Simulated patients, seen several times each."""

import numpy as np

from splkit.ecg.frontend import means_of, run_front_end, to_counts
from splkit.ecg.simulator.conditions import draw_ckd_patient
from splkit.ecg.simulator.patient import Patient
from splkit.ecg.simulator.record import simulate_record
from splkit.train.cohort import SPLITS, TEST_TAIL_SHARE, draw_label, draw_potassium, split_of, turned
from splkit.train.config import TrainConfig
from splkit.train.cuts import RecordCut


def drawn_patient(patient: int, config: TrainConfig) -> tuple[np.random.Generator, Patient]:
    """Who patient number `patient` is, and the generator that then draws all that happens to them."""
    rng = np.random.default_rng([config.seed, patient])
    return rng, draw_ckd_patient(rng)


def tail_share(patient: int, config: TrainConfig) -> float:
    """The share of a patient's records drawn evenly: test patients follow a cohort with kidney disease."""
    number = turned(patient, config.fold, config.patients)
    is_test = split_of(number, config.patients, config.fold) == SPLITS[2]
    return TEST_TAIL_SHARE if is_test else config.tail_share


def simulated_cuts(patient: int, config: TrainConfig) -> list[RecordCut]:
    """What the front end makes of each record of a patient: several sessions, each at its own potassium."""
    rng, person = drawn_patient(patient, config)
    share, front_end = tail_share(patient, config), config.front_end
    cuts = []
    for _ in range(config.records_per_patient):
        record = simulate_record(
            draw_potassium(rng, share),
            fs_hz=config.fs_hz,
            duration_s=config.record_s,
            lead=config.lead,
            seed=int(rng.integers(1 << 32)),
            patient=person,
        )
        trace = run_front_end(to_counts(record.recording, front_end), front_end)
        means = {beats: means_of(trace, beats).cycles[: config.cycles_per_record] for beats in config.beats}
        cuts.append(RecordCut(config.lead, means, draw_label(rng, record.potassium_meq_l)))
    return cuts
