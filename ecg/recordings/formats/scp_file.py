"""SCP-ECG files (EN 1064, ISO 11073-91064): sections 0, 2, 3 and 6."""

import binascii
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.formats.scp_huffman import CodeEndsError, decode
from splkit.ecg.recordings.formats.support import lead, refusal, whole_file
from splkit.errors import RecordingError

_FILE_HEAD = 6  # CRC (2 bytes) and size (4 bytes)
_SECTION_HEAD = 16  # CRC, number, length, versions, reserved
_POINTER = struct.Struct("<HII")  # section, length, position from 1
_MAGIC = b"SCPECG"
_MAX_BYTES = 64 << 20  # section 6 can hold at most 255 leads of 64 KiB, which is a quarter of this
_DEFAULT_HUFFMAN = 19999
_REFERENCE_BEAT = 1  # bit 0 of the flags in section 3
_DIFFERENCES = 2  # the highest order of differences that section 6 may hold
_CODED: tuple[str, ...] = (
    "I",
    "II",
    "V1",
    "V2",
    "V3",
    "V4",
    "V5",
    "V6",
    "V7",
    "V2R",
    "V3R",
    "V4R",
    "V5R",
    "V6R",
    "V7R",
)
_CODED += ("X", "Y", "Z", "CC5", "CM5", "LA", "RA", "LL", "fI", "fE", "fC", "fA", "fM", "fF", "fH")
_LEADS = ("unspecified", *_CODED, *("d" + name for name in _CODED), "III", "aVR", "aVL", "aVF")
"""Names of the leads; the index is the lead code (EN 1064, table 5). A d marks a derived lead.

Codes from 65 on have no name here.
"""


def is_scp(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins an SCP-ECG file."""
    return start[16:22] == _MAGIC


def scp_contents(path: Path, source: str) -> Contents:
    """The rhythm leads of an SCP-ECG file, in nV.

    The reader supports two-byte samples and the default Huffman code, both plain or as first or second
    differences.

    Raises:
        RecordingError: the file is damaged, or its compression is not supported (subtracted reference beats,
            bimodal sampling, Huffman tables of its own).
    """
    sections = _sections(whole_file(path, source, _MAX_BYTES), source)
    names, counts = _lead_definitions(_needed(sections, 3, source), source)
    rhythm = _needed(sections, 6, source)
    if len(rhythm) < 6 + 2 * len(names):
        raise _damaged("section 6 ends in its head", source)
    nv_per_count, interval_us, order, bimodal = struct.unpack_from("<HHBB", rhythm)
    if bimodal:
        raise _unread("bimodal sampling", source)
    if order > _DIFFERENCES:
        raise _damaged(f"encoding {order} in section 6", source)
    if interval_us == 0:
        raise _damaged("a sampling interval of 0 us in section 6", source)
    huffman = _has_huffman(sections.get(2, b""), source)
    sizes = struct.unpack_from(f"<{len(names)}H", rhythm, 6)
    at, leads = 6 + 2 * len(names), []
    for name, count, size in zip(names, counts, sizes, strict=True):
        numbers = _numbers(rhythm[at : at + size], count, huffman, source)
        leads.append(lead(name, "nV", 1e6 / interval_us, _summed(numbers, order) * float(nv_per_count)))
        at += size
    return Contents(source, tuple(leads))


def _sections(data: bytes, source: str) -> dict[int, bytes]:
    """The body of each section, by number. The checksums of the file and of each section are verified."""
    if not is_scp(data[:22]):
        raise refusal("an SCP-ECG file has SCPECG at byte 16", f"other bytes in {source}", "check the file")
    crc, size = struct.unpack_from("<HI", data)
    if size != len(data):
        raise _damaged(f"{len(data)} of {size} bytes", source)
    if crc != binascii.crc_hqx(data[2:], 0xFFFF):
        raise _damaged("bytes that do not fit their checksum", source)
    length = struct.unpack_from("<I", data, _FILE_HEAD + 4)[0]
    pointers = data[_FILE_HEAD + _SECTION_HEAD : _FILE_HEAD + length]
    bodies = {}
    for at in range(0, len(pointers) - _POINTER.size + 1, _POINTER.size):
        number, size, position = _POINTER.unpack_from(pointers, at)
        if size == 0 or number == 0:
            continue
        section = data[position - 1 : position - 1 + size] if position else b""
        if len(section) != size or size < _SECTION_HEAD or struct.unpack_from("<H", section, 2)[0] != number:
            raise _damaged(f"no section {number} where the pointers say", source)
        bodies[number] = section[_SECTION_HEAD:]
    return bodies


def _needed(sections: dict[int, bytes], number: int, source: str) -> bytes:
    if number not in sections:
        raise refusal(
            "an SCP-ECG file has sections 3 and 6, the leads and the rhythm",
            f"no section {number} in {source}",
            "export the rhythm too",
        )
    return sections[number]


def _lead_definitions(body: bytes, source: str) -> tuple[list[str], list[int]]:
    """The name and the number of samples of each lead.

    The standard numbers samples from 1, so that the last number is the count. In a file that numbers them
    from 0, the last number is taken as the count too: it is the number after the last sample.
    """
    if len(body) < 2 or body[0] == 0 or len(body) < 2 + 9 * body[0]:
        raise _damaged("no whole list of leads in section 3", source)
    if body[1] & _REFERENCE_BEAT:
        raise _unread("rhythm from which a reference beat is taken away", source)
    names, counts = [], []
    for at in range(2, 2 + 9 * body[0], 9):
        first, last, code = struct.unpack_from("<IIB", body, at)
        if last <= first:
            raise _damaged(f"a lead from sample {first} to {last}", source)
        names.append(_LEADS[code] if code < len(_LEADS) else f"lead code {code}")
        counts.append(last - first + (first > 0))
    return names, counts


def _has_huffman(body: bytes, source: str) -> bool:
    """Whether the rhythm uses the default Huffman code. Without section 2 it has two-byte samples."""
    if not body:
        return False
    if len(body) < 2 or struct.unpack_from("<H", body)[0] != _DEFAULT_HUFFMAN:
        raise _unread("a Huffman table of its own", source)
    return True


def _numbers(code: bytes, count: int, huffman: bool, source: str) -> NDArray[np.int64]:
    if huffman:
        try:
            return decode(code, count)
        except CodeEndsError:
            raise _damaged(f"fewer than {count} samples of a lead", source) from None
    if len(code) not in (2 * count, 2 * count + 2):
        raise _damaged(f"{len(code)} bytes for {count} samples of two bytes", source)
    return np.frombuffer(code, "<i2").astype(np.int64)


def _summed(numbers: NDArray[np.int64], order: int) -> NDArray[np.int64]:
    """Samples from their differences of an order. The first `order` numbers are samples themselves."""
    if order == 0:
        return numbers
    if order == 1:
        return np.cumsum(numbers)
    steps = numbers.copy()
    if len(steps) > 1:
        steps[1] -= steps[0]
    steps[1:] = np.cumsum(steps[1:])
    return np.cumsum(steps)


def _damaged(found: str, source: str) -> RecordingError:
    return refusal("an SCP-ECG file is whole and fits its own lengths and checksums", f"{found} in {source}")


def _unread(found: str, source: str) -> RecordingError:
    return refusal(
        "splkit reads SCP-ECG in two-byte samples or the default Huffman code",
        f"{found} in {source}",
        "export without that compression, or as DICOM or aECG",
    )
