"""SCP-ECG files as EN 1064 lays them out, written from known numbers, apart from the reader."""

import binascii
import struct
from collections.abc import Iterator

import numpy as np
from support.ecg_counts import Counts

LEAD_CODES = {"I": 1, "II": 2, "V1": 3, "V5": 7, "V6": 8, "III": 61, "aVR": 62, "aVL": 63, "aVF": 64}
DEFAULT_TABLE = 19999

# The default Huffman table, each code in the order of its bits on the wire.
CODES = {0: "0"}
for _n in range(1, 9):
    CODES[_n], CODES[-_n] = "1" * _n + "00", "1" * _n + "01"


def scp_file(
    leads: Counts,
    *,
    nv_per_count: int = 2500,
    interval_us: int = 2000,
    order: int = 2,
    huffman: bool = True,
    table: int = DEFAULT_TABLE,
    bimodal: int = 0,
    flags: int = 0b100,
    first_sample: int = 1,
) -> bytes:
    """A file with sections 0, 1, 2 (where `huffman`), 3 and 6."""
    streams = [_stream(list(map(int, numbers)), order, huffman) for numbers in leads.values()]
    definitions = bytes([len(leads), flags | len(leads) << 3])
    for lead, numbers in leads.items():
        definitions += struct.pack("<IIB", first_sample, first_sample + len(numbers) - 1, LEAD_CODES[lead])
    rhythm = struct.pack("<HHBB", nv_per_count, interval_us, order, bimodal)
    rhythm += struct.pack(f"<{len(streams)}H", *map(len, streams)) + b"".join(streams)
    sections = {1: b"\xff\0\0", 2: struct.pack("<H", table) if huffman else b"", 3: definitions, 6: rhythm}
    return sealed({number: body for number, body in sections.items() if body})


def sealed(sections: dict[int, bytes]) -> bytes:
    """Sections as a file: pointers, lengths and checksums."""
    packed = {number: _section(number, body) for number, body in sorted(sections.items())}
    at = 6 + 16 + 12 * 10  # the pointers come first
    pointers = struct.pack("<HII", 0, 16 + 12 * 10, 7)
    for number in range(1, 12):
        section = packed.get(number, b"")
        pointers += struct.pack("<HII", number, len(section), at + 1 if section else 0)
        at += len(section)
    body = _section(0, pointers, b"SCPECG") + b"".join(packed.values())
    rest = struct.pack("<I", 6 + len(body)) + body
    return struct.pack("<H", binascii.crc_hqx(rest, 0xFFFF)) + rest


def _section(number: int, body: bytes, reserved: bytes = bytes(6)) -> bytes:
    body += b"\0" * (len(body) % 2)
    rest = struct.pack("<HIBB", number, 16 + len(body), 20, 20) + reserved + body
    return struct.pack("<H", binascii.crc_hqx(rest, 0xFFFF)) + rest


def _stream(numbers: list[int], order: int, huffman: bool) -> bytes:
    differences = list(_differences(numbers, order))
    if not huffman:
        return np.array(differences, "<i2").tobytes()
    bits = "".join(map(_code, differences))
    bits += "0" * (-len(bits) % 16)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def _differences(numbers: list[int], order: int) -> Iterator[int]:
    for at, number in enumerate(numbers):
        if at < order:
            yield number - (numbers[at - 1] if order == 1 and at else 0)
        elif order == 0:
            yield number
        elif order == 1:
            yield number - numbers[at - 1]
        else:
            yield number - 2 * numbers[at - 1] + numbers[at - 2]


def _code(number: int) -> str:
    if number in CODES:
        return CODES[number]
    if -128 <= number < 128:
        return "1111111110" + f"{number & 0xFF:08b}"
    return "1111111111" + f"{number & 0xFFFF:016b}"
