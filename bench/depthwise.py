"""Prints what depthwise convolutions over time cost a multiply-accumulate, Cortex-M4F.

    python bench/depthwise.py [--taps N ...] [--channels N ...] [--stride N ...] [--multiplier N ...]
                              [--length N] [--all] [--json]

Filters of random weights on so many points, SAME padding, per-channel scales. Each is held to the oracle on
eight inputs, and to its bar: with stride and depth multiplier 1 it is 2 instructions a multiply-accumulate, 3
with others. The table has the kernel of each, and why a faster one could not be taken; without --all it
lists those beyond their bars alone, under the summary by taps. Exit status 1 where an output differs.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from rich.table import Table
from support.core_model import CoreModel
from support.depthwise_models import depthwise

from splkit.console import out, progress

TAPS = (2, 3, 5, 7, 9, 11, 15, 16, 24, 32, 64, 100, 200)
BAR, STRIDED_BAR = 2.0, 3.0
INPUTS = 8


@dataclass(frozen=True)
class Cost:
    """One convolution: what it is, the kernel, why no faster one, and instructions beside the bar."""

    taps: int
    channels: int
    stride: int
    multiplier: int
    kernel: str
    slower: str
    macs: int
    instructions: int
    differ: int

    @property
    def a_mac(self) -> float:
        """Instructions a multiply-accumulate."""
        return self.instructions / self.macs

    @property
    def an_output(self) -> float:
        """Instructions an output."""
        return self.a_mac * self.taps

    @property
    def bar(self) -> float:
        """What a multiply-accumulate may cost."""
        return BAR if self.stride == self.multiplier == 1 else STRIDED_BAR


def measure(taps: int, channels: int, stride: int, multiplier: int, length: int) -> Cost:
    """Compiles one convolution, runs it and counts what its layer takes."""
    with tempfile.TemporaryDirectory() as folder:
        built = CoreModel(depthwise(taps, channels, stride, multiplier, length), Path(folder))
        (layer,) = built.model.all_layers
        values = (
            np.random.default_rng(0).integers(-128, 128, (INPUTS, built.model.input_size)).astype(np.int8)
        )
        instructions = built.count(values[0]).layers[layer.name]
        differ = built.mismatches(values)
    return Cost(
        taps,
        channels,
        stride,
        multiplier,
        layer.function,
        layer.slower,
        built.model.macs,
        instructions,
        differ,
    )


def summary(costs: list[Cost]) -> Table:
    """The least and the most that any number of channels costs, by taps, stride and multiplier."""
    kinds = sorted({(cost.stride, cost.multiplier) for cost in costs})
    table = Table("taps", *(f"stride {stride}, x {multiplier}" for stride, multiplier in kinds))
    for taps in sorted({cost.taps for cost in costs}):
        cells = []
        for kind in kinds:
            found = [cost for cost in costs if (cost.taps, cost.stride, cost.multiplier) == (taps, *kind)]
            a_mac = [cost.a_mac for cost in found]
            beyond = any(cost.a_mac > cost.bar for cost in found)
            cells.append(f"{min(a_mac):.2f} - {max(a_mac):.2f}{' *' if beyond else ''}" if found else "")
        table.add_row(str(taps), *cells)
    return table


def listed(costs: list[Cost]) -> Table:
    """A row for each."""
    table = Table(
        "taps", "channels", "stride", "multiplier", "a MAC", "an output", "kernel", "no faster one for"
    )
    for cost in costs:
        sizes = (cost.taps, cost.channels, cost.stride, cost.multiplier)
        figures = (f"{cost.a_mac:.2f}", f"{cost.an_output:.1f}")
        table.add_row(*map(str, sizes), *figures, cost.kernel, cost.slower)
    return table


def main() -> int:
    """Measures all, then prints tables or JSON; 1 if an output differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--taps", type=int, nargs="+", default=TAPS)
    parser.add_argument("--channels", type=int, nargs="+", default=(1, 4, 6, 16))
    parser.add_argument("--stride", type=int, nargs="+", default=(1, 2, 3))
    parser.add_argument("--multiplier", type=int, nargs="+", default=(1, 2, 4))
    parser.add_argument("--length", type=int, default=270, help="points of the input")
    parser.add_argument("--all", action="store_true", help="list all, not those beyond their bars alone")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    asked = list(product(given.taps, given.channels, given.stride, given.multiplier))
    costs = []
    with progress("convolutions", len(asked)) as advance:
        for sizes in asked:
            costs.append(measure(*sizes, given.length))
            advance(1)
    if given.json:
        out.print_json(json.dumps([{**asdict(cost), "a_mac": cost.a_mac, "bar": cost.bar} for cost in costs]))
    else:
        out.print(summary(costs))
        out.print(listed(costs if given.all else [cost for cost in costs if cost.a_mac > cost.bar]))
        out.print(f"{sum(cost.differ for cost in costs)} outputs differ")
    return int(any(cost.differ for cost in costs))


if __name__ == "__main__":
    sys.exit(main())
