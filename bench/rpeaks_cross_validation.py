"""How the detector does on MIT-BIH records that did not choose its parameters: k-fold cross-validation.

    python bench/rpeaks_cross_validation.py [--folds K]

Thresholds of `splkit.ecg.frontend.thresholds` are chosen from a grid on the other folds, and scored on the
fold left out. The choice goes by the logarithm of 100 % - F1 at 150 ms, summed over clean records and
electrode motion at 12, 6 and 0 dB: a tenth fewer errors count the same in each.
"""

import argparse
import os
from itertools import product
from pathlib import Path
from unittest import mock

import numpy as np
from ecg_noise import NOISE_FROM_S, read_noise, with_noise
from ecg_reference import Matches, figures, read_reference, score
from numpy.typing import NDArray

from splkit.console import out, progress
from splkit.ecg.frontend import FrontEndConfig, thresholds, to_counts
from splkit.ecg.frontend.beats import Detector
from splkit.ecg.frontend.faults import SignalFaults
from splkit.ecg.frontend.waves import Waves, find_waves
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording

ROOT = Path(__file__).parents[1]
GRID = {"HIGH_32NDS": (11, 12, 13, 14), "HIGHEST_32NDS": (24, 32), "LARGEST_GROWTH": (2, 3)}
SNR_DB = (None, 12.0, 6.0, 0.0)
Scores = list[dict[int, Matches]]


def waves_of(signal_mv: NDArray[np.float64], fs_hz: int) -> tuple[Waves, FrontEndConfig]:
    """What the detector chooses from."""
    config = FrontEndConfig.for_rate(fs_hz, uv_per_count=5.0)
    counts = to_counts(Recording(signal_mv, float(fs_hz), "", "bench"), config)
    return find_waves(counts, SignalFaults(counts, config.flat), config), config


def scores_of(record: Path, noise_mv: NDArray[np.float64]) -> list[Scores]:
    """Matches of one record by choice of the grid and by condition."""
    recording, reference = read_recording(record, 0), read_reference(record)
    fs_hz, clean = round(recording.fs_hz), recording.signal_mv
    signals = [
        clean if level is None else with_noise(clean, reference.beats, noise_mv, fs_hz, level)
        for level in SNR_DB
    ]
    choices = [waves_of(signal, fs_hz) for signal in signals]
    result = []
    for values in product(*GRID.values()):
        row = []
        with mock.patch.multiple(thresholds, **dict(zip(GRID, values, strict=True))):
            for level, (waves, config) in zip(SNR_DB, choices, strict=True):
                beats = [beat.r_sample for beat in Detector(config, waves).run()]
                first = 0 if level is None else NOISE_FROM_S * fs_hz
                row.append(score(np.array(beats, np.int64), reference, fs_hz, first))
        result.append(row)
    return result


def f1(scores: list[Scores], condition: int) -> float:
    """Gross F1 at 150 ms over records, in percent."""
    return figures([record[condition] for record in scores])["f1_150"]


def main() -> None:
    """Cross-validates and prints the gross figures of the folds left out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folds", type=int, default=11)
    arguments = parser.parse_args()
    data = Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    records = sorted(path.with_suffix("") for path in (data / "mitdb").glob("*.hea"))
    noise_mv = read_noise(data, "em")
    by_record = []
    with progress("scoring", len(records)) as advance:
        for record in records:
            by_record.append(scores_of(record, noise_mv))
            advance(1)
    held_out: list[Scores] = []
    combinations = list(product(*GRID.values()))
    for fold in range(arguments.folds):
        others = [scores for index, scores in enumerate(by_record) if index % arguments.folds != fold]
        totals = [
            sum(
                np.log(100 - f1([scores[choice] for scores in others], condition))
                for condition in range(len(SNR_DB))
            )
            for choice in range(len(combinations))
        ]
        best = int(np.argmin(totals))
        out.print(f"fold {fold + 1}: {dict(zip(GRID, combinations[best], strict=True))}")
        held_out += [scores[best] for scores in by_record[fold :: arguments.folds]]
    for condition, level in enumerate(SNR_DB):
        row = figures([record[condition] for record in held_out])
        name = "clean" if level is None else f"em {level:g} dB"
        out.print(
            f"{name}: F1 {row['f1_150']:.2f} / {row['f1_75']:.2f} / {row['f1_25']:.2f} % at 150 / 75 / 25 ms"
        )


if __name__ == "__main__":
    main()
