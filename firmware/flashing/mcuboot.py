"""Signed images for MCUboot (https://docs.mcuboot.com): where they are linked; imgtool signs them."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from splkit.boards import Board
from splkit.boards.flashing import Mcuboot
from splkit.boards.table import Region
from splkit.children import run
from splkit.errors import BoardError, ToolError, UsageError
from splkit.firmware.manifest import SIGNED
from splkit.folders import scratch_folder
from splkit.optional import optional

VERSION = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,5}(\+\d{1,10})?")
"""major.minor.revision+build, as an image's header has room for them."""


@dataclass(frozen=True)
class Signature:
    """With which private key (PEM) an image is signed, and which version it bears.

    MCUboot takes an update whose security counter is not below the one that runs; it is made of the version,
    so that an older firmware is refused.
    """

    key: Path
    version: str

    def __post_init__(self) -> None:
        if not VERSION.fullmatch(self.version):
            raise UsageError(
                "an image's version is major.minor.revision, or that and +build",
                found=self.version,
                next_step="write it like 1.4.0 or 1.4.0+7",
            )


def slot_of(board: Board) -> Mcuboot:
    """Where MCUboot looks for an image. Raises `BoardError` for a board without a slot."""
    if board.mcuboot is None:
        raise BoardError(
            "a signed image lies in MCUboot's slot",
            found=f"no table [mcuboot] in the description of {board.name}",
            next_step="add one to its board.toml: docs/porting.md",
        )
    return board.mcuboot


def behind_header(board: Board) -> Board:
    """The board as a signed image sees it: its flash is the slot behind the image's header."""
    boot = slot_of(board)
    flash = Region(origin=boot.slot.origin + boot.header_bytes, length=boot.slot.length - boot.header_bytes)
    return board.model_copy(update={"memory": board.memory.model_copy(update={"flash": flash})})


def sign(folder: Path, board: Board, signature: Signature) -> None:
    """Writes `SIGNED` beside `firmware.hex` and `firmware.bin` of a built folder.

    Raises:
        BoardError: the board has no slot.
        ToolError: imgtool is not installed, or refuses key or image.
    """
    optional("imgtool", "an image is signed by imgtool")
    boot = slot_of(board)
    options = {
        "--key": signature.key,
        "--version": signature.version,
        "--security-counter": "auto",
        "--header-size": boot.header_bytes,
        "--slot-size": boot.slot.length,
        "--align": boot.align,
    }
    for unsigned, signed in zip(("firmware.hex", "firmware.bin"), SIGNED, strict=True):
        command = [sys.executable, "-m", "imgtool.main", "sign", "--pad-header"]
        command += [str(item) for pair in options.items() for item in pair]
        command += [str(folder / unsigned), str(folder / signed)]
        with scratch_folder() as scratch:
            done = run(command, scratch)
        if done.returncode != 0:
            lines = (done.stderr or done.stdout).strip().splitlines()
            raise ToolError(
                "imgtool signs the image",
                found=lines[-1] if lines else f"exit status {done.returncode}",
                next_step="make a key with: imgtool keygen -k key.pem -t ecdsa-p256",
            )
