"""Counts T waves taken for R peaks, and estimates out of sine waves, on simulated records.

Potassium of 3 to 9 mEq/L, 40 to 180 bpm.

    python bench/t_waves.py [--patients N] [--t-over-r X | --taller] [--narrow] [--json]

The rate is the patient's; a record may be slower or faster by some 8 %, and those beyond 180 have a row of
their own. A T wave is taken for R where a found peak lies over 75 ms from any R and nearer to a T wave.
`estimates` are averaged cycles; `wrong` are accepted cycles that are not cut at an R. `--narrow` asks for
more than the simulator takes for true: slow conduction widens QRS but not T, which may end up half as long.
Records are simulated: no evidence.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from unittest import mock

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from splkit.console import out, progress
from splkit.ecg.frontend import FrontEndConfig, FrontEndTrace, Verdict, run_front_end, to_counts
from splkit.ecg.frontend.beats import Detector
from splkit.ecg.frontend.faults import SignalFaults
from splkit.ecg.frontend.waves import find_waves
from splkit.ecg.simulator import physiology
from splkit.ecg.simulator.heartbeat import deflections, seen_potassium
from splkit.ecg.simulator.patient import Patient, draw_patient
from splkit.ecg.simulator.record import SimulatedRecord, simulate_record

FS_HZ, UV_PER_COUNT, REPORT_S = 300, 2.0, 2.0
POTASSIUM_MEQ_L = np.arange(3.0, 9.01, 0.5)
RATES_BPM = (40, 55, 70, 90, 120, 150, 180)
SINE_FROM_MEQ_L, SINE_AT_MEQ_L = 7.0, 8.5
"""From the second on, every other patient's ECG is a sine wave that began to form at the first."""

KINDS = COMPLEXES, FUSING, SINE, TOO_FAST = ("QRS and T", "fusing", "sine wave", "over 180 bpm")
RECORD_S = 60.0
FAR_MS = 75.0
COLUMNS = ("beats", "t_for_r", "other_extra", "missed", "wrong", "estimates")


def patient_at(rate_bpm: float, seed: int) -> Patient:
    """A simulated patient at a heart rate; QT goes with the cube root of RR (Fridericia 1920)."""
    patient = draw_patient(np.random.default_rng(seed))
    faster = rate_bpm / patient.heart_rate_per_min
    return replace(
        patient,
        heart_rate_per_min=rate_bpm,
        r_to_t_ms=patient.r_to_t_ms * faster ** (-1 / 3),
        sdnn_ms=patient.sdnn_ms * min(1.0, 1 / faster),
    )


def trace_of(record: SimulatedRecord) -> FrontEndTrace:
    """The front end on a record, held at its last value until its last beats are reported."""
    return run_front_end(*_counts_of(record))


def peaks_of(record: SimulatedRecord) -> NDArray[np.int64]:
    """The R peaks of that trace alone, samples: a fifth of the work."""
    counts, config = _counts_of(record)
    waves = find_waves(counts, SignalFaults(counts, config.flat), config)
    return np.array([beat.r_sample for beat in Detector(config, waves).run()], np.int64)


def _counts_of(record: SimulatedRecord) -> tuple[NDArray[np.int16], FrontEndConfig]:
    recording = record.recording.held(REPORT_S)
    config = FrontEndConfig.for_rate(round(recording.fs_hz), UV_PER_COUNT)
    return to_counts(recording, config), config


def count(record: SimulatedRecord, trace: FrontEndTrace | None) -> NDArray[np.int64]:
    """The figures of one record, in the order of `COLUMNS`; without a trace there is no cycle to count."""
    ms = 1000 / record.recording.fs_hz
    found = peaks_of(record) if trace is None else trace.r_sample
    t_wave = next(wave for wave in deflections(record.patient, record.potassium_meq_l)[5:])
    r_ms, found_ms = record.r_samples * ms, found * ms
    from_r = np.abs(found_ms[:, None] - r_ms).min(axis=1)
    from_t = np.abs(found_ms[:, None] - r_ms - t_wave.center_ms).min(axis=1)
    far = from_r > FAR_MS
    is_t = far & (from_t < from_r) & (from_t <= FAR_MS)
    missed = np.abs(r_ms[:, None] - found_ms).min(axis=1) > FAR_MS
    wrong, estimates = 0, 0
    if trace is not None:
        wrong, estimates = int((far & (trace.verdict == Verdict.ACCEPTED)).sum()), len(trace.averaged)
    figures = (len(r_ms), is_t.sum(), (far & ~is_t).sum(), missed.sum(), wrong, estimates)
    return np.array(figures, np.int64)


def kind_of(patient: Patient, potassium_meq_l: float) -> str:
    """What the ECG shows: complexes, complexes on their way to a sine wave, or a sine wave."""
    fused = seen_potassium(patient, potassium_meq_l) - patient.sine_from_meq_l
    return COMPLEXES if fused <= 0 else FUSING if fused < 1 else SINE


def rate_of(record: SimulatedRecord) -> float:
    """The mean heart rate of a record, beats a minute."""
    return float(60.0 * record.recording.fs_hz / np.diff(record.r_samples).mean())


def with_t_over_r(patient: Patient, potassium_meq_l: float, t_over_r: float) -> Patient:
    """The patient whose T wave is `t_over_r` times as tall as R at that potassium."""
    _, _, r, _, _, t, *_ = deflections(patient, potassium_meq_l)
    return replace(patient, t_mv=patient.t_mv * t_over_r * r.amplitude_mv / t.amplitude_mv)


def has_taller_t(patient: Patient, potassium_meq_l: float) -> bool:
    """Whether the patient's own T wave is taller than R at that potassium."""
    _, _, r, _, _, t, *_ = deflections(patient, potassium_meq_l)
    return t.amplitude_mv > r.amplitude_mv


@contextmanager
def narrow_t() -> Iterator[None]:
    """Within it, slow conduction does not spread T."""
    with mock.patch.object(physiology, "T_SPREADS", physiology.T_SPREADS._replace(value=0.0)):
        yield


def run(
    patients: int,
    t_over_r: float | None = None,
    taller: bool = False,
    duration_s: float = RECORD_S,
    cut: Collection[str] = KINDS,
) -> dict[str, dict[str, int]]:
    """Count in all records: kind -> column -> count.

    Args:
        patients: at each potassium and rate.
        t_over_r: makes T so many times as tall as R.
        taller: only records whose own T wave is taller than R.
        duration_s: of a record.
        cut: the kinds whose cycles are counted too; of others R peaks alone are, which is quicker.
    """
    totals: dict[str, NDArray[np.int64]] = defaultdict(lambda: np.zeros(len(COLUMNS), np.int64))
    cases = [(k, rate, n) for k in POTASSIUM_MEQ_L for rate in RATES_BPM for n in range(patients)]
    with progress("simulating", len(cases)) as advance:
        for seed, (potassium, rate, _) in enumerate(cases):
            patient = patient_at(rate, seed)
            if seed % 2 and potassium >= SINE_AT_MEQ_L:
                patient = replace(patient, gain=1.0, sine_from_meq_l=SINE_FROM_MEQ_L)
            if t_over_r:
                patient = with_t_over_r(patient, float(potassium), t_over_r)
            if not taller or has_taller_t(patient, float(potassium)):
                record = simulate_record(
                    float(potassium), fs_hz=FS_HZ, duration_s=duration_s, seed=seed, patient=patient
                )
                too_fast = rate_of(record) > max(RATES_BPM)
                kind = TOO_FAST if too_fast else kind_of(patient, float(potassium))
                totals[kind] += count(record, trace_of(record) if kind in cut else None)
            advance(1)
    return {kind: dict(zip(COLUMNS, total.tolist(), strict=True)) for kind, total in totals.items()}


def main() -> None:
    """Counts, then prints a table or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--patients", type=int, default=2, help="at each potassium and rate")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--t-over-r", type=float, help="T is so many times as tall as R in every record")
    which.add_argument("--taller", action="store_true", help="only records whose own T is taller than R")
    parser.add_argument("--narrow", action="store_true", help="slow conduction does not spread T")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with narrow_t() if arguments.narrow else nullcontext():
        rows = run(arguments.patients, arguments.t_over_r, arguments.taller)
    if arguments.json:
        out.print_json(json.dumps(rows))
        return
    grid = Table("simulated ECG", *COLUMNS, title="T waves taken for R, simulated records")
    for kind, row in rows.items():
        grid.add_row(kind, *(f"{row[column]:,}" for column in COLUMNS))
    out.print(grid)


if __name__ == "__main__":
    main()
