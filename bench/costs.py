"""The command line of a benchmark of costs: rows of exact counts, as a table or as JSON."""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from splkit.console import new_table, out


def print_costs(usage: str, measured: Callable[[Path], Iterable[Any]]) -> None:
    """Prints a row of each dataclass that `measured` gives of a scratch folder; with --json, as JSON."""
    parser = argparse.ArgumentParser(description=usage, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        costs = [asdict(cost) for cost in measured(Path(scratch))]
    if arguments.json:
        out.print_json(json.dumps(costs))
        return
    table = new_table(*(name.replace("_", " ") for name in costs[0]))
    for cost in costs:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else value for value in cost.values()))
    out.print(table)
