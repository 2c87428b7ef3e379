"""`splkit build`."""

import json
from pathlib import Path

import click

from splkit.commands.options import examples, folder_argument, json_option, print_json
from splkit.console import out, progress

EXAMPLES = examples(
    "splkit build firmware",
    "ARM_GCC=/opt/arm/bin/arm-none-eabi-gcc splkit build firmware",
)


@click.command("build", epilog=EXAMPLES)
@folder_argument
@json_option
def command(folder: Path, as_json: bool) -> None:
    """Build an exported folder again after changing its sources.

    The same as `make -C DIR`; the Makefile has every flag.
    """
    from splkit.firmware.binary.elf import Elf
    from splkit.firmware.build import build, build_steps

    with progress("building", build_steps(folder)) as advance:
        result = build(folder, advance)
    elf = Elf(result.elf)
    if as_json:
        figures = {"flash_bytes": elf.flash_bytes, "ram_bytes": elf.ram_bytes, "compiler": result.compiler}
        print_json(
            json.dumps(
                {"elf": str(result.elf), "hex": str(result.hex), "bin": str(result.bin), **figures}, indent=2
            )
        )
        return
    out.print(f"{result.elf}: flash {elf.flash_bytes:,} B, RAM {elf.ram_bytes:,} B ({result.compiler})")
