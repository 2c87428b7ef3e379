"""`splkit boards`."""

import json

import click
from rich.table import Table

from splkit import boards
from splkit.commands.options import examples, json_option, print_json
from splkit.console import out

EXAMPLES = examples(
    "splkit boards",
    "splkit boards --json",
)


@click.command("boards", epilog=EXAMPLES)
@json_option
def command(as_json: bool) -> None:
    """List the boards that firmware can be exported for."""
    descriptions = [boards.load(name) for name in boards.names()]
    if as_json:
        print_json(json.dumps([board.model_dump() for board in descriptions], indent=2))
        return
    table = Table("board", "what", "core", "flash", "RAM", "ECG input", "simulators")
    for board in descriptions:
        memory, ecg = board.memory, board.ecg
        table.add_row(
            board.name,
            board.title,
            board.core.cpu,
            f"{memory.flash.length >> 10} KiB",
            f"{memory.ram.length >> 10} KiB",
            f"{ecg.fs_hz} Hz, {ecg.uv_per_count:.3g} uV/count",
            ", ".join(board.simulators),
        )
    out.print(table)
