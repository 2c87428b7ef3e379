"""How hard simulated potassium is to read: T waves of averaged cycles against potassium, and their picture.

Usage: python bench/potassium.py [--patients N] [--picture PNG] [--tail] [--json]

Exit status 1 where a figure is outside what is accepted (docs/simulator.md names the sources).
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
from matplotlib.figure import Figure as Canvas
from numpy.typing import NDArray
from rich.table import Table
from scipy.ndimage import uniform_filter1d

from splkit.console import out, progress
from splkit.ecg.conditions import draw_ckd_patient
from splkit.ecg.frontend import CYCLE_SIZE, R_INDEX, FrontEndConfig, run_front_end, to_counts
from splkit.ecg.patient import draw_patient
from splkit.ecg.physiology import SLOPE_OFFSET
from splkit.ecg.simulator import simulate_record
from splkit.train.config import TrainConfig
from splkit.train.dataset import CycleSet, build
from splkit.train.metrics import HYPERKALEMIA_MEQ_L

Signal = NDArray[np.float64]
BEYOND_MEQ_L = 7.0
T_WINDOW = slice(R_INDEX + 36, R_INDEX + 150)
"""120 to 500 ms after R."""
SMOOTHING, AFTER_T = 7, 15
"""Points, 1/300 s each: a slope of two points would be muscle noise; T is measured above what follows it."""

WITHIN_SPAN_MEQ_L, SPECIFICITY = 1.0, 0.85
DIALYSIS_MEQ_L, LEAST_T = (3.0, 6.5), 0.08
"""A T-wave estimator's sessions: potassium as around dialysis, T upright and of this share of R at least."""
FS_HZ, PICTURE_SEED, LEVEL = 300, 3, slice(0, 12)
TAIL_PATIENTS, TAIL_MEQ_L = 40, (4.5, 7.0, 8.0, 9.0)
PICTURE_MEQ_L = (3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)


class Figure(NamedTuple):
    """What is accepted, and where it was published."""

    low: float
    high: float
    source: str


ACCEPTED = {
    "T/R against potassium, correlation": Figure(0.15, 0.35, "0.17 to 0.23, Pappal, hemodialysis"),
    "T slope over amplitude, median correlation within a patient": Figure(0.7, 0.9, "about 0.8"),
    "peaked T, sensitivity at specificity 0.85": Figure(0.20, 0.40, "0.24 Green 2013; 0.34, 0.43 Wrenn 1991"),
    "between-session bias of a T-wave estimator, SD, mEq/L": Figure(0.55, 0.85, "0.7, Severi 2009"),
    "potassium, mean, mEq/L": Figure(4.75, 5.05, "about 4.9"),
    "potassium, SD, mEq/L": Figure(0.9, 1.1, "about 1.0"),
    "potassium beyond 7 mEq/L, share": Figure(0.01, 0.08, "a tail"),
}


def figures(cycles: CycleSet) -> dict[str, float]:
    """The figures of `ACCEPTED`, measured on cycles."""
    t_waves = uniform_filter1d(cycles.inputs.astype(np.float64), SMOOTHING)[:, T_WINDOW]
    ratio = t_waves.max(axis=1) - t_waves[:, -AFTER_T:].mean(axis=1)
    slope_per_s = -np.diff(t_waves, axis=1).min(axis=1) * FS_HZ / np.maximum(ratio, 0.02)
    potassium = cycles.potassium_meq_l
    is_high = potassium >= HYPERKALEMIA_MEQ_L
    peaked = ratio > np.quantile(ratio[~is_high], SPECIFICITY)
    upright = ratio > LEAST_T
    values = (
        float(np.corrcoef(ratio, potassium)[0, 1]),
        _within_patients(slope_per_s, potassium, cycles.patient),
        float(peaked[is_high].mean()),
        _between_sessions(slope_per_s[upright], potassium[upright]),
        float(potassium.mean()),
        float(potassium.std()),
        float((potassium > BEYOND_MEQ_L).mean()),
    )
    return dict(zip(ACCEPTED, (round(value, 3) for value in values), strict=True))


def _within_patients(slope_per_s: Signal, potassium_meq_l: Signal, patient: NDArray[np.int64]) -> float:
    """Median correlation over patients seen at potassium levels 1 mEq/L apart or more."""
    correlations = []
    for one in np.unique(patient):
        own = patient == one
        if np.ptp(potassium_meq_l[own]) >= WITHIN_SPAN_MEQ_L:
            correlations.append(np.corrcoef(slope_per_s[own], potassium_meq_l[own])[0, 1])
    return float(np.median(correlations))


def _between_sessions(slope_per_s: Signal, potassium_meq_l: Signal) -> float:
    """SD over sessions of Severi's estimator, with one factor for all patients, less potassium."""
    low, high = DIALYSIS_MEQ_L
    inside = (potassium_meq_l >= low) & (potassium_meq_l <= high)
    slope_per_s, potassium_meq_l = slope_per_s[inside], potassium_meq_l[inside]
    offset = SLOPE_OFFSET.value
    factor = np.median((potassium_meq_l + offset) / slope_per_s)
    error = factor * slope_per_s - offset - potassium_meq_l
    _, session = np.unique(potassium_meq_l, return_inverse=True)
    bias = np.bincount(session, error) / np.bincount(session)
    return float(np.std(bias))


def draw_picture(path: Path) -> None:
    """Averaged cycles of one patient who answers to potassium, a panel a level; dashed: no estimate of it."""
    front_end = FrontEndConfig.for_rate(FS_HZ, 5.0)
    patient = replace(draw_patient(np.random.default_rng(PICTURE_SEED)), gain=1.0, sine_from_meq_l=8.2)
    window = np.arange(CYCLE_SIZE) - R_INDEX
    figure = Canvas(figsize=(9, 2.6), layout="constrained")
    for axes, level in zip(figure.subplots(1, len(PICTURE_MEQ_L), sharey=True), PICTURE_MEQ_L, strict=True):
        record = simulate_record(level, fs_hz=FS_HZ, patient=patient, seed=1)
        signal_mv, r_samples = record.recording.signal_mv, record.r_samples
        whole = r_samples[(r_samples > R_INDEX) & (r_samples < signal_mv.size - CYCLE_SIZE)]
        cycles = signal_mv[whole[:, None] + window]
        averaged = (cycles - cycles[:, LEVEL].mean(axis=1, keepdims=True)).mean(axis=0)
        is_read = len(run_front_end(to_counts(record.recording, front_end), front_end).averaged) > 0
        axes.plot(window / FS_HZ * 1e3, averaged, "C0-" if is_read else "C3--", linewidth=1.2)
        axes.set(title=f"{level:g} mEq/L", xlabel="ms after R")
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("mV, simulated V5")
    figure.savefig(path, dpi=90, metadata={"Software": None})


def readable_share(level: float) -> float:
    """The share of CKD patients' records at a potassium of `level` that give an averaged cycle."""
    front_end = FrontEndConfig.for_rate(FS_HZ, 5.0)
    read = 0
    for seed in range(TAIL_PATIENTS):
        person = draw_ckd_patient(np.random.default_rng(seed))
        record = simulate_record(level, fs_hz=FS_HZ, duration_s=40, seed=seed, patient=person)
        trace = run_front_end(to_counts(record.recording, front_end), front_end)
        read += len(trace.averaged) > 0
    return read / TAIL_PATIENTS


@click.command()
@click.option("--patients", type=click.IntRange(min=100), default=800, show_default=True)
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="PNG to draw cycles into.")
@click.option("--tail", is_flag=True, help="How many records at high potassium can be read; no cohort.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(patients: int, picture: Path | None, tail: bool, as_json: bool) -> None:
    """Print how hard simulated potassium is to read."""
    if tail:
        for level in TAIL_MEQ_L:
            out.print(f"{level:g} mEq/L: {readable_share(level):.1%} of records give an estimate")
        return
    with progress("simulating", patients) as advance:
        measured = figures(build(TrainConfig(patients=patients), advance))
    if picture is not None:
        draw_picture(picture)
    if as_json:
        out.print_json(json.dumps(measured))
        return
    table = Table("simulated potassium", "measured", "accepted", "published on patients")
    for name, value in measured.items():
        low, high, source = ACCEPTED[name]
        table.add_row(name, f"{value:.3f}", f"{low:g} to {high:g}", source)
    out.print(table)
    sys.exit(any(not low <= measured[name] <= high for name, (low, high, _) in ACCEPTED.items()))


if __name__ == "__main__":
    main()
