"""`splkit compile`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from splkit import boards
from splkit.commands.options import (
    FILE,
    FOLDER,
    examples,
    force_option,
    json_option,
    library_shape_options,
    print_json,
    print_next,
    ram_option,
    within,
)
from splkit.console import out, progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from splkit.firmware.manifest import TensorFacts

EXAMPLES = examples(
    "splkit compile arrhythmia.tflite --out arrhythmia",
    "splkit compile kws.tflite --board stm32l476 --out kws --single-file --arduino",
    "splkit compile arrhythmia.tflite --ram 8000 --out arrhythmia --force --json",
    "splkit verify kws",
)


@click.command("compile", epilog=EXAMPLES)
@click.argument("model", type=FILE)
@click.option("--out", "out_dir", type=FOLDER, required=True, help="Folder to write; it must not exist.")
@click.option(
    "--board",
    "board_name",
    default="nrf52",
    show_default=True,
    help="Board that it is linked and counted for: a name, or a folder with a board.toml.",
)
@library_shape_options
@ram_option
@force_option
@json_option
def command(
    model: Path,
    out_dir: Path,
    board_name: str,
    single_file: bool,
    arduino: bool,
    ram_bytes: int | None,
    force: bool,
    as_json: bool,
) -> None:
    """Generate the C of any int8 network, the inference alone.

    MODEL is an int8 .tflite, whatever its inputs and outputs; `splkit check MODEL` says what stands in its
    way. The folder gets include/ and lib/ to drop into your own firmware (spl_model.h has shapes, scales and
    zero points), build files, and inference.elf, on which `splkit verify` and `splkit profile` run. For the
    front end and the firmware around a network of ECG cycles there is `splkit export`.
    """
    from splkit.firmware.inference import CompileRequest, compile_inference

    request = CompileRequest(
        model, boards.load(board_name), single_file=single_file, arduino=arduino, ram_bytes=ram_bytes
    )
    with progress("building", None) as advance:
        manifest = compile_inference(request, out_dir, force=force, advance=advance)
    if as_json:
        print_json(manifest.model_dump_json(indent=2))
        return
    out.print(f"{out_dir}: {manifest.model} for {manifest.board}")
    for line in (*_lines("input", manifest.inputs), *_lines("output", manifest.outputs)):
        out.print(f"  {line}", soft_wrap=True)
    out.print(
        f"  {manifest.macs:,} multiply-accumulates, arena {manifest.arena_bytes:,} B{within(ram_bytes)}"
    )
    out.print(f"  self-test: {manifest.self_test}")
    print_next("splkit", "verify", out_dir)


def _lines(role: str, tensors: "Sequence[TensorFacts]") -> list[str]:
    return [
        f"{role} {each.name}: int8 {'x'.join(map(str, each.shape))}, "
        f"real = {each.scale:.6g} * (q - ({each.zero_point}))"
        for each in tensors
    ]
