"""Prints what the front end costs on a Cortex-M4: instructions a sample, mean and worst, and RAM.

    python bench/front_end_cost.py [RECORD] [--fs HZ] [--seconds S] [--json]

RECORD is anything that `splkit detect` reads; without it, the toy ECG. The counts are exact: the firmware of
nrf52 with the bundled model runs in the core simulator.
"""

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit import boards
from splkit.console import out, progress
from splkit.ecg.frontend import FrontEndConfig, to_counts
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import resample
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.simulators.application import run_application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model

PUSH, CONTEXT = "spl_frontend_push", "spl_frontend_t"


@dataclass(frozen=True)
class Cost:
    """Instructions of `spl_frontend_push` and bytes of its context."""

    fs_hz: int
    samples: int
    mean_instructions: float
    worst_instructions: int
    ram_bytes: int


def measure(folder: Path, counts: NDArray[np.int16], fs_hz: int) -> Cost:
    """Exports the firmware into `folder` and streams int16[n] counts through it."""
    board, model = boards.load("nrf52"), reference_model()
    export(ExportRequest(model, card_for(model), board, fs_hz, board.ecg.uv_per_count), folder)
    core = CoreSimulator(folder / "firmware.elf")
    with core.counting(PUSH) as counter, progress("simulating", len(counts)) as advance:
        run_application(core, counts, advance)
    calls = counter.calls[PUSH]
    mean = calls.instructions / calls.count
    return Cost(fs_hz, calls.count, mean, calls.worst, core.elf.type_size(CONTEXT))


def main() -> None:
    """Measures, then prints a line or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("record", nargs="?", default="toy")
    parser.add_argument("--fs", type=int, default=300, help="the firmware's rate, Hz")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    recording = resample(read_recording(arguments.record), arguments.fs)
    config = FrontEndConfig.for_rate(arguments.fs, boards.load("nrf52").ecg.uv_per_count)
    counts = to_counts(recording, config)[: round(arguments.seconds * arguments.fs)]
    with tempfile.TemporaryDirectory() as scratch:
        cost = measure(Path(scratch) / "export", counts, arguments.fs)
    if arguments.json:
        out.print_json(json.dumps(vars(cost)))
        return
    out.print(
        f"front end at {cost.fs_hz} Hz: {cost.mean_instructions:.0f} instructions a sample, at most "
        f"{cost.worst_instructions:,}, over {cost.samples:,} samples; RAM {cost.ram_bytes:,} B"
    )


if __name__ == "__main__":
    main()
