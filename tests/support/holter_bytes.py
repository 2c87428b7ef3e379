"""ISHNE 1.0 files and AliveCor .atc files, written from known numbers, apart from the readers."""

import binascii
import struct

import numpy as np
from support.ecg_counts import Counts

ISHNE_CODES = {"I": 5, "II": 6, "III": 7, "V1": 11, "V5": 15, "X": 2}
ATC_BLOCKS = {"I": b"ecg ", "II": b"ecg2", "III": b"ecg3", "aVR": b"ecg4", "aVL": b"ecg5", "aVF": b"ecg6"}


def ishne_file(
    leads: Counts,
    *,
    rate_hz: int = 200,
    nv_per_count: int = 2500,
    text: bytes = b"made by a test",
    count_all: bool = False,
    with_checksum: bool = True,
) -> bytes:
    """A file; `count_all` counts the samples of all leads, as some recorders do."""
    frames = np.stack(list(leads.values()), axis=1)
    size = frames.size if count_all else len(frames)
    header = struct.pack("<iiii", len(text), size, 522, 522 + len(text))
    header += struct.pack("<h40s40s20shh", 1, b"A", b"B", b"C", 0, 0) + bytes(24)
    header += struct.pack("<h", len(leads))
    for values in ([ISHNE_CODES[lead] for lead in leads], [1] * len(leads), [nv_per_count] * len(leads)):
        header += struct.pack("<12h", *values, *[-9] * (12 - len(values)))
    header += struct.pack("<h40sh80s80s88s", 0, b"digital", rate_hz, b"", b"", b"")
    assert len(header) == 512
    header += text
    crc = binascii.crc_hqx(header, 0xFFFF) if with_checksum else 0
    return b"ISHNE1.0" + struct.pack("<H", crc) + header + frames.astype("<i2").tobytes()


def atc_file(leads: Counts, *, rate_hz: int = 300, nv_per_count: int = 500, sample_format: int = 1) -> bytes:
    """A file of version 3 with the blocks info, fmt and ecg."""
    blocks = [
        (b"info", bytes(264)),
        (b"fmt ", struct.pack("<BHHBH", sample_format, rate_hz, nv_per_count, 2, 0)),
    ]
    blocks += [(ATC_BLOCKS[lead], values.astype("<i2").tobytes()) for lead, values in leads.items()]
    return atc_blocks(blocks)


def atc_blocks(blocks: list[tuple[bytes, bytes]]) -> bytes:
    """Blocks as a file, each with its checksum."""
    code = b"ALIVE\0\0\0" + struct.pack("<I", 3)
    for name, body in blocks:
        block = name + struct.pack("<I", len(body)) + body
        code += block + struct.pack("<I", sum(block))
    return code
