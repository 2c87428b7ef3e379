"""Which cycles are too far from those of training for an estimate: real ones, and real ones spoiled.

    python bench/distance.py [--model TFLITE] [--patients N] [--data DIR] [--json]

The distance is that of a model's card. Without one it is that of simulated patients, 600 of which take two
minutes of CPU, drawn as `splkit train` draws them; no network is trained. PTB-XL's ECGs last 10 s: each gives
its first mean of eight accepted cycles, where it has so many, and its first cycle alone. The cycles that are
spoiled are the normal ones of V5.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import click
import numpy as np
from numpy.typing import NDArray
from ptbxl import CONFIG, HOLD_S, ecgs

from splkit.console import new_table, out, progress
from splkit.ecg.frontend import CYCLE_FS_HZ, CYCLE_SIZE, R_INDEX, means_of, run_front_end, to_counts
from splkit.ecg.recordings.readers import read_recording
from splkit.errors import SplkitError
from splkit.quantize.carried import card_for
from splkit.quantize.distance import Distance
from splkit.quantize.distance_fit import fit_distance
from splkit.train.config import TrainConfig
from splkit.train.cycle_set import CycleSet
from splkit.train.dataset import build

ROOT: Final = Path(__file__).parents[1]
BEATS: Final = (8, 1)
SHIFT_POINTS: Final = round(0.020 * CYCLE_FS_HZ)
QRS_POINTS: Final = round(0.060 * CYCLE_FS_HZ)
"""To either side of R: what is widened."""
SINES_HZ: Final = (1.0, 1.5, 2.0, 3.0, 4.0)

Cycles = NDArray[np.int16]


class Row(NamedTuple):
    """One kind of cycles: by the number of cycles in a mean, how many there are and the share refused."""

    name: str
    means: dict[int, int]
    refused: dict[int, float]


def simulated(patients: int) -> tuple[Distance, CycleSet]:
    """The distance of new simulated patients, and the means of those who are tested."""
    config = TrainConfig(patients=patients, also_averaged=BEATS[1:])
    with progress("simulating", patients) as advance:
        cycles = build(config, advance)
    found = fit_distance(cycles.split("train", patients, 0).of_beats(BEATS[0]))
    if found is None:
        raise click.UsageError("a distance takes more patients")
    return found, cycles.split("test", patients, 0)


def real(data: Path, lead: str, *, normal: bool) -> dict[int, Cycles]:
    """By the number of cycles in a mean, the first mean of every ECG of PTB-XL that is normal, or not."""
    found: dict[int, list[Cycles]] = {beats: [] for beats in BEATS}
    for ecg in ecgs(data):
        if ecg.is_normal != normal:
            continue
        try:
            trace = run_front_end(to_counts(read_recording(ecg.path, lead).held(HOLD_S), CONFIG), CONFIG)
        except SplkitError:
            continue
        for beats, means in found.items():
            means.extend(means_of(trace, beats).cycles[:1])
    return {beats: np.array(means, np.int16).reshape(-1, CYCLE_SIZE) for beats, means in found.items()}


def inverted(cycles: Cycles) -> Cycles:
    """Electrodes of a lead exchanged, and the inversion not seen."""
    return np.asarray(-np.maximum(cycles, -32767), np.int16)


def shifted(cycles: Cycles) -> Cycles:
    """R 20 ms late; the first point is repeated."""
    return np.concatenate([np.repeat(cycles[:, :1], SHIFT_POINTS, axis=1), cycles[:, :-SHIFT_POINTS]], axis=1)


def widened(cycles: Cycles) -> Cycles:
    """The QRS complex, 60 ms to either side of R, twice as wide; what lies further out stays in its place."""
    away = np.arange(CYCLE_SIZE) - R_INDEX
    source = np.where(np.abs(away) <= 2 * QRS_POINTS, away / 2, away) + R_INDEX
    return np.array([np.interp(source, np.arange(CYCLE_SIZE), each) for each in cycles]).astype(np.int16)


def sines() -> Cycles:
    """Sine waves whose crest is taken for R."""
    time_s = (np.arange(CYCLE_SIZE) - R_INDEX) / CYCLE_FS_HZ
    return np.array([4096 * np.cos(2 * np.pi * each * time_s) for each in SINES_HZ]).astype(np.int16)


SPOILED: Final[dict[str, Callable[[Cycles], Cycles]]] = {
    "normal V5, inverted": inverted,
    "normal V5, 20 ms late": shifted,
    "normal V5, QRS complex twice as wide": widened,
}


def rows(distance: Distance, data: Path) -> Iterator[Row]:
    """Real cycles, then spoiled ones."""
    normal = real(data, "V5", normal=True)
    yield judged("normal V5", distance, normal)
    yield judged("not normal V5", distance, real(data, "V5", normal=False))
    yield judged("normal II", distance, real(data, "II", normal=True))
    yield judged("not normal II", distance, real(data, "II", normal=False))
    for name, spoil in SPOILED.items():
        yield judged(name, distance, {beats: spoil(cycles) for beats, cycles in normal.items()})
    waves = f"sine waves of {', '.join(f'{each:g}' for each in SINES_HZ)} Hz"
    yield judged(waves, distance, dict.fromkeys(BEATS, sines()))


def judged(name: str, distance: Distance, cycles: dict[int, Cycles]) -> Row:
    """How many of them get no estimate."""
    refused = {
        beats: round(float(distance.refuses(each).mean()), 3) if len(each) else 0.0
        for beats, each in cycles.items()
    }
    return Row(name, {beats: len(each) for beats, each in cycles.items()}, refused)


@click.command(help=__doc__)
@click.option("--model", type=click.Path(path_type=Path), help="A .tflite whose card has a distance.")
@click.option("--patients", default=600, show_default=True, help="Simulated, without --model.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of recordings [$SPLKIT_DATA].")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(model: Path | None, patients: int, data: Path | None, as_json: bool) -> None:
    """Measure and print."""
    folder = data or Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    first: list[Row] = []
    if model:
        found = card_for(model).distance
        if found is None:
            raise click.UsageError(f"the card of {model.name} has no distance")
    else:
        found, tested = simulated(patients)
        means = {beats: tested.of_beats(beats).averaged for beats in BEATS}
        first = [judged("simulated, other patients", found, means)]
    every = [*first, *rows(found, folder)]
    if as_json:
        out.print_json(
            json.dumps({"limit_rms": round(found.rms, 3), "rows": [each._asdict() for each in every]})
        )
        return
    out.print(f"limit: RMS {found.rms:.3f} of the R amplitude, by {found.held_out} held-out means")
    table = new_table("cycles", *(f"means of {beats}; refused" for beats in BEATS))
    for row in every:
        cells = (f"{row.means[beats]}; {100 * row.refused[beats]:.1f} %" for beats in BEATS)
        table.add_row(row.name, *cells)
    out.print(table)


if __name__ == "__main__":
    main()
