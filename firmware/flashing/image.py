"""What goes into a chip's flash: read from an Intel HEX file, held against its board."""

from dataclasses import dataclass
from pathlib import Path

from intelhex import HexReaderError, IntelHex

from splkit.boards import Board
from splkit.boards.table import Region
from splkit.errors import BoardError, UsageError, reason

ERASED = 0xFF
MCUBOOT_MAGIC = 0x96F3_B83D
"""How the header of a signed image begins (MCUboot's design document, "Image Format")."""
_BOOT2_BYTES = {"rp2040": 256}
"""What a chip's boot ROM wants in front of the vectors."""


@dataclass(frozen=True)
class FlashBlock:
    """A run of bytes of flash."""

    address: int
    data: bytes

    @property
    def end(self) -> int:
        """The first address behind it."""
        return self.address + len(self.data)


@dataclass(frozen=True)
class Image:
    """The bytes of a HEX file; `start` is its first address."""

    path: Path
    blocks: tuple[FlashBlock, ...]

    @property
    def start(self) -> int:
        """The first address."""
        return self.blocks[0].address

    @property
    def size_bytes(self) -> int:
        """Bytes to be written."""
        return sum(len(block.data) for block in self.blocks)

    def word(self, address: int) -> int | None:
        """The little-endian word at an address; None where the image has none."""
        for block in self.blocks:
            if block.address <= address and address + 4 <= block.end:
                return int.from_bytes(block.data[address - block.address :][:4], "little")
        return None


def read_image(path: Path) -> Image:
    """The image in an Intel HEX file.

    Raises:
        UsageError: it cannot be read, or there is nothing in it.
    """
    try:
        content = IntelHex(str(path))
    except (OSError, HexReaderError, UnicodeDecodeError) as error:
        raise UsageError(
            "an image is an Intel HEX file",
            found=f"{path}: {reason(error)}",
            next_step="name the firmware.hex of an export",
        ) from error
    blocks = tuple(
        FlashBlock(start, content.tobinstr(start=start, size=end - start))
        for start, end in content.segments()
    )
    if not blocks:
        raise UsageError("an image has bytes", found=f"none in {path}", next_step="export it again")
    return Image(path, blocks)


def check_image(image: Image, board: Board) -> None:
    """Holds an image against a board: addresses in its flash, and vectors of its chip.

    Raises:
        BoardError: the image is another board's, or no firmware.
    """
    flash, ram = board.memory.flash, board.memory.ram
    slot = board.mcuboot.slot.origin if board.mcuboot else flash.origin
    for block in image.blocks:
        if not (flash.origin <= block.address and block.end <= flash.end):
            found = f"{block.address:#010x}..{block.end:#010x} in {image.path}"
            raise _mismatch(f"lies in its flash, {_range(flash)}", found, board)
    if image.start not in (flash.origin, slot):
        raise _mismatch(
            f"starts where the chip does, at {flash.origin:#010x}, or MCUboot", _hex(image.start), board
        )
    if image.start == slot != flash.origin and image.word(slot) != MCUBOOT_MAGIC:
        raise _mismatch("is signed where it lies in MCUboot's slot", _hex(image.word(slot)), board)
    vectors = _vectors(image, board)
    stack, reset = image.word(vectors), image.word(vectors + 4)
    if stack is None or not ram.origin < stack <= ram.end or stack % 8:
        raise _mismatch(f"starts with a stack pointer into its RAM, {_range(ram)}", _hex(stack), board)
    if reset is None or image.word(reset & ~3) is None or not reset & 1:
        raise _mismatch("starts at Thumb code of its own", _hex(reset), board)


def _vectors(image: Image, board: Board) -> int:
    """Where the vectors are: at the start, behind a boot loader's header or a second-stage boot loader."""
    mcuboot = board.mcuboot
    if mcuboot and image.start == mcuboot.slot.origin:
        return image.start + mcuboot.header_bytes
    return image.start + _BOOT2_BYTES.get(board.family, 0)


def _range(region: Region) -> str:
    return f"{region.origin:#010x}..{region.end:#010x}"


def _hex(word: int | None) -> str:
    return "nothing there" if word is None else f"{word:#010x}"


def _mismatch(rule: str, found: str, board: Board) -> BoardError:
    return BoardError(
        f"an image for {board.name} {rule}",
        found=found,
        next_step=f"export it for this board: splkit export --board {board.name}",
    )
