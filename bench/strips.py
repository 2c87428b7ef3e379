"""What 10-second ECGs give, lead by lead: polarities of R, accepted cycles, and whether there is an answer.

    python bench/strips.py [--data DIR] [--json]

PTB-XL at 500 Hz, all records. Both polarities: records of sinus rhythm in which R points up in some regular
beats and down in others; a beat is regular whose RR interval is within a fifth of the record's median. An
answer needs a number of accepted cycles: the share of records with fewer than 8, 4, 2 and 1. Spread: of a
record's accepted cycles about their mean, root mean square in percent of R, the median of records with two.
"""

import ast
import csv
import json
import os
from collections import defaultdict
from pathlib import Path

import click
import numpy as np
from rich.table import Table

from splkit.console import out, progress
from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.rpeaks.find import RPeaks, find_r_peaks

ROOT = Path(__file__).parents[1]
SINUS_RHYTHMS = {"SR", "STACH", "SBRAD", "SARRH"}
ENOUGH = (8, 4, 2, 1)
REGULAR_SHARE = 0.2
ONE = 4096


def has_both_polarities(beats: RPeaks) -> bool:
    """Whether R points up in some regular beats and down in others."""
    if len(beats.sample) < 2:
        return False
    is_regular = np.abs(beats.rr_ms / np.nanmedian(beats.rr_ms) - 1) < REGULAR_SHARE
    amplitude_uv = beats.amplitude_uv[is_regular]
    return bool((amplitude_uv > 0).any() and (amplitude_uv < 0).any())


def spread_percent(beats: RPeaks) -> float:
    """Of accepted cycles about their mean, NaN of fewer than two."""
    if len(beats.cycles) < 2:
        return float("nan")
    return float(100 * beats.cycles.std(axis=0, ddof=1).mean() / ONE)


def row(found: list[tuple[RPeaks, bool]]) -> dict[str, float]:
    """The figures of a lead, from its records' beats and whether their rhythm is sinus rhythm."""
    accepted = np.array([len(beats.cycles) for beats, _ in found])
    all_beats = sum(len(beats.sample) for beats, _ in found)
    both = [has_both_polarities(beats) for beats, is_sinus in found if is_sinus]
    figures = {
        "records": len(found),
        "both polarities %": 100 * float(np.mean(both)),
        "accepted %": 100 * float(accepted.sum()) / all_beats,
        "spread %": float(np.nanmedian([spread_percent(beats) for beats, _ in found])),
    }
    return figures | {f"under {least}, %": 100 * float((accepted < least).mean()) for least in ENOUGH}


def run(data: Path, leads: list[str]) -> dict[str, dict[str, float]]:
    """Figures by lead."""
    with (data / "ptbxl" / "ptbxl_database.csv").open(encoding="utf-8", newline="") as lines:
        records = [
            (row["filename_hr"], set(ast.literal_eval(row["scp_codes"]))) for row in csv.DictReader(lines)
        ]
    there = [
        (path, codes)
        for name, codes in records
        if (path := data / "ptbxl" / name).with_suffix(".hea").exists()
    ]
    found: dict[str, list[tuple[RPeaks, bool]]] = defaultdict(list)
    with progress("PTB-XL", len(there)) as advance:
        for path, codes in there:
            for lead in leads:
                beats = find_r_peaks(read_recording(path, lead))
                found[lead].append((beats, bool(codes & SINUS_RHYTHMS)))
            advance(1)
    return {lead: row(beats) for lead, beats in found.items()}


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of recordings [$SPLKIT_DATA].")
@click.option("--lead", "leads", multiple=True, type=click.Choice(TWELVE_LEADS), help="Only this lead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(data: Path | None, leads: tuple[str, ...], as_json: bool) -> None:
    """Measure and print."""
    folder = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    rows = run(folder, list(leads or TWELVE_LEADS))
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    columns = list(next(iter(rows.values())))
    grid = Table("lead", *columns, title="10-second ECGs of PTB-XL")
    for lead, figures in rows.items():
        grid.add_row(
            lead, *(f"{value:.0f}" if key == "records" else f"{value:.1f}" for key, value in figures.items())
        )
    out.print(grid)


if __name__ == "__main__":
    main()
