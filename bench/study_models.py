"""Exports every network of the zoo, holds it to the oracle and prints what an inference costs, Cortex-M4F.

    python bench/study_models.py [--family dscrnn ...] [--size 4k ...] [--order ORDER ...] [--inputs 200]

Weights are random: parity and cost do not depend on training. "RAM / least" is RAM without the stack over the
most that any one operator, by itself, reads and writes: under 1 is what fusing saves. Of `inputs`, half are
like those that the model was calibrated on, half uniformly random; all run on the host, every tenth in the
core simulator. Exit status 1 if a single output differs.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import get_args

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from rich.table import Table
from support.kernel_model import KernelModel
from support.plain_model import inputs_for

from splkit.codegen.operators import parse_graph
from splkit.codegen.tflite_file.reader import parse_model
from splkit.console import out, progress
from splkit.firmware.profiling.profile import profile
from splkit.firmware.simulators.inference import infer_core
from splkit.quantize.oracle import TflmOracle
from splkit.study.cost import exported
from splkit.train.layer_order import LayerOrder, present_name
from splkit.train.zoo import Family, Size, build, has_order, randomize

COLUMNS = (
    *("network", "parameters", "MACs", "instructions", "a MAC", "flash", "RAM with stack", "RAM / least"),
    *("distinct outputs", "host: differ", "core: differ"),
)


def networks(
    families: list[Family], sizes: list[Size], orders: list[LayerOrder]
) -> Iterator[tuple[Family, Size, LayerOrder]]:
    """The networks that are asked for; those without BatchNorm come once."""
    for family, size, order in product(families, sizes, orders):
        if has_order(family) or order == orders[0]:
            yield family, size, order


def least_bytes(content: bytes) -> int:
    """The most that one operator reads and writes; what is computed in place counts once."""
    layers = [layer for layer in parse_graph(parse_model(content, "model")) if layer.kernel]
    return max(
        max(layer.input.size, layer.output.size)
        if layer.in_place and not layer.others
        else sum(tensor.size for tensor in {*layer.inputs, layer.output})
        for layer in layers
    )


def measure(family: Family, size: Size, order: LayerOrder, inputs: int) -> tuple[list[str], int]:
    """A row of the table, and how many outputs differ."""
    model = randomize(build(family, size, order), seed=1)
    with exported(model) as (content, folder):
        values, oracle = inputs_for(content, inputs), TflmOracle(content)
        expected = oracle.run(values)
        differing = int(np.count_nonzero(KernelModel(content).run(values) != expected))
        few = values[::10]
        cost = profile(folder)
        on_core = infer_core(folder / "firmware.elf", few)
    differing_on_core = int(np.count_nonzero(on_core != expected[::10]))
    row = [f"{family} {size} {order if has_order(family) else ''}", f"{model.count_params():,}"]
    row += [f"{cost.macs:,}", f"{cost.instructions:,}", f"{cost.instructions / cost.macs:.2f}"]
    row += [f"{cost.flash_bytes:,}", f"{cost.ram_bytes + cost.stack_bytes:,}"]
    row += [f"{cost.ram_bytes / least_bytes(content):.2f}"]
    row += [
        f"{len(np.unique(expected))}",
        f"{differing} of {len(values)}",
        f"{differing_on_core} of {len(few)}",
    ]
    return row, differing + differing_on_core


def main() -> int:
    """Measures all, then prints the table; 1 if any output differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--family", nargs="*", choices=get_args(Family), default=get_args(Family))
    parser.add_argument("--size", nargs="*", choices=get_args(Size), default=get_args(Size))
    orders = get_args(LayerOrder)
    parser.add_argument("--order", nargs="*", type=present_name, choices=orders, default=orders)
    parser.add_argument("--inputs", type=int, default=200)
    arguments = parser.parse_args()
    asked = list(networks(arguments.family, arguments.size, arguments.order))
    table, wrong = Table(*COLUMNS), 0
    with progress("networks", len(asked)) as advance:
        for network in asked:
            row, differing = measure(*network, arguments.inputs)
            table.add_row(*row)
            wrong += differing
            advance(1)
    out.print(table)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
