"""PTB-XL through the front end and the bundled int8 model: failures, estimates, and normal ECGs called high.

    python bench/ptbxl.py [--data DIR] [--lead V5] [--leads] [--json]

Records last 10 s: a record's estimate is the mean over its averaged cycles, and one with fewer than eight
accepted beats has none, as on a device. The potassium of these patients is not known; NORM is a physician's
label for the ECG. Exit status 1 where a bar is missed: no record fails, more than 80 % have an estimate,
fewer than 15 % of the normal ones are called high. The suite holds the same bars on the six ECGs of
tests/data. --leads prints medians and SDs of every lead of the normal ECGs: the simulator's table of leads.
"""

import ast
import csv
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
from delineation import Measures, measure
from rich.table import Table

from splkit.console import out, progress
from splkit.ecg.frontend import FrontEndConfig, run_front_end, to_counts
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.simulator.leads import LEADS, REFERENCE_LEAD
from splkit.errors import SplkitError
from splkit.quantize.estimate import Estimator
from splkit.quantize.reference import reference_model
from splkit.train.metrics import HYPERKALEMIA_MEQ_L

ROOT = Path(__file__).parents[1]
CONFIG = FrontEndConfig.for_rate(500, uv_per_count=1.0)
HOLD_S = 2
ESTIMATED_SHARE_MIN, NORMAL_CALLED_HIGH_SHARE_MAX = 0.8, 0.15


class Ecg(NamedTuple):
    """A record's path without its extension, and whether it is labelled normal."""

    path: Path
    is_normal: bool


def ecgs(data: Path) -> Iterator[Ecg]:
    """All ECGs of the PTB-XL that is there."""
    folder = data / "ptbxl"
    with (folder / "ptbxl_database.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Ecg(folder / row["filename_hr"], "NORM" in ast.literal_eval(row["scp_codes"]))


def run(data: Path, lead: str) -> dict[str, int | float | list[str]]:
    """Counts of records, failures and estimates; shares of what is estimated."""
    estimator, every = Estimator(reference_model()), list(ecgs(data))
    estimates: list[tuple[float, bool]] = []
    failures: list[str] = []
    with progress("PTB-XL", len(every)) as advance:
        for ecg in every:
            try:
                found = estimator.ecg(read_recording(ecg.path, lead).held(HOLD_S), CONFIG)
            except SplkitError as error:
                failures.append(f"{ecg.path.name}: {error}")
            else:
                if found.by_device and found.value is not None:
                    estimates.append((found.value, ecg.is_normal))
            advance(1)
    spl = np.array([value for value, _ in estimates])
    normal = np.array([is_normal for _, is_normal in estimates], bool)
    return {
        "records": len(every),
        "failures": failures,
        "with_an_estimate": len(spl),
        "normal": sum(ecg.is_normal for ecg in every),
        "normal_with_an_estimate": int(normal.sum()),
        "normal_called_high_share": round(float((spl[normal] >= HYPERKALEMIA_MEQ_L).mean()), 3),
        "others_called_high_share": round(float((spl[~normal] >= HYPERKALEMIA_MEQ_L).mean()), 3),
        "normal_median_meq_l": round(float(np.median(spl[normal])), 2),
        "normal_sd_meq_l": round(float(spl[normal].std()), 2),
    }


def missed_bars(result: Mapping[str, int | float | list[str]]) -> list[str]:
    """The bars that the figures of `run` miss."""
    bars = {
        "failures": result["failures"] == [],
        "with_an_estimate": result["with_an_estimate"] > ESTIMATED_SHARE_MIN * result["records"],
        "normal_called_high_share": result["normal_called_high_share"] < NORMAL_CALLED_HIGH_SHARE_MAX,
    }
    return [name for name, is_met in bars.items() if not is_met]


def lead_table(data: Path) -> Table:
    """Median; SD of each measure in each lead of the normal ECGs, beats as found in V5."""
    normal = [ecg for ecg in ecgs(data) if ecg.is_normal]
    rows: dict[str, list[tuple[float, ...]]] = {lead: [] for lead in LEADS}
    with progress("PTB-XL", len(normal)) as advance:
        for ecg in normal:
            counts = to_counts(read_recording(ecg.path, REFERENCE_LEAD).held(HOLD_S), CONFIG)
            r_samples = run_front_end(counts, CONFIG)
            for lead, measured in rows.items():
                one = measure(read_recording(ecg.path, lead).signal_mv, r_samples.r_sample, CONFIG.fs_hz)
                if one is not None:
                    measured.append(one.values())
            advance(1)
    table = Table("", *rows, title=f"{len(normal)} normal ECGs of PTB-XL, median; SD")
    for index, field in enumerate(fields(Measures)):
        columns = [np.array(measured)[:, index] for measured in rows.values()]
        cells = (f"{np.nanmedian(values):.3g}; {np.nanstd(values):.2g}" for values in columns)
        table.add_row(field.name, *cells)
    return table


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of recordings [$SPLKIT_DATA].")
@click.option("--lead", type=click.Choice(LEADS), default=REFERENCE_LEAD, show_default=True)
@click.option("--leads", "measure_leads", is_flag=True, help="Measure every lead; no model.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(data: Path | None, lead: str, measure_leads: bool, as_json: bool) -> None:
    """Run and print; exit status 1 where a bar is missed."""
    folder = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    if measure_leads:
        out.print(lead_table(folder))
        return
    result = run(folder, lead)
    if as_json:
        out.print_json(json.dumps(result))
    else:
        for name, value in result.items():
            out.print(f"{name.replace('_', ' ')}: {value or 'none' if isinstance(value, list) else value}")
    sys.exit(bool(missed_bars(result)))


if __name__ == "__main__":
    main()
