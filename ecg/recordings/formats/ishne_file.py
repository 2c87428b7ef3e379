"""ISHNE Holter files, version 1.0 (Badilini, The ISHNE Holter Standard Output File Format, 1998)."""

import binascii
import struct
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents, Lead
from splkit.ecg.recordings.formats.support import refusal
from splkit.errors import RecordingError

_MAGIC = b"ISHNE1.0"
_HEAD_BYTES = 522  # magic, checksum and the fixed part of the header
_MAX_TEXT_BYTES = 1 << 20  # largest block between header and samples, whose length is in the header
_MAX_LEADS = 12
_NOT_COMPUTED = 0  # many recorders write no checksum
_LEAD_FAULT = -32768  # value of a sample while the electrode is off
_LEADS: tuple[str, ...] = ("unknown", "bipolar", "X", "Y", "Z", "I", "II", "III", "aVR", "aVL", "aVF")
_LEADS += ("V1", "V2", "V3", "V4", "V5", "V6", "ES", "AS", "AI")
"""Names of the leads. The index is the lead code."""


def is_ishne(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins an ISHNE file."""
    return start.startswith(_MAGIC)


def ishne_contents(path: Path, source: str) -> Contents:
    """All leads of an ISHNE file, in nV. While an electrode is off, samples are missing.

    Samples are read only when a lead is chosen, because 24 hours of 12 leads take gigabytes.

    Raises:
        RecordingError: the file is damaged, or states no resolution.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES + _MAX_TEXT_BYTES)
    if head[:8] != _MAGIC or len(head) < _HEAD_BYTES:
        raise refusal("an ISHNE file begins with a header of 522 bytes", f"{head[:8]!r} in {source}")
    text_bytes, count, _, start = struct.unpack_from("<4i", head, 10)
    if not (0 <= text_bytes <= _MAX_TEXT_BYTES and _HEAD_BYTES + text_bytes <= start <= len(head)):
        raise _damaged(f"samples from byte {start} on", source)
    crc = struct.unpack_from("<H", head, 8)[0]
    if crc not in (_NOT_COMPUTED, binascii.crc_hqx(head[10:start], 0xFFFF)):
        raise _damaged("a header that does not fit its checksum", source)
    leads = struct.unpack_from("<h", head, 156)[0]
    if not 1 <= leads <= _MAX_LEADS:
        raise _damaged(f"{leads} leads", source)
    length = _length(path.stat().st_size - start, count, leads, source)
    codes = struct.unpack_from(f"<{leads}h", head, 158)
    resolutions_nv = struct.unpack_from(f"<{leads}h", head, 206)
    rate_hz = float(struct.unpack_from("<h", head, 272)[0])
    if min(resolutions_nv) <= 0:
        raise _damaged(f"a resolution of {min(resolutions_nv)} nV", source)

    def samples(index: int) -> NDArray[np.float64]:
        frames = np.memmap(path, "<i2", "r", start, (length, leads))
        counts = np.asarray(frames[:, index], np.float64)
        counts[counts == _LEAD_FAULT] = np.nan
        return counts * float(resolutions_nv[index])

    names = [_LEADS[code] if 0 <= code < len(_LEADS) else f"lead code {code}" for code in codes]
    return Contents(
        source,
        tuple(Lead(name, "nV", rate_hz, partial(samples, i), length) for i, name in enumerate(names)),
    )


def _length(sample_bytes: int, count: int, leads: int, source: str) -> int:
    """Number of samples of a lead.

    Some recorders write the count of one lead into the header, others the count of all leads. The size of the
    file tells which one it is.
    """
    if count <= 0 or sample_bytes % (2 * leads) or sample_bytes not in (2 * count * leads, 2 * count):
        raise _damaged(f"{sample_bytes} bytes of samples for {count} samples of {leads} leads", source)
    return sample_bytes // (2 * leads)


def _damaged(found: str, source: str) -> RecordingError:
    return refusal("an ISHNE file is whole and fits its own header", f"{found} in {source}")
