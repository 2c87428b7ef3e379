"""Compiles any .tflite files, holds them to TensorFlow Lite Micro, and prints what an inference costs.

    python bench/any_models.py MODEL.tflite ... [--inputs N] [--core N] [--tensors N] [--board BOARD] [--json]

Each is compiled with splkit's kernels; random inputs go through the host build (--inputs of them) and the
ELF on the simulated Cortex-M4F (--core of them). With --tensors every tensor between the layers is compared
too, of so many inputs; this needs TensorFlow, to make outputs of them. Public models: MLPerf Tiny's
(github.com/mlcommons/tiny), and those of tflite-micro. One that is refused is a row with the first reason.
The exit status is 1 where a value differs.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from splkit import boards
from splkit.console import out
from splkit.errors import ModelError, ToolError
from splkit.firmware.inference import CompileRequest, compile_inference
from splkit.firmware.parity.inference import Check, Folder, compare, random_inputs
from splkit.firmware.profiling.profile import profile
from splkit.firmware.simulators.inference import infer_core
from splkit.progress import ignore_progress

FIGURES = ("macs", "outputs", "tensors", "differ", "instructions", "flash_bytes", "ram_bytes", "stack_bytes")
"""Outputs and values of tensors that were compared, and how many of both differ."""


def measure(path: Path, board: str, inputs: int, on_core: int, on_tensors: int) -> dict[str, Any]:
    """The row of one model: its figures, or why there are none."""
    try:
        return _measured(path, board, inputs, on_core, on_tensors)
    except (ModelError, ToolError) as error:
        return {"model": path.name, "refused": str(error)}


def _measured(path: Path, board: str, inputs: int, on_core: int, on_tensors: int) -> dict[str, Any]:
    tensors = _every_tensor(path.read_bytes(), board, on_tensors) if on_tensors else []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "compiled"
        compile_inference(CompileRequest(path, boards.load(board)), folder)
        held = Folder(folder)
        values = random_inputs(inputs, held.model.input_size)
        expected = held.oracle.run(values)
        assert held.host is not None
        found = [
            compare("host", expected.ravel(), held.host.infer(values).ravel()),
            compare(
                "core",
                expected[:on_core].ravel(),
                infer_core(held.elf, values[:on_core], held.model.output_size, ignore_progress).ravel(),
            ),
        ]
        cost = profile(folder)
    return {
        "model": path.name,
        "macs": cost.macs,
        "outputs": sum(check.compared for check in found),
        "tensors": sum(check.compared for check in tensors),
        "differ": sum(check.mismatches for check in (*found, *tensors)),
        "instructions": cost.instructions,
        "flash_bytes": cost.flash_bytes,
        "ram_bytes": cost.ram_bytes,
        "stack_bytes": cost.stack_bytes,
    }


def _every_tensor(content: bytes, board: str, inputs: int) -> list[Check]:
    """The comparison of all that operators write, by the host build of a model that gives all of it."""
    from splkit.quantize.packing import packed, unpacked

    graph = unpacked(content)
    subgraph = graph.subgraphs[0]
    subgraph.outputs = [int(tensor) for operator in subgraph.operators for tensor in operator.outputs]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "tensors.tflite"
        path.write_bytes(packed(graph))
        compile_inference(CompileRequest(path, boards.load(board)), Path(scratch) / "compiled")
        held = Folder(Path(scratch) / "compiled")
        values = random_inputs(inputs, held.model.input_size)
        assert held.host is not None
        return [compare("tensors", held.oracle.run(values).ravel(), held.host.infer(values).ravel())]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table or JSON; 1 where an output differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--inputs", type=int, default=50, help="inferences that are compared on the host")
    parser.add_argument(
        "--core", type=int, default=2, help="inferences that are compared on the simulated core"
    )
    parser.add_argument("--tensors", type=int, default=0, help="inferences of which every tensor is compared")
    parser.add_argument("--board", default="mps2-an386", help="a Cortex-M4F, with room for the model")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    rows = [measure(path, given.board, given.inputs, given.core, given.tensors) for path in given.models]
    if given.json:
        out.print_json(json.dumps(rows))
    else:
        table = Table("model", *FIGURES)
        for row in rows:
            if "refused" in row:
                table.add_row(row["model"], row["refused"])
            else:
                table.add_row(row["model"], *(f"{row[name]:,}" for name in FIGURES))
        out.print(table)
    return int(any(row.get("differ") for row in rows))


if __name__ == "__main__":
    sys.exit(main())
