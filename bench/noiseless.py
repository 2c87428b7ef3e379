"""Cycles of simulated patients without noise and without the front end: many patients at little cost.

A record of 40 s that the front end cuts takes 28 ms, one of these 2 ms.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import CYCLE_SIZE, R_INDEX
from splkit.ecg.simulator.conditions import draw_ckd_patient
from splkit.ecg.simulator.heartbeat import sine_share
from splkit.ecg.simulator.noise import NO_NOISE
from splkit.ecg.simulator.patient import Patient
from splkit.ecg.simulator.record import simulate_record
from splkit.train.cohort import TEST_TAIL_SHARE, draw_label, draw_potassium

Signal = NDArray[np.float64]

FS_HZ: Final = 300
RECORD_S: Final = 5.0
LEVEL, R_REACH, LEAST_R_MV = slice(R_INDEX - 24, R_INDEX - 18), 6, 0.05
"""The isoelectric line is 60 to 80 ms before R; R is the highest point within 20 ms."""


def cycle_of(person: Patient, level: float, session: int, seed: int) -> Signal | None:
    """The median beat of 5 s in V5, float64[270], R amplitude 1; None without a whole beat or an R wave."""
    made = simulate_record(
        level, fs_hz=FS_HZ, duration_s=RECORD_S, seed=seed, patient=person, session=session, noise=NO_NOISE
    )
    signal_mv, r_samples = made.recording.signal_mv, made.r_samples
    whole = r_samples[(r_samples >= R_INDEX) & (r_samples <= signal_mv.size - CYCLE_SIZE + R_INDEX)]
    if not len(whole):
        return None
    beats = signal_mv[whole[:, None] + np.arange(CYCLE_SIZE) - R_INDEX]
    beat = np.median(beats - beats[:, LEVEL].mean(axis=1, keepdims=True), axis=0)
    r_mv = beat[R_INDEX - R_REACH : R_INDEX + R_REACH + 1].max()
    return np.asarray(beat / r_mv) if r_mv > LEAST_R_MV else None


def cohort_cycles(patients: int) -> tuple[Signal, Signal]:
    """A record each of the cohort that models are tested on: cycles [n, 270], and what the laboratory says.

    Sine waves, which the front end refuses, are left out.
    """
    cycles, labels = [], []
    for number in range(patients):
        rng = np.random.default_rng([number, 7])
        person, level = draw_ckd_patient(rng), draw_potassium(rng, TEST_TAIL_SHARE)
        cycle = cycle_of(person, level, number, number)
        if cycle is not None and sine_share(person, level) < 1.0:
            cycles.append(cycle)
            labels.append(draw_label(rng, level))
    return np.array(cycles), np.array(labels)
