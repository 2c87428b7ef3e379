"""Prints what an inference costs beside TensorFlow Lite Micro: instructions, flash and RAM, as ratios.

    python bench/engine.py [MODEL.tflite] [--inputs N] [--cycles N --ecg RECORD ...] [--json]

Without MODEL it takes the bundled one; another need not have a card. splkit's figures are measured now, all
of one build for the Cortex-M4F. Its outputs are compared with the oracle's on random inputs and on cycles of
recordings, by the host build and by the ELF; TFLM's figures are those of bench/tflm.toml. It fails where one
is beyond its bar for the reference architecture.
"""

import argparse
import json
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from splkit import __version__, boards
from splkit.console import out, progress
from splkit.ecg.recordings.readers import read_recording
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.parity.inference import Check
from splkit.firmware.parity.verify import CountStream, steps, verify
from splkit.firmware.profiling.profile import Profile, profile
from splkit.firmware.simulators.playback import counts_for
from splkit.quantize.carried import is_carded
from splkit.quantize.reference import reference_model

BARS = {
    "instructions": 460_000,
    "flash_bytes": 10_000,
    "ram_with_stack_bytes": 3_000,
    "outputs_that_differ": 0,
}
"""What the reference architecture may cost."""

ANY_NUMBER = {"task": "other", "unit": "1", "plausible": {"low": -1e6, "high": 1e6}}
"""Of a model without a card: what its answer means changes neither its cost nor its bits."""

FIGURES = ("instructions", "flash_bytes", "ram_bytes", "stack_bytes")


def measure(model: Path, ecgs: Sequence[str], inputs: int, cycles: int) -> tuple[Profile, list[Check]]:
    """Exports a model for nrf52, profiles an inference, and holds it to the oracle."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "export"
        stated = {} if is_carded(model) else ANY_NUMBER
        export(ExportRequest.for_board(model, boards.load("nrf52"), stated, accept_weak=True), folder)
        recordings = [CountStream(ecg, counts_for(folder, read_recording(ecg), None)) for ecg in ecgs]
        with progress("verifying", steps(len(ecgs), inputs, cycles, 0)) as advance:
            checks = verify(folder, recordings, inputs=inputs, cycles=cycles, advance=advance)
        return profile(folder), [check for check in checks if check.name.startswith("inference")]


def figures_of(ours: Profile, checks: Sequence[Check]) -> dict[str, int]:
    """The figures that have bars."""
    return {
        "instructions": ours.instructions,
        "flash_bytes": ours.flash_bytes,
        "ram_with_stack_bytes": ours.ram_bytes + ours.stack_bytes,
        "outputs_that_differ": sum(check.mismatches for check in checks),
    }


def main() -> int:
    """Measures, then prints a table or JSON; 1 where a figure is beyond its bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="?", type=Path, default=reference_model())
    parser.add_argument("--inputs", type=int, default=100, help="random inputs that are compared")
    parser.add_argument("--cycles", type=int, default=100, help="cycles of the recordings that are compared")
    parser.add_argument("--ecg", action="append", help="a recording, by default `toy`; may be repeated")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures, checks = measure(arguments.model, arguments.ecg or ["toy"], arguments.inputs, arguments.cycles)
    ours, barred = figures.model_dump(), figures_of(figures, checks)
    beyond = [name for name, bar in BARS.items() if barred[name] > bar]
    rivals = tomllib.loads((Path(__file__).parent / "tflm.toml").read_text())["build"]
    ratios = {rival["name"]: {name: rival[name] / ours[name] for name in FIGURES} for rival in rivals}
    if arguments.json:
        said = {"splkit": barred, "bars": BARS, "beyond": beyond, "times_splkit": ratios}
        out.print_json(json.dumps(said))
        return int(bool(beyond))
    table = Table(
        "inference on a Cortex-M4F",
        *FIGURES,
        title=f"{arguments.model.name}; TFLM's figures over splkit's in brackets",
    )
    table.add_row(f"splkit {__version__}", *(f"{ours[name]:,}" for name in FIGURES))
    for rival in rivals:
        table.add_row(
            rival["name"], *(f"{rival[name]:,} (x{ratios[rival['name']][name]:.1f})" for name in FIGURES)
        )
    out.print(table)
    bars = Table("one build", "measured", "bar")
    for name, bar in BARS.items():
        bars.add_row(name, f"{barred[name]:,}", f"{bar:,}{'  MISSED' if name in beyond else ''}")
    out.print(bars)
    for check in checks:
        out.print(f"{check.name}: {check.mismatches:,} of {check.compared:,} outputs differ")
    return int(bool(beyond))


if __name__ == "__main__":
    sys.exit(main())
