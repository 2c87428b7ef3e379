"""`splkit build`."""

import json
from pathlib import Path

import click

from splkit.commands.edited import print_edited
from splkit.commands.options import FILE, examples, folder_argument, json_option, print_json
from splkit.console import out, progress

EXAMPLES = examples(
    "splkit build firmware",
    "ARM_GCC=/opt/arm/bin/arm-none-eabi-gcc splkit build firmware",
    "splkit build firmware --sign key.pem",
)


@click.command("build", epilog=EXAMPLES)
@folder_argument
@click.option("--sign", "key", type=FILE, help="Private key (PEM): sign the image of a signed export again.")
@json_option
def command(folder: Path, key: Path | None, as_json: bool) -> None:
    """Build an exported folder again after changing its sources.

    It runs the folder's Makefile, which has every flag, and brings manifest.json up to what was built: the
    SHA-256 of the images, and which sources were edited.
    """
    from splkit.firmware.binary.elf import Elf
    from splkit.firmware.build import build_steps
    from splkit.firmware.rebuild import rebuild

    with progress("building", build_steps(folder)) as advance:
        result, manifest = rebuild(folder, key, advance)
    print_edited(folder, manifest)
    elf = Elf(result.elf)
    if as_json:
        figures = {"flash_bytes": elf.flash_bytes, "ram_bytes": elf.ram_bytes, "compiler": result.compiler}
        paths = {"elf": str(result.elf), "hex": str(result.hex), "bin": str(result.bin)}
        print_json(json.dumps(paths | figures | {"edited": manifest.edited}, indent=2))
        return
    sizes = f"flash {elf.flash_bytes:,} B, RAM {elf.ram_bytes:,} B"
    out.print(f"{folder / 'firmware.elf'}: {sizes} ({result.compiler})", soft_wrap=True)
