"""Scores the R peaks of the generated C front end against the reference beats of MIT-BIH records, channel 0.

Usage: python bench/rpeaks.py [--data DIR] [--json]

Beat annotations only; ventricular flutter, between [ and ], is left out; one-to-one matching; tolerances of
150, 75 and 25 ms. The RMS error is taken after removing each record's median offset.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import wfdb
from numpy.typing import NDArray
from rich.table import Table

from splkit.console import out, progress
from splkit.ecg.frontend import FrontEndConfig, to_counts
from splkit.ecg.wfdb_record import read_wfdb

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.host_front_end import host_front_end  # noqa: E402

BEAT_SYMBOLS = frozenset("NLRBAaJSVrFejnE/fQ?")
TOLERANCES_MS = (150, 75, 25)
UV_PER_COUNT = 5.0
REPORT_S = 2.0
"""The recording is held at its last value for so long, until the beats of its last second are reported."""


@dataclass(frozen=True)
class Matches:
    """One record at one tolerance; `error_ms` of each matched beat, found minus reference."""

    missed: int
    extra: int
    error_ms: NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """Beats (samples) and stretches of flutter (first, last sample)."""

    beats: NDArray[np.int64]
    flutter: list[tuple[int, int]]

    def scored(self, samples: NDArray[np.int64]) -> NDArray[np.int64]:
        """`samples` outside flutter."""
        outside = np.ones(len(samples), bool)
        for first, last in self.flutter:
            outside &= (samples < first) | (samples > last)
        return samples[outside]


def read_reference(record: Path) -> Reference:
    """The .atr annotations of a record."""
    annotation = wfdb.rdann(str(record), "atr")
    beats = [
        at for at, symbol in zip(annotation.sample, annotation.symbol, strict=True) if symbol in BEAT_SYMBOLS
    ]
    flutter, first = [], None
    for at, symbol in zip(annotation.sample, annotation.symbol, strict=True):
        if symbol == "[":
            first = int(at)
        elif symbol == "]" and first is not None:
            flutter.append((first, int(at)))
            first = None
    return Reference(np.array(beats, np.int64), flutter)


def match(found: NDArray[np.int64], beats: NDArray[np.int64], fs_hz: float, tolerance_ms: float) -> Matches:
    """Pairs beats in order, each at most once; of two that both fit, the nearer one."""
    tolerance = tolerance_ms * fs_hz / 1000
    errors: list[int] = []
    missed = extra = i = j = 0
    while i < len(found) and j < len(beats):
        error = int(found[i] - beats[j])
        nearer_found = i + 1 < len(found) and abs(int(found[i + 1] - beats[j])) < abs(error)
        nearer_beat = j + 1 < len(beats) and abs(int(found[i] - beats[j + 1])) < abs(error)
        if error < -tolerance or (abs(error) <= tolerance and nearer_found):
            extra, i = extra + 1, i + 1
        elif error > tolerance or nearer_beat:
            missed, j = missed + 1, j + 1
        else:
            errors.append(error)
            i, j = i + 1, j + 1
    return Matches(missed + len(beats) - j, extra + len(found) - i, np.array(errors) * 1000 / fs_hz)


def find_beats(record: Path) -> tuple[NDArray[np.int64], float]:
    """R peaks of channel 0 by the generated C, and the rate."""
    recording = read_wfdb(record, 0)
    config = FrontEndConfig.for_rate(round(recording.fs_hz), UV_PER_COUNT)
    counts = to_counts(recording, config)
    counts = np.append(counts, np.full(round(REPORT_S * config.fs_hz), counts[-1], np.int16))
    return host_front_end(config).front_end(counts).r_sample, recording.fs_hz


def score(record: Path) -> dict[int, Matches]:
    """Matches of one record by tolerance in ms."""
    reference = read_reference(record)
    found, fs_hz = find_beats(record)
    found, beats = reference.scored(found), reference.scored(reference.beats)
    return {tolerance: match(found, beats, fs_hz, tolerance) for tolerance in TOLERANCES_MS}


def figures(matches: list[dict[int, Matches]]) -> dict[str, float]:
    """Gross sensitivity, precision and F1 (percent) by tolerance, and the RMS error (ms)."""
    result: dict[str, float] = {}
    for tolerance in TOLERANCES_MS:
        hits = sum(len(one[tolerance].error_ms) for one in matches)
        missed, extra = (
            sum(getattr(one[tolerance], kind) for one in matches) for kind in ("missed", "extra")
        )
        result[f"missed_{tolerance}"], result[f"extra_{tolerance}"] = missed, extra
        result[f"sensitivity_{tolerance}"] = 100 * hits / max(hits + missed, 1)
        result[f"precision_{tolerance}"] = 100 * hits / max(hits + extra, 1)
        result[f"f1_{tolerance}"] = 200 * hits / max(2 * hits + missed + extra, 1)
    errors = [one[TOLERANCES_MS[0]].error_ms for one in matches]
    centred = np.concatenate([error - np.median(error) for error in errors if len(error)])
    result["rms_ms"] = float(np.sqrt(np.mean(centred**2)))
    return result


def table(rows: dict[str, dict[str, float]]) -> Table:
    """One row a record and one for all."""
    grid = Table(title="R peaks of the generated C, MIT-BIH channel 0")
    columns = ["record", "missed", "extra", "Se %", "+P %", "F1 150 ms", "F1 75 ms", "F1 25 ms", "RMS ms"]
    for column in columns:
        grid.add_column(column, justify="right")
    for name, row in rows.items():
        percent = [row[key] for key in ("sensitivity_150", "precision_150", "f1_150", "f1_75", "f1_25")]
        counts = [f"{row[key]:.0f}" for key in ("missed_150", "extra_150")]
        cells = [name, *counts, *(f"{value:.2f}" for value in percent), f"{row['rms_ms']:.1f}"]
        grid.add_row(*cells, style="bold" if name == "gross" else None)
    return grid


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Folder that holds mitdb/ [$SPLKIT_DATA].")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(data: Path | None, as_json: bool) -> None:
    """Score the generated C front end on the MIT-BIH records that are there."""
    folder = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    records = sorted(path.with_suffix("") for path in (folder / "mitdb").glob("*.hea"))
    if not records:
        raise click.UsageError(f"no MIT-BIH records in {folder / 'mitdb'}; give --data or set SPLKIT_DATA")
    matches: dict[str, dict[int, Matches]] = {}
    with progress("scoring", len(records)) as advance:
        for record in records:
            matches[record.name] = score(record)
            advance(1)
    rows = {name: figures([one]) for name, one in matches.items()}
    rows["gross"] = figures(list(matches.values()))
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        out.print(table(rows))


if __name__ == "__main__":
    main()
