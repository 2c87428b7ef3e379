"""What electrode motion does to estimates of simulated patients: accepted cycles, answers and their error.

    python bench/potassium_motion.py [--model TFLITE] [--patients 40] [--seconds 120] [--least 2] [--data DIR]

By condition and by the number of cycles in a mean, as on a device. --least is that of early means; with 1 it
shows what no device says. Noise: em of the MIT-BIH Noise Stress Test by the convention of `nst`, another
stretch of it for each patient. Error: of each answer, against the simulated potassium, mEq/L; covered:
potassium in the interval. Simulated: no evidence of how well it does on patients.
"""

import os
from pathlib import Path

import click
import numpy as np
from ecg_noise import read_noise, with_noise

from splkit.console import new_table, out, progress
from splkit.ecg.frontend import AveragedCycles, FrontEndConfig
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.simulator.record import simulate_record
from splkit.quantize.estimate import Estimate, Estimator, Timed
from splkit.quantize.reference import reference_model

ROOT = Path(__file__).parents[1]
FS_HZ, UV_PER_COUNT = 360, 2.0
POTASSIUM_MEQ_L = (3.0, 8.0)
SNR_DB = (None, 24.0, 12.0, 6.0)

Found = list[tuple[float, Estimate]]


def run(
    estimator: Estimator, patients: int, duration_s: float, least: AveragedCycles, data: Path
) -> dict[str, Found]:
    """By condition: the potassium of each patient and what was estimated."""
    noise_mv = read_noise(data, "em")
    config = FrontEndConfig.for_rate(FS_HZ, UV_PER_COUNT, least_cycles=least)
    found: dict[str, Found] = {}
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


def rows(estimator: Estimator, found: Found) -> list[list[str]]:
    """Accepted beats and patients without an answer; by number of cycles answers, refusals and errors."""
    beats = sum(sum(estimate.verdicts.values()) for _, estimate in found)
    accepted = sum(estimate.verdicts["ok"] for _, estimate in found)
    without = sum(all(each.answer.quantiles is None for each in estimate.stream) for _, estimate in found)
    about = [f"{100 * accepted / beats:.1f}", f"{without}"]
    said = [(potassium, each) for potassium, estimate in found for each in estimate.stream]
    made = []
    for cycles in sorted({each.cycles for _, each in said}):
        made.append([*about, f"{cycles}", *_of_cycles(estimator, said, cycles)])
        about = ["", ""]
    return made or [[*about, *[""] * 6]]


def _of_cycles(estimator: Estimator, said: list[tuple[float, Timed]], cycles: int) -> list[str]:
    of = [(potassium, each.answer.quantiles) for potassium, each in said if each.cycles == cycles]
    answers = [(1000 * potassium, quantiles) for potassium, quantiles in of if quantiles is not None]
    if not answers:
        return ["0", f"{len(of)}", "", "", ""]
    errors = np.array([quantiles[estimator.device.median] - truth for truth, quantiles in answers]) / 1000
    ends = [(truth, estimator.device.ends(quantiles)) for truth, quantiles in answers]
    covered = [found is not None and found[0] <= truth <= found[1] for truth, found in ends]
    return [
        f"{len(errors)}",
        f"{len(of) - len(errors)}",
        f"{np.abs(errors).mean():.2f}",
        f"{errors.mean():+.2f}",
        f"{np.mean(covered):.1%}",
    ]


@click.command(help=__doc__)
@click.option("--model", type=click.Path(path_type=Path, exists=True), help="The bundled one if left out.")
@click.option("--patients", default=40, show_default=True)
@click.option("--seconds", "duration_s", default=120.0, show_default=True)
@click.option("--least", type=click.Choice([1, 2, 4, 8]), default=2, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of recordings [$SPLKIT_DATA].")
def main(
    model: Path | None, patients: int, duration_s: float, least: AveragedCycles, data: Path | None
) -> None:
    """Measure and print."""
    folder = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    estimator = Estimator(model or reference_model())
    columns = ("accepted %", "patients without", "cycles", "answers", "refused", "MAE", "bias", "covered")
    grid = new_table(
        "simulated patients", *columns, title=f"{patients} patients, {duration_s:g} s each, simulated"
    )
    for name, found in run(estimator, patients, duration_s, least, folder).items():
        for number, row in enumerate(rows(estimator, found)):
            grid.add_row("" if number else name, *row)
    out.print(grid)


if __name__ == "__main__":
    main()
