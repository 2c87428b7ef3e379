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
    """List the boards that firmware can be exported for.

    What each does beside beats and estimates on its UART: commands in, settings kept in flash, an LED and an
    alert line, BLE advertisements, the supply measured, updates by MCUboot.
    """
    descriptions = [boards.load(name) for name in boards.names()]
    if as_json:
        facts = [board.model_dump() | {"abilities": board.abilities} for board in descriptions]
        print_json(json.dumps(facts, indent=2))
        return
    table = Table("board", "what", "core", "flash", "RAM", "ECG input", "does", "simulators")
    for board in descriptions:
        memory, ecg = board.memory, board.ecg
        table.add_row(
            board.name,
            board.title,
            board.core.cpu,
            f"{memory.flash.length >> 10} KiB",
            f"{memory.ram.length >> 10} KiB",
            f"{ecg.front_end}, {ecg.fs_hz} Hz",
            ", ".join(board.abilities),
            ", ".join(board.simulators),
        )
    out.print(table)
