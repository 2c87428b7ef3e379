"""What electrode motion does to estimates of simulated patients: accepted cycles, answers and their error.

    python bench/potassium_motion.py [--patients 40] [--seconds 120] [--data DIR]

The bundled model, means of 8 accepted cycles, as on a device. Noise: em of the MIT-BIH Noise Stress Test by
the convention of `nst`, another stretch of it for each patient. Error: of each answer, against the simulated
potassium, mEq/L. Simulated: no evidence of how well it does on patients.
"""

import os
from pathlib import Path

import click
import numpy as np
from ecg_noise import read_noise, with_noise
from rich.table import Table

from splkit.console import out, progress
from splkit.ecg.frontend import FrontEndConfig
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.simulator.record import simulate_record
from splkit.quantize.estimate import Estimate, Estimator
from splkit.quantize.reference import reference_model

ROOT = Path(__file__).parents[1]
FS_HZ, UV_PER_COUNT = 360, 2.0
POTASSIUM_MEQ_L = (3.0, 8.0)
SNR_DB = (None, 24.0, 12.0, 6.0)


def run(patients: int, duration_s: float, data: Path) -> dict[str, list[tuple[float, Estimate]]]:
    """By condition: the potassium of each patient and what was estimated."""
    estimator, noise_mv = Estimator(reference_model()), read_noise(data, "em")
    config = FrontEndConfig.for_rate(FS_HZ, UV_PER_COUNT)
    found: dict[str, list[tuple[float, Estimate]]] = {}
    with progress("estimating", patients) as advance:
        for patient, potassium in enumerate(np.linspace(*POTASSIUM_MEQ_L, patients)):
            record = simulate_record(float(potassium), fs_hz=FS_HZ, duration_s=duration_s, seed=patient)
            clean, here = record.recording.signal_mv, np.roll(noise_mv, -patient * len(noise_mv) // patients)
            for level in SNR_DB:
                name = "as simulated" if level is None else f"em {level:g} dB"
                signal_mv = clean
                if level is not None:
                    signal_mv = with_noise(clean, record.r_samples, here, FS_HZ, level, from_s=0)
                seen = Recording(signal_mv, float(FS_HZ), "V5", name)
                found.setdefault(name, []).append((float(potassium), estimator.ecg(seen, config)))
            advance(1)
    return found


def row(found: list[tuple[float, Estimate]]) -> list[str]:
    """Accepted beats, answers, refusals, patients without an answer, and errors of answers."""
    errors = [
        answer.answer.quantiles[len(answer.answer.quantiles) // 2] / 1000 - potassium
        for potassium, estimate in found
        if estimate.by_device
        for answer in estimate.stream
        if answer.answer.quantiles is not None
    ]
    beats = sum(sum(estimate.verdicts.values()) for _, estimate in found)
    accepted = sum(estimate.verdicts["ok"] for _, estimate in found)
    answered = [estimate.by_device and estimate.answered > 0 for _, estimate in found]
    size = np.abs(errors)
    return [
        f"{100 * accepted / beats:.1f}",
        f"{len(errors)}",
        f"{sum(estimate.refused for _, estimate in found if estimate.by_device)}",
        f"{len(found) - sum(answered)}",
        f"{size.mean():.2f}",
        f"{np.median(size):.2f}",
        f"{np.mean(errors):+.2f}",
    ]


@click.command(help=__doc__)
@click.option("--patients", default=40, show_default=True)
@click.option("--seconds", "duration_s", default=120.0, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of recordings [$SPLKIT_DATA].")
def main(patients: int, duration_s: float, data: Path | None) -> None:
    """Measure and print."""
    folder = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    columns = ("accepted %", "answers", "refused", "patients without", "MAE", "median error", "bias")
    grid = Table(
        "simulated patients", *columns, title=f"{patients} patients, {duration_s:g} s each, simulated"
    )
    for name, found in run(patients, duration_s, folder).items():
        grid.add_row(name, *row(found))
    out.print(grid)


if __name__ == "__main__":
    main()
