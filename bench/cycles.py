"""Counts which cycles the front end accepts, beside what cardiologists called the beats.

    python bench/cycles.py [--data DIR] [--json]

MIT-BIH records, channel 0: acceptance by annotation. PTB-XL ECGs annotated as normal, by lead. The noise of
the MIT-BIH Noise Stress Test alone: every cycle accepted there is a wrong one.
"""

import ast
import csv
import json
import os
from collections import Counter, defaultdict
from pathlib import Path

import click
import numpy as np
from ecg_noise import read_noise
from ecg_reference import BEAT_SYMBOLS
from rich.table import Table

from splkit.console import out, progress
from splkit.ecg.frontend import Verdict
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.rpeaks.find import RPeaks, find_r_peaks

ROOT = Path(__file__).parents[1]
KINDS = {"N": "NLR", "A": "AaJSej", "V": "VFE"}
"""Sinus beats (bundle branch blocks among them), those from above the ventricles, ventricular ones."""
TOLERANCE_S = 0.15
NORMAL_LIKELIHOOD = 80
PTBXL_LEADS = ("I", "II", "aVR", "V1", "V2", "V5")
NOISE_FS_HZ = 360.0

Counts = dict[str, Counter[str]]


def mitdb(data: Path) -> Counts:
    """Verdicts by what the nearest annotation calls the beat; `none` where none is near."""
    import wfdb

    counts: Counts = defaultdict(Counter)
    for header in sorted((data / "mitdb").glob("*.hea")):
        path = header.with_suffix("")
        beats, annotation = find_r_peaks(read_recording(path, 0)), wfdb.rdann(str(path), "atr")
        is_beat = np.isin(annotation.symbol, list(BEAT_SYMBOLS))
        samples, symbols = annotation.sample[is_beat], np.array(annotation.symbol)[is_beat]
        for at, verdict in zip(beats.sample, beats.verdict, strict=True):
            nearest = int(np.abs(samples - at).argmin())
            near = abs(samples[nearest] - at) <= TOLERANCE_S * beats.recording.fs_hz
            kind = next((kind for kind, all_of in KINDS.items() if symbols[nearest] in all_of), "other")
            counts[f"MIT-BIH {kind if near else 'none'}"][Verdict(verdict).word] += 1
    return counts


def ptbxl(data: Path) -> Counts:
    """Verdicts by lead, of normal ECGs."""
    counts: Counts = defaultdict(Counter)
    with (data / "ptbxl" / "ptbxl_database.csv").open() as stream:
        normal = [row for row in csv.DictReader(stream) if _is_normal(row["scp_codes"])]
    paths = [
        path for row in normal if (path := data / "ptbxl" / row["filename_hr"]).with_suffix(".hea").exists()
    ]
    for path in paths:
        for lead in PTBXL_LEADS:
            counts[f"PTB-XL normal {lead}"] += _words(find_r_peaks(read_recording(path, lead)))
    return counts


def noise(data: Path) -> Counts:
    """Verdicts on noise without an ECG."""
    recordings = {
        name: Recording(read_noise(data, name), NOISE_FS_HZ, name, name) for name in ("em", "ma", "bw")
    }
    return {f"noise {name}": _words(find_r_peaks(recording)) for name, recording in recordings.items()}


def _is_normal(scp_codes: str) -> bool:
    return ast.literal_eval(scp_codes).get("NORM", 0) >= NORMAL_LIKELIHOOD


def _words(beats: RPeaks) -> Counter[str]:
    return Counter(Verdict(verdict).word for verdict in beats.verdict)


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of recordings [$SPLKIT_DATA].")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(data: Path | None, as_json: bool) -> None:
    """Count and print."""
    folder = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    counts: Counts = {}
    with progress("judging cycles", 3) as advance:
        for source in (mitdb, ptbxl, noise):
            counts |= source(folder)
            advance(1)
    if as_json:
        click.echo(json.dumps(counts, indent=2))
        return
    words = [verdict.word for verdict in Verdict]
    grid = Table("beats", "all", "accepted %", *words)
    for name, verdicts in sorted(counts.items()):
        total = sum(verdicts.values())
        accepted = 100 * verdicts["ok"] / total
        grid.add_row(name, f"{total:,}", f"{accepted:.1f}", *(f"{verdicts[word]:,}" for word in words))
    out.print(grid)


if __name__ == "__main__":
    main()
