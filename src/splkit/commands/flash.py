"""`splkit flash`."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from splkit import boards
from splkit.commands.edited import print_edited
from splkit.commands.options import FILE, examples, force_option, json_option, print_json
from splkit.console import out, progress
from splkit.errors import BoardError, UsageError

if TYPE_CHECKING:
    from splkit.boards import Board
    from splkit.firmware.flashing.image import Image

EXAMPLES = examples(
    "splkit flash firmware",
    "splkit flash firmware --dry-run",
    "splkit flash other.hex --board nrf52",
    "splkit flash pico --uf2 pico.uf2",
    "splkit flash --list",
)


@click.command("flash", epilog=EXAMPLES)
@click.argument("source", default="firmware", type=click.Path(path_type=Path))
@click.option(
    "--board", "board_name", help="Board of a HEX file, by name or folder; an export knows its own."
)
@click.option("--probe", "uid", help="Serial number of the debug probe, or how it begins.")
@click.option("--list", "list_probes", is_flag=True, help="List the debug probes that are connected.")
@click.option(
    "--unlock", is_flag=True, help="Erase all of a chip whose debug port is locked, its settings included."
)
@click.option("--dry-run", is_flag=True, help="Print what would be done; no probe is needed.")
@click.option(
    "--hex", "hex_path", type=FILE, help="Write the checked image as Intel HEX for another tool instead."
)
@click.option(
    "--uf2", "uf2_path", type=FILE, help="Write it as UF2, for a boot loader that is a drive, instead."
)
@force_option
@json_option
def command(
    source: Path,
    board_name: str | None,
    uid: str | None,
    list_probes: bool,
    unlock: bool,
    dry_run: bool,
    hex_path: Path | None,
    uf2_path: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write firmware into a board's flash, checked before and after.

    SOURCE is an exported folder or an Intel HEX file, ./firmware by default. Before anything is erased, the
    image and the chip's identification are checked against the board. Then the sectors that the image touches
    are erased, programmed and read back.
    """
    from splkit.firmware.flashing.flash import STEPS, flash, plan
    from splkit.firmware.flashing.image import check_image, read_image
    from splkit.firmware.flashing.pyocd_probe import open_probe, probes

    if list_probes:
        found = probes()
        if as_json:
            print_json(json.dumps([{"uid": each.uid, "description": each.description} for each in found]))
        else:
            for line in [f"{each.uid}  {each.description}" for each in found] or ["no probe is connected"]:
                out.print(line)
        return
    path, board = _source(source, board_name)
    image = read_image(path)
    if hex_path or uf2_path:
        check_image(image, board)
        made = {
            to: make
            for to, make in ((hex_path, path.read_bytes), (uf2_path, partial(_uf2, image, board)))
            if to
        }
        _write(made, force, as_json)
        return
    steps = plan(image, board)
    if dry_run:
        if as_json:
            print_json(json.dumps([{"action": step.action, "detail": step.detail} for step in steps]))
        else:
            for step in steps:
                out.print(f"{step.action:8} {step.detail}")
        return
    with open_probe(board, uid, unlock=unlock) as probe, progress("programming", STEPS) as advance:
        flash(image, board, probe, advance)
    if as_json:
        print_json(json.dumps({"board": board.name, "bytes": image.size_bytes}))
    else:
        out.print(f"{board.title}: {image.size_bytes:,} bytes written, read back and started")


def _source(source: Path, board_name: str | None) -> "tuple[Path, Board]":
    """The HEX file, and the board that it is for. For a signed export it is the signed HEX file."""
    from splkit.firmware.exported_board import board_of
    from splkit.firmware.manifest import SIGNED, held_manifest

    if source.suffix.lower() == ".hex" and not source.is_dir():
        if board_name is None:
            raise UsageError(
                "a HEX file does not say which board it is for",
                found=str(source),
                next_step="add --board; splkit boards lists them",
            )
        return source, boards.load(board_name)
    manifest = held_manifest(source)
    print_edited(source, manifest)
    board = board_of(source, manifest)
    if board_name and boards.load(board_name).name != board.name:
        raise BoardError(
            f"{source} was exported for {board.name}",
            found=f"--board {board_name}",
            next_step=f"export it again: splkit export --board {board_name}",
        )
    return source / (SIGNED[0] if manifest.image_version else "firmware.hex"), board


def _uf2(image: "Image", board: "Board") -> bytes:
    from splkit.firmware.flashing.flash import flashing_of
    from splkit.firmware.flashing.uf2 import to_uf2

    family = flashing_of(board).uf2_family
    if family is None:
        raise BoardError(
            "a UF2 file is for a chip whose boot loader is a drive",
            found=f"{board.name}, {board.chip}",
            next_step="flash it through a probe, or write --hex for another tool",
        )
    return to_uf2(image, family)


def _write(files: Mapping[Path, Callable[[], bytes]], force: bool, as_json: bool) -> None:
    from splkit.files import taking, write_all

    with taking(*files, force=force):
        write_all({path: make() for path, make in files.items()})
    if as_json:
        print_json(json.dumps({"written": [str(path) for path in files]}))
    else:
        for path in files:
            out.print(f"wrote {path}")
