"""How hard simulated potassium is to read: T waves of averaged cycles against potassium, and their picture.

Usage: python bench/potassium.py [--patients N] [--picture PNG] [--json]

What is published on patients stands beside each figure (docs/training.md names the sources).
"""

import json
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from rich.table import Table
from scipy.ndimage import uniform_filter1d

from splkit.console import out, progress
from splkit.ecg.frontend import R_INDEX, FrontEndConfig, run_front_end, to_counts
from splkit.ecg.patient import draw_patient
from splkit.ecg.simulator import simulate_record
from splkit.train.config import TrainConfig
from splkit.train.dataset import CycleSet, build
from splkit.train.metrics import HYPERKALEMIA_MEQ_L

T_WINDOW = slice(R_INDEX + 36, R_INDEX + 150)
"""120 to 500 ms after R."""
SMOOTHING, AFTER_T = 7, 15
"""Points, 1/300 s each: a slope of two points would be muscle noise; T is measured above what follows it."""

PUBLISHED = {
    "T/R against potassium, correlation": "0.15 to 0.35",
    "T slope over amplitude, correlation within a patient": "about 0.8",
    "peaked T, sensitivity at specificity 0.85": "0.20 to 0.40",
}
SPECIFICITY = 0.85
LEAST_SPAN_MEQ_L = 1.0
PICTURE_MEQ_L = (3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)


def figures(cycles: CycleSet) -> dict[str, float]:
    """The figures of `PUBLISHED`, measured on cycles."""
    t_waves = uniform_filter1d(cycles.inputs.astype(np.float64), SMOOTHING)[:, T_WINDOW]
    ratio = t_waves.max(axis=1) - t_waves[:, -AFTER_T:].mean(axis=1)
    slope_per_s = -np.diff(t_waves, axis=1).min(axis=1) * 300 / np.maximum(ratio, 0.02)
    potassium = cycles.potassium_meq_l
    is_high = potassium >= HYPERKALEMIA_MEQ_L
    peaked = ratio > np.quantile(ratio[~is_high], SPECIFICITY)
    values = (
        float(np.corrcoef(ratio, potassium)[0, 1]),
        _within_patients(slope_per_s, potassium, cycles.patient),
        float(peaked[is_high].mean()),
    )
    return dict(zip(PUBLISHED, (round(value, 3) for value in values), strict=True))


def _within_patients(
    slope_per_s: NDArray[np.float64], potassium_meq_l: NDArray[np.float64], patient: NDArray[np.int64]
) -> float:
    """Median correlation over patients seen at potassium levels 1 mEq/L apart or more."""
    correlations = []
    for one in np.unique(patient):
        own = patient == one
        if np.ptp(potassium_meq_l[own]) >= LEAST_SPAN_MEQ_L:
            correlations.append(np.corrcoef(slope_per_s[own], potassium_meq_l[own])[0, 1])
    return float(np.median(correlations))


def draw_picture(path: Path) -> None:
    """Averaged cycles of one patient who answers to potassium, one line a level."""
    front_end = FrontEndConfig.for_rate(300, 5.0)
    patient = replace(draw_patient(np.random.default_rng(3)), gain=1.0)
    time_ms = (np.arange(270) - R_INDEX) / 0.3
    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.subplots()
    for level in PICTURE_MEQ_L:
        record = simulate_record(level, patient=patient, seed=1)
        averaged = run_front_end(to_counts(record.recording, front_end), front_end).averaged
        color = (level - PICTURE_MEQ_L[0]) / np.ptp(PICTURE_MEQ_L)
        axes.plot(time_ms, averaged[0] / 4096, color=(color, 0.25, 1 - color), label=f"{level:g} mEq/L")
    axes.set(xlabel="ms after R", ylabel="R amplitudes", title="Simulated averaged cycles of one patient")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(path, dpi=80, metadata={"Software": None})


@click.command()
@click.option("--patients", type=click.IntRange(min=100), default=800, show_default=True)
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="PNG to draw cycles into.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(patients: int, picture: Path | None, as_json: bool) -> None:
    """Print how hard simulated potassium is to read."""
    with progress("simulating", patients) as advance:
        measured = figures(build(TrainConfig(patients=patients), advance))
    if picture is not None:
        draw_picture(picture)
    if as_json:
        out.print_json(json.dumps(measured))
        return
    table = Table("simulated potassium", "measured", "published on patients")
    for name, value in measured.items():
        table.add_row(name, f"{value:.2f}", PUBLISHED[name])
    out.print(table)


if __name__ == "__main__":
    main()
