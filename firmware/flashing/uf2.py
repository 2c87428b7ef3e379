"""UF2, the format of boot loaders that are a drive: https://github.com/microsoft/uf2."""

import struct
from collections.abc import Iterator

from splkit.firmware.flashing.image import ERASED, Image

BLOCK_BYTES = 512
PAYLOAD_BYTES = 256
"""A page of the RP2040's flash: its boot ROM takes no other size."""
_HEADER = struct.Struct("<8I")
_MAGIC = (0x0A324655, 0x9E5D5157)
_MAGIC_END = 0x0AB16F30
_FAMILY_ID_PRESENT = 0x2000


def to_uf2(image: Image, family: int) -> bytes:
    """The image as UF2 blocks for a family of chips; pages are filled up with erased bytes."""
    pages = list(_pages(image))
    blocks = []
    for number, (address, data) in enumerate(pages):
        header = _HEADER.pack(*_MAGIC, _FAMILY_ID_PRESENT, address, PAYLOAD_BYTES, number, len(pages), family)
        body = (header + data).ljust(BLOCK_BYTES - 4, b"\0")
        blocks.append(body + _MAGIC_END.to_bytes(4, "little"))
    return b"".join(blocks)


def _pages(image: Image) -> Iterator[tuple[int, bytes]]:
    """Whole pages, by address, each once."""
    pages: dict[int, bytearray] = {}
    for block in image.blocks:
        for offset, byte in enumerate(block.data):
            address = block.address + offset
            page = pages.setdefault(address - address % PAYLOAD_BYTES, bytearray([ERASED] * PAYLOAD_BYTES))
            page[address % PAYLOAD_BYTES] = byte
    for address in sorted(pages):
        yield address, bytes(pages[address])
