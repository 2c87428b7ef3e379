"""Prints what inferences of the field's benchmark models cost on a Cortex-M4F, beside TensorFlow Lite Micro.

    python bench/field_models.py [MODEL.tflite ...] [--inputs N] [--layers] [--json]

Without MODEL it takes networks of the shapes of MLPerf Tiny's and tflite-micro's, with random weights
(`tests/support/field_models.py`), and holds each to its bar. All inputs run on the host, every second on the
core simulator, beside the oracle. TFLM's figures are those of bench/tflm.toml. Exit status 1 where an output
differs or a bar is missed.
"""

import argparse
import json
import sys
import tempfile
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from rich.table import Table
from support.core_model import CoreModel
from support.field_models import FIELD_MODELS
from support.kernel_model import KernelModel
from support.plain_model import inputs_for

from splkit.console import out

BARS = {
    "keyword spotting ds-cnn": 5_200_000,
    "ResNet8": 20_000_000,
    "micro_speech": 1_100_000,
    "visual wake words": 17_000_000,
}
"""Instructions of one inference."""

COLUMNS = ("network", "MACs", "instructions", "a MAC", "bar", "TFLM", "flash", "arena", "stack", "differ")


@dataclass(frozen=True)
class Cost:
    """What one network takes, and how many outputs differ from the oracle's on host and core."""

    network: str
    macs: int
    instructions: int
    flash_bytes: int
    arena_bytes: int
    stack_bytes: int
    differ: int
    layers: dict[str, int]

    @property
    def is_beyond(self) -> bool:
        """Whether it misses its bar, or differs."""
        return self.differ > 0 or self.instructions > BARS.get(self.network, self.instructions)


def measure(network: str, content: bytes, inputs: int) -> Cost:
    """Compiles a network, runs it and counts."""
    values = inputs_for(content, inputs)
    with tempfile.TemporaryDirectory() as folder:
        built = CoreModel(content, Path(folder))
        counted = built.count(values[-1])
        differ = built.mismatches(values[::2]) + KernelModel(content).mismatches(values)
    layers = {
        f"{layer.name} {layer.function}": counted.layers.get(layer.name, 0)
        for layer in built.model.all_layers
    }
    return Cost(
        network,
        built.model.macs,
        counted.instructions,
        counted.flash_bytes,
        built.model.arena_bytes,
        counted.stack_bytes,
        differ,
        layers,
    )


def main() -> int:
    """Measures all, then prints a table or JSON; 1 where a bar is missed or an output differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="*", type=Path)
    parser.add_argument("--inputs", type=int, default=10)
    parser.add_argument("--layers", action="store_true", help="instructions of each layer")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    given = [(path.stem, path.read_bytes()) for path in arguments.models]
    contents = given or [(name, make()) for name, make in FIELD_MODELS.items()]
    costs = [measure(*each, arguments.inputs) for each in contents]
    rivals = tomllib.loads((Path(__file__).parent / "tflm.toml").read_text())["field"]
    if arguments.json:
        out.print_json(json.dumps({"bars": BARS, "costs": [asdict(cost) for cost in costs]}))
    else:
        print_costs(costs, {rival["name"]: rival for rival in rivals}, arguments.layers)
    return int(any(cost.is_beyond for cost in costs))


def print_costs(costs: list[Cost], rivals: dict[str, dict[str, int]], layers: bool) -> None:
    """One row a network, and with `layers` one a layer below it."""
    table = Table(
        "network", "MACs", "instructions", "a MAC", "bar", "TFLM", "flash", "arena", "stack", "differ"
    )
    for cost in costs:
        rival, bar = rivals.get(cost.network, {}), BARS.get(cost.network)
        table.add_row(
            cost.network,
            f"{cost.macs:,}",
            f"{cost.instructions:,}",
            f"{cost.instructions / cost.macs:.2f}",
            f"{bar:,}{'  MISSED' if cost.instructions > bar else ''}" if bar else "",
            f"{rival['instructions']:,}" if rival else "",
            f"{cost.flash_bytes:,}",
            f"{cost.arena_bytes:,}",
            f"{cost.stack_bytes:,}",
            f"{cost.differ}",
        )
        for name, count in cost.layers.items() if layers else ():
            table.add_row(f"  {name}", "", f"{count:,}")
    out.print(table)


if __name__ == "__main__":
    sys.exit(main())
