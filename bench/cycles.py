"""Counts which cycles the front end accepts, beside what cardiologists called the beats.

    python bench/cycles.py [--data DIR] [--noise DB] [--json]

MIT-BIH records, channel 0: acceptance by annotation, and the longest wait for an estimate, from a mean of 8
and from early ones too; with --noise also under electrode motion, after 5:00. PTB-XL ECGs annotated as
normal, by lead. The noise of the MIT-BIH Noise Stress Test alone: every cycle accepted there is a wrong one.
"""

import ast
import csv
import json
import os
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from ecg_noise import NOISE_FROM_S, read_noise, with_noise
from ecg_reference import BEAT_SYMBOLS, read_reference
from numpy.typing import NDArray
from rich.table import Table

from splkit.console import out, progress
from splkit.ecg.frontend import FrontEndConfig, Verdict, run_front_end, to_counts
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.rpeaks.find import UV_PER_COUNT, RPeaks, find_r_peaks
from splkit.quantize.spread import EARLIEST_CYCLES

ROOT = Path(__file__).parents[1]
KINDS = {"N": "NLR", "A": "AaJSej", "V": "VE", "F": "F"}
"""Sinus beats (bundle branch blocks too), those from above the ventricles, ventricular ones, fusion."""
TOLERANCE_S = 0.15
NORMAL_LIKELIHOOD = 80
PTBXL_LEADS = ("I", "II", "aVR", "V1", "V2", "V5")
NOISE_FS_HZ = 360.0

Counts = dict[str, Counter[str]]
Waits = dict[str, list[tuple[float, float]]]


def mitdb(data: Path, snr_db: tuple[float, ...]) -> tuple[Counts, Waits]:
    """Verdicts by what the nearest annotation calls the beat, `none` where none is near; longest waits.

    Those of each record are seconds, for a mean of 8 and for any.
    """
    import wfdb

    counts: Counts = defaultdict(Counter)
    waits_s: Waits = defaultdict(list)
    noise_mv = read_noise(data, "em") if snr_db else np.zeros(0)
    for header in sorted((data / "mitdb").glob("*.hea")):
        path = header.with_suffix("")
        recording, annotation = read_recording(path, 0), wfdb.rdann(str(path), "atr")
        config = FrontEndConfig.for_rate(round(recording.fs_hz), UV_PER_COUNT, least_cycles=EARLIEST_CYCLES)
        is_beat = np.isin(annotation.symbol, list(BEAT_SYMBOLS))
        samples, symbols = annotation.sample[is_beat], np.array(annotation.symbol)[is_beat]
        for level in (None, *snr_db):
            source, first, seen = "MIT-BIH", 0, recording
            if level is not None:
                source, first = f"MIT-BIH em {level:g} dB", NOISE_FROM_S * config.fs_hz
                beats = read_reference(path).beats
                noisy = with_noise(recording.signal_mv, beats, noise_mv, recording.fs_hz, level)
                seen = replace(recording, signal_mv=noisy)
            trace = run_front_end(to_counts(seen, config), config)
            end, whole = len(recording.signal_mv), trace.averaged_count == config.averaged_cycles
            reported = trace.r_sample[trace.averaged_beat]
            waits_s[source].append(
                (
                    longest_wait_s(reported[whole], first, end, config.fs_hz),
                    longest_wait_s(reported, first, end, config.fs_hz),
                )
            )
            for at, verdict in zip(trace.r_sample, trace.verdict, strict=True):
                nearest = int(np.abs(samples - at).argmin())
                near = abs(samples[nearest] - at) <= TOLERANCE_S * config.fs_hz
                kind = next((kind for kind, all_of in KINDS.items() if symbols[nearest] in all_of), "other")
                if at >= first:
                    counts[f"{source} {kind if near else 'none'}"][Verdict(verdict).word] += 1
    return counts, waits_s


def longest_wait_s(reported: NDArray[np.int64], first: int, end: int, fs_hz: int) -> float:
    """The longest time without a mean, from sample `first` to the recording's end."""
    times = np.concatenate([[first], reported[reported >= first], [end]])
    return float(np.diff(times).max() / fs_hz)


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
@click.option("--noise", "snr_db", multiple=True, type=float, help="Also at this SNR in dB; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(data: Path | None, snr_db: tuple[float, ...], as_json: bool) -> None:
    """Count and print."""
    folder = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    with progress("judging cycles", 3) as advance:
        counts, waits_s = mitdb(folder, snr_db)
        advance(1)
        for source in (ptbxl, noise):
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
        grid.add_row(name, f"{total:,}", f"{accepted:.2f}", *(f"{verdicts[word]:,}" for word in words))
    out.print(grid)
    for source, each in waits_s.items():
        whole_s, any_s = np.median(np.array(each), axis=0)
        longest = f"for a mean of 8 {whole_s:.0f} s, for any {any_s:.0f} s"
        out.print(f"{source}: longest waits, median of records: {longest}")


if __name__ == "__main__":
    main()
