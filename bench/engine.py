"""Prints what an inference costs beside TensorFlow Lite Micro: instructions, flash and RAM, as ratios.

    python bench/engine.py [MODEL.tflite] [--json]

Without MODEL it takes the bundled one. splkit's figures are measured now, on the ELF; TFLM's are those of
bench/tflm.toml.
"""

import argparse
import json
import tempfile
import tomllib
from pathlib import Path

from rich.table import Table

from splkit import __version__, boards
from splkit.console import out
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.profile import Profile, profile
from splkit.quantize.card import card_for
from splkit.quantize.reference import reference_model

FIGURES = ("instructions", "flash_bytes", "ram_bytes", "stack_bytes")


def measure(model: Path) -> Profile:
    """Exports a model for nrf52 and profiles one inference."""
    board = boards.load("nrf52")
    request = ExportRequest(model, card_for(model), board, board.ecg.fs_hz, board.ecg.uv_per_count)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "export"
        export(request, folder)
        return profile(folder)


def main() -> None:
    """Measures, then prints a table or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="?", type=Path, default=reference_model())
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    ours = measure(arguments.model).model_dump()
    rivals = tomllib.loads((Path(__file__).parent / "tflm.toml").read_text())["build"]
    ratios = {rival["name"]: {name: rival[name] / ours[name] for name in FIGURES} for rival in rivals}
    if arguments.json:
        out.print(
            json.dumps({"splkit": {name: ours[name] for name in FIGURES}, "times_splkit": ratios}, indent=2),
            soft_wrap=True,
        )
        return
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


if __name__ == "__main__":
    main()
