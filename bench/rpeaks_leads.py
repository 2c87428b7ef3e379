"""Scores the front end lead by lead on 12-lead ECGs: all leads together say where the beats are.

    python bench/rpeaks_leads.py [--records DIR]

Reference, from eight independent leads: a beat is a peak of the spatial velocity smoothed over 100 ms, at
two fifths of the usual height; R is where the spatial vector is longest within 70 ms. Records in which a peak
comes near that threshold are left out, and so are the first and the last 400 ms. Detector: the numpy twin.
"""

import os
from collections import defaultdict
from pathlib import Path

import click
import numpy as np
import wfdb
from ecg_reference import Matches, Reference, figures, score
from numpy.typing import NDArray
from rich.table import Table
from scipy.signal import butter, find_peaks, sosfiltfilt

from splkit.console import out, progress
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.rpeaks.find import find_r_peaks

ROOT = Path(__file__).parents[1]
INDEPENDENT = [0, 1, 6, 7, 8, 9, 10, 11]
BAND_HZ, EDGE_S, HALF_QRS_S = (0.7, 40.0), 0.4, 0.07
SHARE, DOUBT = 0.4, (0.25, 0.5)
FEWEST_BEATS, USUAL = 4, 6


def reference_of(leads_mv: NDArray[np.float64], fs_hz: int) -> Reference | None:
    """Beats of float64[n, 12] by all leads together, None where they leave a doubt."""
    centred = leads_mv - np.median(leads_mv, axis=0)
    band = butter(2, BAND_HZ, "bandpass", fs=fs_hz, output="sos")
    vector = sosfiltfilt(band, centred, axis=0)[:, INDEPENDENT]
    vector /= np.percentile(np.abs(vector), 99, axis=0) + 0.2
    step, window = round(0.012 * fs_hz), round(0.1 * fs_hz)
    velocity = np.zeros(len(vector))
    velocity[step:-step] = np.linalg.norm(vector[2 * step :] - vector[: -2 * step], axis=1)
    energy = np.convolve(velocity, np.ones(window) / window, "same")
    peak, _ = find_peaks(energy, distance=round(0.28 * fs_hz))
    height = energy[peak] / np.median(np.sort(energy[peak])[-USUAL:])
    beats = peak[height > SHARE]
    if len(beats) < FEWEST_BEATS or ((height > DOUBT[0]) & (height < DOUBT[1])).any():
        return None
    length, half, edge = np.linalg.norm(vector, axis=1), round(HALF_QRS_S * fs_hz), round(EDGE_S * fs_hz)
    first = np.maximum(beats - half, 0)
    r_sample = [int(at + length[at : at + 2 * half].argmax()) for at in first]
    return Reference(np.unique(r_sample), [(-1, edge), (len(vector) - edge, len(vector))])


def run(records: list[Path]) -> tuple[int, dict[str, list[dict[int, Matches]]]]:
    """How many records are scored, and the matches of each lead."""
    matches: dict[str, list[dict[int, Matches]]] = defaultdict(list)
    scored = 0
    with progress("scoring", len(records)) as advance:
        for path in records:
            record = wfdb.rdrecord(str(path))
            leads_mv, fs_hz = np.nan_to_num(record.p_signal), round(record.fs)
            reference = reference_of(leads_mv, fs_hz)
            scored += reference is not None
            for name, signal_mv in zip(record.sig_name, leads_mv.T, strict=True):
                if reference is not None and np.ptp(signal_mv) > 0:
                    beats = find_r_peaks(Recording(signal_mv, fs_hz, name, path.name))
                    matches[name].append(score(beats.sample, reference, fs_hz))
            advance(1)
    return scored, matches


@click.command(help=__doc__)
@click.option("--records", "folder", type=click.Path(path_type=Path), help="12-lead WFDB records [ptbxl].")
def main(folder: Path | None) -> None:
    """Score, and print a row a lead."""
    data = Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    headers = sorted(folder.rglob("*.hea") if folder else (data / "ptbxl").rglob("*_hr.hea"))
    scored, matches = run([header.with_suffix("") for header in headers])
    columns = ("missed", "extra", "F1 150 ms", "F1 75 ms", "F1 25 ms")
    grid = Table("lead", *columns, title=f"{scored} of {len(headers)} records, reference: all leads together")
    everything = [one for lead in matches.values() for one in lead]
    for name, lead in [*matches.items(), ("all", everything)]:
        row = figures(lead)
        counts = (f"{row[key]:.0f}" for key in ("missed_150", "extra_150"))
        grid.add_row(name, *counts, *(f"{row[key]:.2f}" for key in ("f1_150", "f1_75", "f1_25")))
    out.print(grid)


if __name__ == "__main__":
    main()
