"""Simulated patients, seen several times each."""

import numpy as np

from splkit.ecg.frontend import means_of, run_front_end, to_counts
from splkit.ecg.simulator.conditions import draw_ckd_patient
from splkit.ecg.simulator.patient import Patient
from splkit.ecg.simulator.record import simulate_record
from splkit.train.cohort import SPLITS, TEST_TAIL_SHARE, draw_label, draw_potassium, split_of, turned
from splkit.train.config import TrainConfig
from splkit.train.cycle_set import CycleSet, RecordMeans


def drawn_patient(patient: int, config: TrainConfig) -> tuple[np.random.Generator, Patient]:
    """Who patient number `patient` is, and the generator that then draws all that happens to them."""
    rng = np.random.default_rng([config.seed, patient])
    return rng, draw_ckd_patient(rng)


def simulated_cycles(patient: int, config: TrainConfig) -> CycleSet:
    """All cycles of one patient: several sessions, each at its own potassium."""
    rng, person = drawn_patient(patient, config)
    number = turned(patient, config.fold, config.patients)
    is_test = split_of(number, config.patients, config.fold) == SPLITS[2]
    tail_share = TEST_TAIL_SHARE if is_test else config.tail_share
    front_end = config.front_end
    records = []
    for session in range(config.records_per_patient):
        record = simulate_record(
            draw_potassium(rng, tail_share),
            fs_hz=config.fs_hz,
            duration_s=config.record_s,
            lead=config.lead,
            seed=int(rng.integers(1 << 32)),
            patient=person,
        )
        trace = run_front_end(to_counts(record.recording, front_end), front_end)
        means = {beats: means_of(trace, beats).cycles[: config.cycles_per_record] for beats in config.beats}
        label_meq_l = draw_label(rng, record.potassium_meq_l)
        records.append(RecordMeans(patient * config.records_per_patient + session, label_meq_l, means))
    return CycleSet.of_patient(number, records, [config.lead])
