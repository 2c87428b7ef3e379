"""Writing an image into a chip: check it, ask the chip who it is, erase by sector, program, verify, reset."""

from dataclasses import dataclass
from typing import Protocol

from splkit.boards import Board
from splkit.boards.flashing import Flashing
from splkit.errors import BoardError, ToolError
from splkit.firmware.flashing.image import FlashBlock, Image, check_image
from splkit.progress import Advance, ignore_progress

STEPS = 100
"""What `flash` reports to its `advance`: hundredths of the programming."""
_BYTES_A_READ = 4096


class Probe(Protocol):
    """A debug probe with a chip behind it."""

    def read(self, address: int, size: int) -> bytes:
        """Bytes of the chip's memory."""

    def program(self, image: Image, advance: Advance) -> None:
        """Erases the sectors that the image touches and writes it; leaves the rest of the flash alone."""

    def reset(self) -> None:
        """Lets the chip start over."""


@dataclass(frozen=True)
class Step:
    """One line of what flashing does."""

    action: str
    detail: str


def flashing_of(board: Board) -> Flashing:
    """How a board is flashed. Raises `BoardError` where it is not."""
    if board.flashing is None:
        raise BoardError(
            "a board with a chip is flashed",
            found=f"{board.name}, {board.title}",
            next_step=f"run it: splkit simulate DIR --engine {board.simulators[-1]}",
        )
    return board.flashing


def plan(image: Image, board: Board) -> list[Step]:
    """What `flash` would do, for `--dry-run`.

    Raises:
        BoardError: the image does not fit the board.
    """
    check_image(image, board)
    chip = flashing_of(board).chip_id
    ranges = [f"{block.address:#010x}..{block.end:#010x}" for block in image.blocks]
    return [
        Step("ask", f"the word at {chip.address:#010x} & {chip.mask:#x} is {chip.value:#x}: {board.chip}"),
        Step("erase", f"the sectors of {', '.join(ranges)}"),
        Step("program", f"{image.size_bytes:,} bytes of {image.path}"),
        Step("verify", f"{image.size_bytes:,} bytes, read back"),
        Step("reset", board.chip),
    ]


def flash(image: Image, board: Board, probe: Probe, advance: Advance = ignore_progress) -> None:
    """Flashes an image; nothing is erased before image and chip are known to be the board's.

    Raises:
        BoardError: the image does not fit the board, or the chip is another.
        ToolError: what was read back is not what was written.
    """
    check_image(image, board)
    chip = flashing_of(board).chip_id
    word = int.from_bytes(probe.read(chip.address, 4), "little")
    if word & chip.mask != chip.value:
        raise BoardError(
            f"the chip behind the probe is the board's {board.chip}, {chip.value:#x} at {chip.address:#010x}",
            found=f"{word & chip.mask:#x}",
            next_step="connect the board that the firmware was exported for",
        )
    probe.program(image, advance)
    for block in image.blocks:
        _verify(block, probe)
    probe.reset()


def _verify(block: FlashBlock, probe: Probe) -> None:
    for offset in range(0, len(block.data), _BYTES_A_READ):
        written = block.data[offset : offset + _BYTES_A_READ]
        found = probe.read(block.address + offset, len(written))
        if found != written:
            at = next(i for i, (a, b) in enumerate(zip(written, found, strict=True)) if a != b)
            raise ToolError(
                "the flash holds what was written",
                found=f"{found[at]:#04x} instead of {written[at]:#04x} "
                f"at {block.address + offset + at:#010x}",
                next_step="flash it again; a chip that keeps failing is worn out",
            )
