"""Records of both kinds for bench/realism.py, real and simulated, through the same front end."""

import ast
import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import FrontEndConfig, FrontEndTrace, run_front_end, to_counts
from splkit.ecg.frontend.quantize import ONE_Q12
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.simulator.noise import draw_levels
from splkit.ecg.simulator.patient import Patient
from splkit.ecg.simulator.physiology import NORMAL_MEQ_L, Setting
from splkit.ecg.simulator.record import simulate_record

FS_HZ, RECORD_S, HOLD_S = 500, 10, 2
CONFIG = FrontEndConfig.for_rate(FS_HZ, uv_per_count=1.0)
NORMAL_SD_MEQ_L = 0.4


@dataclass(frozen=True)
class Seen:
    """What a record of 10 s gives.

    Attributes:
        patient: a number of the patient's own; simulated ones are negative.
        recording: the record, at 500 Hz.
        cycle: float64[270], the first mean of eight accepted cycles, R amplitude 1.
        trace: all that the front end found.
    """

    patient: int
    recording: Recording
    cycle: NDArray[np.float64]
    trace: FrontEndTrace


class Ecg:
    """A row of PTB-XL's table: the ECG's number, its patient, codes of diagnoses, its path."""

    def __init__(self, folder: Path, row: dict[str, str]) -> None:
        self.number, self.patient = int(row["ecg_id"]), int(float(row["patient_id"]))
        self.codes: dict[str, float] = ast.literal_eval(row["scp_codes"])
        self.path = folder / row["filename_hr"]

    @property
    def is_normal(self) -> bool:
        """Whether a physician called it normal."""
        return "NORM" in self.codes

    @property
    def is_judged(self) -> bool:
        """Whether its patient is of the third, by a hash, that nothing was fitted to."""
        return hashlib.sha256(str(self.patient).encode()).digest()[0] % 3 == 0


def ecgs(data: Path) -> list[Ecg]:
    """All ECGs of the PTB-XL that is there."""
    folder = data / "ptbxl"
    with (folder / "ptbxl_database.csv").open(encoding="utf-8", newline="") as lines:
        return [Ecg(folder, row) for row in csv.DictReader(lines)]


def real_records(which: list[Ecg], lead: str) -> Iterator[Seen]:
    """Those of the ECGs that have a mean cycle in `lead`."""
    for ecg in which:
        yield from _seen(ecg.patient, read_recording(ecg.path, lead))


def simulated_records(
    count: int,
    lead: str,
    draw: Callable[[np.random.Generator], Patient],
    setting: Setting | None,
) -> Iterator[Seen]:
    """Those of `count` simulated patients, one record each at a normal potassium, that have a mean cycle.

    `setting` is where they are recorded: at rest, or wherever training's are.
    """
    for seed in range(count):
        rng = np.random.default_rng([seed, 31])
        level = float(rng.normal(NORMAL_MEQ_L.value, NORMAL_SD_MEQ_L))
        levels = draw_levels(rng, setting)
        made = simulate_record(
            level, fs_hz=FS_HZ, duration_s=RECORD_S, seed=seed, lead=lead, patient=draw(rng), noise=levels
        )
        yield from _seen(-1 - seed, made.recording)


def _seen(patient: int, recording: Recording) -> Iterator[Seen]:
    trace = run_front_end(to_counts(recording.held(HOLD_S), CONFIG), CONFIG)
    if len(trace.averaged):
        yield Seen(patient, recording, trace.averaged[0] / ONE_Q12, trace)
