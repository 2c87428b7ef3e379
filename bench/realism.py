"""How well a machine tells simulated ECGs from real ones: averaged cycles, windows, measures, spectra.

    python bench/realism.py [--data DIR] [--lead V5] [--simulated N] [--worn] [--not-normal] [--fitted]
        [--picture PNG] [--json]

Real: the ECGs of PTB-XL that physicians called normal, of the third of the patients whom neither the atlas
of beats nor any figure fitted to it saw; with --fitted those of the others, to tune on. Simulated: healthy
hearts at 4.2 mEq/L, SD 0.4, one record of 10 s each. Both run through the board's front end; a record is
judged by its first mean of eight accepted cycles. The classifiers are support vector machines (RBF, C 1,
every point brought to mean 0 and SD 1), tested on patients that they were not fitted to (5 folds, patients
kept whole). AUC of 0.5: they can't be told apart; its 95 % interval is that of patients drawn again. A
measure's AUC is that of the measure alone, without a classifier. --not-normal holds ECGs that physicians
called anything else against the simulator's cohort with kidney disease.
"""

import json
import os
from pathlib import Path

import click
import numpy as np
from matplotlib.figure import Figure as Canvas
from numpy.typing import NDArray
from realism_measures import MEASURES, SPECTRUM_HZ, measures, spectrum
from realism_sets import Seen, ecgs, real_records, simulated_records
from rich.table import Table
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from splkit.console import out, progress
from splkit.ecg.frontend import CYCLE_SIZE, R_INDEX
from splkit.ecg.simulator.conditions import draw_ckd_patient
from splkit.ecg.simulator.leads import LEADS, REFERENCE_LEAD
from splkit.ecg.simulator.patient import draw_patient
from splkit.ecg.simulator.physiology import REST
from splkit.train.features import FEATURES
from splkit.train.features import measure as features

Values = NDArray[np.float64]

ROOT = Path(__file__).parents[1]
WINDOWS = {"P": (15, 72), "QRS": (76, 108), "ST": (108, 129), "T": (129, 222), "after T": (222, 270)}
"""Points of a cycle; R is 90, and a point is 1/300 s."""
FOLDS, SHUFFLES, DRAWS = 5, 5, 1000
PICTURED = 6


def held_out_scores(values: Values, is_simulated: NDArray[np.bool_], patient: NDArray[np.int64]) -> Values:
    """How simulated each record looks to classifiers fitted to other patients, float64[n]."""
    scores = np.zeros(len(values))
    for shuffle in range(SHUFFLES):
        folds = GroupKFold(FOLDS, shuffle=True, random_state=shuffle)
        for fitted, tested in folds.split(values, is_simulated, patient):
            machine = make_pipeline(StandardScaler(), SVC(class_weight="balanced"))
            machine.fit(values[fitted], is_simulated[fitted])
            scores[tested] += machine.decision_function(values[tested])
    return scores / SHUFFLES


def auc_with_interval(
    scores: Values, is_simulated: NDArray[np.bool_], patient: NDArray[np.int64]
) -> tuple[float, float, float]:
    """The AUC and its 95 % interval, patients drawn again with replacement."""
    rng = np.random.default_rng(0)
    groups = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    drawn = []
    while len(drawn) < DRAWS:
        chosen = np.concatenate([groups[k] for k in rng.integers(0, len(groups), len(groups))])
        if 0 < is_simulated[chosen].sum() < len(chosen):
            drawn.append(roc_auc_score(is_simulated[chosen], scores[chosen]))
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(roc_auc_score(is_simulated, scores)), float(low), float(high)


def compare(real: list[Seen], simulated: list[Seen]) -> dict[str, tuple[float, float, float]]:
    """AUC and interval by what the classifier sees."""
    every = real + simulated
    is_simulated = np.arange(len(every)) >= len(real)
    patient = np.array([one.patient for one in every])
    cycles = np.array([one.cycle for one in every])
    own = np.array([measures(one) for one in every])
    seen = {"averaged cycle": cycles, "measured features": features(cycles.astype(np.float32))}
    seen |= {f"window {name}": cycles[:, first:last] for name, (first, last) in WINDOWS.items()}
    seen["QRS, smoothed"] = _smoothed(cycles)[:, slice(*WINDOWS["QRS"])]
    seen["spectrum of the record"] = np.array([spectrum(one.recording.signal_mv) for one in every])
    seen["own measures"] = np.nan_to_num(own)
    result = {}
    for name, values in seen.items():
        scores = held_out_scores(values, is_simulated, patient)
        result[name] = auc_with_interval(scores, is_simulated, patient)
    return result


def _smoothed(cycles: Values) -> Values:
    window = np.hanning(9)[1:-1]
    return np.apply_along_axis(np.convolve, 1, cycles, window / window.sum(), "same")


def side_by_side(real: list[Seen], simulated: list[Seen]) -> dict[str, tuple[float, ...]]:
    """Median and SD of every measure, real and simulated, and the AUC of the measure alone."""
    columns = []
    for kind in (real, simulated):
        cycles = np.array([one.cycle for one in kind], np.float32)
        bands = np.array([spectrum(one.recording.signal_mv) for one in kind])
        columns.append(np.hstack([features(cycles), np.array([measures(one) for one in kind]), bands]))
    names = (*FEATURES, *MEASURES, *(f"to {high:g} Hz, dB" for high in SPECTRUM_HZ[1:]))
    rows = {}
    for index, name in enumerate(names):
        left, right = (one[:, index][np.isfinite(one[:, index])] for one in columns)
        truth = np.arange(len(left) + len(right)) >= len(left)
        auc = roc_auc_score(truth, np.concatenate([left, right]))
        rows[name] = (np.median(left), left.std(), np.median(right), right.std(), max(auc, 1 - auc))
    return {name: tuple(round(float(value), 3) for value in row) for name, row in rows.items()}


def draw_picture(path: Path, real: list[Seen], simulated: list[Seen], lead: str) -> None:
    """Averaged cycles, the first of each kind: real ones above, simulated ones below."""
    figure = Canvas(figsize=(9, 3.2), layout="constrained")
    time_ms = (np.arange(CYCLE_SIZE) - R_INDEX) / 0.3
    rows = figure.subplots(2, PICTURED, sharex=True, sharey=True)
    for axes, kind, name in zip(rows, (real, simulated), ("real", "simulated"), strict=True):
        for each, one in zip(axes, kind, strict=False):
            each.plot(time_ms, one.cycle, "C0-" if name == "real" else "C1-", linewidth=1.0)
            each.grid(alpha=0.3)
        axes[0].set_ylabel(f"{name} {lead}")
    for each in rows[1]:
        each.set_xlabel("ms")
    figure.savefig(path, dpi=90, metadata={"Software": None})


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of recordings [$SPLKIT_DATA].")
@click.option("--lead", type=click.Choice(LEADS), default=REFERENCE_LEAD, show_default=True)
@click.option("--simulated", "count", default=240, show_default=True, help="Simulated patients.")
@click.option("--worn", is_flag=True, help="Noise as in training, every other record ambulatory.")
@click.option("--not-normal", is_flag=True, help="Abnormal ECGs against the cohort with kidney disease.")
@click.option("--fitted", is_flag=True, help="Judge by the ECGs that the simulator was fitted to.")
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="PNG of some of them.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(
    data: Path | None,
    lead: str,
    count: int,
    worn: bool,
    not_normal: bool,
    fitted: bool,
    picture: Path | None,
    as_json: bool,
) -> None:
    """Judge and print."""
    folder = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    judged = [one for one in ecgs(folder) if one.is_normal != not_normal and one.is_judged != fitted]
    draw = draw_ckd_patient if not_normal else draw_patient
    with progress("reading and simulating", 2) as advance:
        real = list(real_records(judged, lead))
        advance(1)
        simulated = list(simulated_records(count, lead, draw, None if worn else REST))
        advance(1)
    if picture is not None:
        draw_picture(picture, real, simulated, lead)
    aucs, rows = compare(real, simulated), side_by_side(real, simulated)
    if as_json:
        out.print_json(json.dumps({"auc": aucs, "measures": rows}))
        return
    table = Table(f"{len(real)} real, {len(simulated)} simulated, {lead}", "AUC", "95 % interval")
    for name, (auc, low, high) in aucs.items():
        table.add_row(name, f"{auc:.3f}", f"{low:.3f} to {high:.3f}")
    out.print(table)
    table = Table("median; SD", "real", "simulated", "AUC of it alone")
    for name, (left, left_sd, right, right_sd, auc) in rows.items():
        table.add_row(name, f"{left:.3g}; {left_sd:.2g}", f"{right:.3g}; {right_sd:.2g}", f"{auc:.3f}")
    out.print(table)


if __name__ == "__main__":
    main()
