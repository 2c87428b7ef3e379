"""Scores R-peak detectors on annotated WFDB records: the generated C front end, and its peers beside it.

Beat annotations only; ventricular flutter, between [ and ], is left out; one-to-one matching; tolerances of
150, 75 and 25 ms. With --noise also under electrode motion by the `nst` convention, scored after 5:00.
--records takes any folder of records with .atr annotations, --channel another lead, --rate another rate.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from ecg_detectors import PEERS, Signal, cached, missing, splkit_c
from ecg_noise import NOISE_FROM_S, read_noise, with_noise
from ecg_reference import Matches, Reference, figures, read_reference, score
from rich.table import Table

from splkit.console import err, out, progress
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording, resample

ROOT = Path(__file__).parents[1]
OURS = "splkit, generated C"
NOISE = "em"


@dataclass(frozen=True)
class Case:
    """One record as it is, or with noise; scored from `first_sample` on."""

    record: str
    condition: str
    signal_mv: Signal
    reference: Reference
    fs_hz: int
    first_sample: int
    rate_hz: int

    def matches(self, detector: str) -> dict[int, Matches]:
        """How well a detector does."""
        ours = detector == OURS
        find = splkit_c if ours else lambda signal, fs_hz: cached(detector, signal, fs_hz)
        whole = Recording(self.signal_mv, float(self.fs_hz), "", self.record)
        found = find(resample(whole, float(self.rate_hz)).signal_mv, self.rate_hz)
        sample = np.rint(found * (self.fs_hz / self.rate_hz)).astype(np.int64)
        return score(sample, self.reference, self.fs_hz, self.first_sample)


def cases(
    data: Path, records: list[Path], snr_db: tuple[float, ...], channel: int, rate_hz: int | None
) -> list[Case]:
    """Every record, clean and at each signal-to-noise ratio, seen at `rate_hz`, its own by default."""
    noise_mv = read_noise(data, NOISE) if snr_db else np.zeros(0)
    result = []
    for path in records:
        recording, reference = read_recording(path, channel), read_reference(path)
        fs_hz, clean = round(recording.fs_hz), recording.signal_mv
        rate = rate_hz or fs_hz
        result.append(Case(path.name, "clean", clean, reference, fs_hz, 0, rate))
        for level in snr_db:
            noisy = with_noise(clean, reference.beats, noise_mv, fs_hz, level)
            start = NOISE_FROM_S * fs_hz
            result.append(Case(path.name, f"{NOISE} {level:g} dB", noisy, reference, fs_hz, start, rate))
    return result


Rows = dict[str, dict[str, dict[str, dict[str, float]]]]


def run(all_cases: list[Case], detectors: list[str]) -> Rows:
    """detector -> condition -> record, or "gross" -> figures."""
    rows: Rows = {}
    with progress("scoring", len(all_cases) * len(detectors)) as advance:
        for detector in detectors:
            found: dict[str, dict[str, dict[int, Matches]]] = {}
            for case in all_cases:
                found.setdefault(case.condition, {})[case.record] = case.matches(detector)
                advance(1)
            rows[detector] = {
                condition: {name: figures([one]) for name, one in matches.items()}
                | {"gross": figures(list(matches.values()))}
                for condition, matches in found.items()
            }
    return rows


def table(title: str, rows: dict[str, dict[str, float]]) -> Table:
    """One row an entry, the gross one in bold."""
    grid = Table(title=title)
    for column in ("", "missed", "extra", "Se %", "+P %", "F1 150 ms", "F1 75 ms", "F1 25 ms", "RMS ms"):
        grid.add_column(column, justify="right")
    for name, row in rows.items():
        percent = [row[key] for key in ("sensitivity_150", "precision_150", "f1_150", "f1_75", "f1_25")]
        counts = [f"{row[key]:.0f}" for key in ("missed_150", "extra_150")]
        cells = [name, *counts, *(f"{value:.2f}" for value in percent), f"{row['rms_ms']:.1f}"]
        grid.add_row(*cells, style="bold" if name in ("gross", OURS) else None)
    return grid


def show(rows: Rows) -> None:
    """Our records one by one, then every detector's gross figures by condition."""
    for condition, by_record in rows[OURS].items():
        out.print(table(f"{OURS}, {condition}", by_record))
    for condition in rows[OURS]:
        gross = {detector: by_condition[condition]["gross"] for detector, by_condition in rows.items()}
        out.print(table(f"gross, {condition}", gross))


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), help="Folder that holds mitdb/ [$SPLKIT_DATA].")
@click.option("--records", "folder", type=click.Path(path_type=Path), help="Folder of records [mitdb].")
@click.option("--channel", default=0, show_default=True, help="Lead, from 0.")
@click.option("--rate", "rate_hz", type=click.IntRange(125, 1000), help="Resample to this rate, Hz.")
@click.option("--record", "names", multiple=True, help="Only this record; may be repeated.")
@click.option("--noise", "snr_db", multiple=True, type=float, help="Also at this SNR in dB; may be repeated.")
@click.option("--peers/--no-peers", default=False, help="Put other detectors beside it (slow, then cached).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(
    data: Path | None,
    folder: Path | None,
    channel: int,
    rate_hz: int | None,
    names: tuple[str, ...],
    snr_db: tuple[float, ...],
    peers: bool,
    as_json: bool,
) -> None:
    """Score the detectors on the annotated records that are there."""
    data = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    folder = folder or data / "mitdb"
    found = sorted(path.with_suffix("") for path in folder.glob("*.hea") if path.with_suffix(".atr").exists())
    records = [path for path in found if not names or path.name in names]
    if not records:
        raise click.UsageError(
            f"no such annotated records in {folder}; give --records or --data, or set SPLKIT_DATA"
        )
    absent = {peer: reason for peer in PEERS if peers and (reason := missing(peer))}
    for peer, reason in absent.items():
        err.print(f"{peer} is left out: {reason}")
    rows = run(
        cases(data, records, snr_db, channel, rate_hz),
        [OURS, *(peer for peer in PEERS if peers and peer not in absent)],
    )
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        show(rows)


if __name__ == "__main__":
    main()
