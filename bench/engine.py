"""Prints what an inference costs beside TensorFlow Lite Micro: instructions, flash and RAM, as ratios.

    python bench/engine.py [MODEL.tflite] [--inputs N] [--json]

Without MODEL it takes the bundled one. splkit's figures are measured now, all on one ELF for the Cortex-M4F,
whose outputs are compared with the oracle's; TFLM's are those of bench/tflm.toml. It fails where a figure is
beyond its bar for the reference architecture.
"""

import argparse
import json
import sys
import tempfile
import tomllib
from pathlib import Path

import numpy as np
from rich.table import Table

from splkit import __version__, boards
from splkit.codegen.compile import compile_model
from splkit.console import out
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.profiling.profile import Profile, profile
from splkit.firmware.simulators.inference import infer_core
from splkit.quantize.card import card_for
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model

BARS = {
    "instructions": 460_000,
    "flash_bytes": 10_000,
    "ram_with_stack_bytes": 3_000,
    "outputs_that_differ": 0,
}
"""What the reference architecture may cost."""

FIGURES = ("instructions", "flash_bytes", "ram_bytes", "stack_bytes")


def measure(model: Path, inputs: int) -> tuple[Profile, int]:
    """Exports a model for nrf52, profiles an inference, and counts the outputs that differ."""
    board = boards.load("nrf52")
    request = ExportRequest(model, card_for(model), board, board.ecg.fs_hz, board.ecg.uv_per_count)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "export"
        export(request, folder)
        figures = profile(folder)
        size = compile_model(model.read_bytes(), model.name).input_size
        values = np.random.default_rng(1).integers(-128, 128, (inputs, size)).astype(np.int8)
        found = infer_core(folder / "firmware.elf", values)
    return figures, int(np.count_nonzero(found != TflmOracle(model.read_bytes()).run(values)))


def figures_of(ours: Profile, differ: int) -> dict[str, int]:
    """The figures that have bars."""
    return {
        "instructions": ours.instructions,
        "flash_bytes": ours.flash_bytes,
        "ram_with_stack_bytes": ours.ram_bytes + ours.stack_bytes,
        "outputs_that_differ": differ,
    }


def main() -> int:
    """Measures, then prints a table or JSON; 1 where a figure is beyond its bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="?", type=Path, default=reference_model())
    parser.add_argument("--inputs", type=int, default=100, help="random inputs that are compared")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures, differ = measure(arguments.model, arguments.inputs)
    ours, barred = figures.model_dump(), figures_of(figures, differ)
    beyond = [name for name, bar in BARS.items() if barred[name] > bar]
    rivals = tomllib.loads((Path(__file__).parent / "tflm.toml").read_text())["build"]
    ratios = {rival["name"]: {name: rival[name] / ours[name] for name in FIGURES} for rival in rivals}
    if arguments.json:
        out.print(
            json.dumps({"splkit": barred, "bars": BARS, "beyond": beyond, "times_splkit": ratios}, indent=2),
            soft_wrap=True,
        )
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
    bars = Table("one build", "measured", "bar", title=f"{arguments.inputs} random inputs")
    for name, bar in BARS.items():
        bars.add_row(name, f"{barred[name]:,}", f"{bar:,}{'  MISSED' if name in beyond else ''}")
    out.print(bars)
    return int(bool(beyond))


if __name__ == "__main__":
    sys.exit(main())
