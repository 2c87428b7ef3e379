"""How hard simulated potassium is to read: T waves against potassium in a cohort and in dialysis; a picture.

Usage: python bench/potassium.py [--patients N] [--picture PNG] [--tail] [--json]

Exit status 1 where a figure is outside what is accepted (docs/simulator.md names the sources).
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
from dialysis import FS_HZ, CycleOf, TWaves, dialysis, front_end_cycle
from matplotlib.figure import Figure as Canvas
from numpy.typing import NDArray
from rich.table import Table

from splkit.console import out, progress
from splkit.ecg.frontend import CYCLE_SIZE, R_INDEX, FrontEndConfig, run_front_end, to_counts
from splkit.ecg.simulator.conditions import draw_ckd_patient
from splkit.ecg.simulator.heartbeat import R_PER_QRS, deflections, seen_potassium
from splkit.ecg.simulator.patient import draw_patient
from splkit.ecg.simulator.record import simulate_record
from splkit.progress import Advance, ignore_progress
from splkit.train.config import TrainConfig
from splkit.train.dataset import build
from splkit.train.metrics import HYPERKALEMIA_MEQ_L

BEYOND_MEQ_L = 7.0
SPECIFICITY = 0.85
PICTURE_SEED, LEVEL = 3, slice(0, 12)
DIALYSIS_PATIENTS = 80
TAIL_PATIENTS, TAIL_MEQ_L = 40, (4.5, 6.0, 7.0, 7.5, 8.0, 9.0)
DURATION_PATIENTS = 400
PICTURE_MEQ_L = (3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)


class Figure(NamedTuple):
    """What is accepted, and where it was published."""

    low: float
    high: float
    source: str


ACCEPTED = {
    "T/R against potassium, correlation": Figure(0.15, 0.35, "0.17 to 0.23, Pappal, hemodialysis"),
    "peaked T, sensitivity at specificity 0.85": Figure(0.20, 0.40, "0.24 Green 2013; 0.34, 0.43 Wrenn 1991"),
}
"""Of T in the cohort."""
ACCEPTED_POTASSIUM = {
    "potassium, mean, mEq/L": Figure(4.75, 5.05, "about 4.9"),
    "potassium, SD, mEq/L": Figure(0.9, 1.1, "about 1.0"),
    "potassium beyond 7 mEq/L, share": Figure(0.01, 0.08, "a tail"),
}
"""Of potassium in the cohort."""
ACCEPTED_IN_DIALYSIS = {
    "T slope over amplitude, correlation": Figure(0.50, 0.75, "0.63, Severi 2009"),
    "T slope over amplitude, median correlation within a patient": Figure(0.7, 0.9, "about 0.8"),
    "between-session bias of a T-wave estimator, SD, mEq/L": Figure(0.55, 0.85, "0.70, Severi 2009"),
    "its error within sessions, SD, mEq/L": Figure(0.3, 0.55, "0.45, Severi 2009"),
    "its error after the first session's blood tests, change": Figure(-0.28, -0.08, "-0.18, Attia 2016"),
}
"""Of patients through dialysis sessions."""
ALL_ACCEPTED = ACCEPTED | ACCEPTED_POTASSIUM | ACCEPTED_IN_DIALYSIS


def cohort_figures(cycles: NDArray[np.floating], potassium: NDArray[np.floating]) -> dict[str, float]:
    """The figures of `ACCEPTED` and `ACCEPTED_POTASSIUM`: cycles [n, 270], and what the laboratory says."""
    ratio = TWaves.of(cycles).ratio
    is_high = potassium >= HYPERKALEMIA_MEQ_L
    peaked = ratio > np.quantile(ratio[~is_high], SPECIFICITY)
    of_t = (float(np.corrcoef(ratio, potassium)[0, 1]), float(peaked[is_high].mean()))
    return _named(ACCEPTED, of_t) | potassium_figures(potassium)


def potassium_figures(potassium: NDArray[np.floating]) -> dict[str, float]:
    """The figures of `ACCEPTED_POTASSIUM`, of what the laboratory says, mEq/L."""
    beyond = (potassium > BEYOND_MEQ_L).mean()
    return _named(ACCEPTED_POTASSIUM, (float(potassium.mean()), float(potassium.std()), float(beyond)))


def dialysis_figures(
    patients: int, advance: Advance = ignore_progress, cycle_of: CycleOf = front_end_cycle
) -> dict[str, float]:
    """The figures of `ACCEPTED_IN_DIALYSIS`; `advance` counts patients."""
    return _named(ACCEPTED_IN_DIALYSIS, dialysis(patients, advance, cycle_of))


def _named(names: Iterable[str], values: tuple[float, ...]) -> dict[str, float]:
    return dict(zip(names, (round(value, 3) for value in values), strict=True))


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


def durations_ms(level: float) -> NDArray[np.float64]:
    """T, down to 5 % of its height, and QRS at `level`, [patients, 2]; of those in whom they do not fuse."""
    rows = []
    for seed in range(DURATION_PATIENTS):
        patient = draw_patient(np.random.default_rng(seed))
        if seen_potassium(patient, level) <= patient.sine_from_meq_l:
            _, _, r, _, _, t, *_ = deflections(patient, level)
            tail = float(np.sqrt(-2 * np.log(0.05)))
            rows.append((tail * (t.rise_ms + t.fall_ms), r.rise_ms / (R_PER_QRS * patient.r_broadens)))
    return np.array(rows)


def print_tail() -> None:
    """Prints, by level, how many records can be read, and how long T and QRS last."""
    table = Table("simulated", "records with an estimate", "T ms", "QRS ms", "T shorter than QRS")
    for level in TAIL_MEQ_L:
        t_ms, qrs_ms = durations_ms(level).T
        read, shorter = readable_share(level), np.mean(t_ms < qrs_ms)
        durations = (f"{t_ms.mean():.0f}", f"{qrs_ms.mean():.0f}")
        table.add_row(f"{level:g} mEq/L", f"{read:.1%}", *durations, f"{shorter:.1%}")
    out.print(table)


@click.command()
@click.option("--patients", type=click.IntRange(min=100), default=2000, show_default=True)
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="PNG to draw cycles into.")
@click.option("--tail", is_flag=True, help="What records at high potassium are like; no cohort.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(patients: int, picture: Path | None, tail: bool, as_json: bool) -> None:
    """Print how hard simulated potassium is to read."""
    if tail:
        print_tail()
        return
    with progress("simulating", patients) as advance:
        cycles = build(TrainConfig(patients=patients), advance)
    measured = cohort_figures(cycles.inputs, cycles.potassium_meq_l)
    with progress("dialysis", DIALYSIS_PATIENTS) as advance:
        measured |= dialysis_figures(DIALYSIS_PATIENTS, advance)
    if picture is not None:
        draw_picture(picture)
    if as_json:
        out.print_json(json.dumps(measured))
        return
    table = Table("simulated potassium", "measured", "accepted", "published on patients")
    for name, value in measured.items():
        low, high, source = ALL_ACCEPTED[name]
        table.add_row(name, f"{value:.3f}", f"{low:g} to {high:g}", source)
    out.print(table)
    sys.exit(any(not low <= measured[name] <= high for name, (low, high, _) in ALL_ACCEPTED.items()))


if __name__ == "__main__":
    main()
