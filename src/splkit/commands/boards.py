"""`splkit boards`."""

import json

import click

from splkit import boards
from splkit.commands.options import examples, json_option, print_json
from splkit.console import err, new_table, out

EXAMPLES = examples(
    "splkit boards",
    "splkit boards --json",
)


@click.command("boards", epilog=EXAMPLES)
@json_option
def command(as_json: bool) -> None:
    """List the boards that firmware can be exported for.

    Every board reports beats, estimates and alerts on its UART. The table shows what else a board can do:
    receive commands, keep settings in flash, drive an LED and an alarm line, send BLE advertisements, measure
    its supply, accept updates through MCUboot. A board.toml with an error is listed after the others.
    """
    descriptions, refused = boards.all_boards()
    if as_json:
        facts = [board.model_dump() | {"abilities": board.abilities} for board in descriptions]
        print_json(json.dumps(facts, indent=2))
    else:
        _print(descriptions)
    for error in refused[1:]:
        err.print(f"note: {error}", soft_wrap=True)
    if refused:
        raise refused[0]


def _print(descriptions: list[boards.Board]) -> None:
    table = new_table("board", "what", "also does", "simulators", wraps=("what", "also does"))
    for board in descriptions:
        flash, ram = (f"{region.length >> 10} KiB" for region in (board.memory.flash, board.memory.ram))
        what = f"{board.title}: {board.core.cpu}, {flash} flash, {ram} RAM; {board.ecg.sampler} at"
        does, simulators = (", ".join(each) or "-" for each in (board.abilities, board.simulators))
        table.add_row(board.name, f"{what} {board.ecg.fs_hz} Hz", does, simulators)
    out.print(table)
