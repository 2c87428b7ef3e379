"""AliveCor .atc files of KardiaMobile (Alive File Format, versions 2 to 4)."""

import struct
from pathlib import Path

import numpy as np

from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.formats.support import lead, refusal, whole_file
from splkit.errors import RecordingError

_MAGIC = b"ALIVE\0\0\0"
_MAX_BYTES = 64 << 20  # five minutes of six leads, the longest that Kardia records, take 1 MB
_HEAD_BYTES = 12  # magic and version
_INT16 = 1  # the only sample format
_FORMAT = struct.Struct("<BHHBH")  # sample format, rate in Hz, resolution in nV, flags, reserved
_LEADS = dict(
    zip(
        (b"ecg ", b"ecg2", b"ecg3", b"ecg4", b"ecg5", b"ecg6"),
        ("I", "II", "III", "aVR", "aVL", "aVF"),
        strict=True,
    )
)
"""The lead of each block. The blocks `pre ` (before the recording) and `avg ` (average beat) are not read."""


def is_atc(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins an .atc file."""
    return start.startswith(_MAGIC)


def atc_contents(path: Path, source: str) -> Contents:
    """All leads of an .atc file, in nV.

    Raises:
        RecordingError: the file is damaged, or states no rate or no resolution.
    """
    data = whole_file(path, source, _MAX_BYTES)
    if data[:8] != _MAGIC:
        raise refusal("an .atc file begins with ALIVE", f"{data[:8]!r} in {source}", "check the file")
    blocks = _blocks(data, source)
    if len(blocks.get(b"fmt ", b"")) != _FORMAT.size:
        raise _damaged("no block fmt", source)
    sample_format, rate_hz, resolution_nv, _, _ = _FORMAT.unpack(blocks[b"fmt "])
    if sample_format != _INT16 or resolution_nv == 0:
        raise _damaged(f"sample format {sample_format} and a resolution of {resolution_nv} nV", source)
    leads = []
    for block, name in _LEADS.items():
        if block in blocks:
            if len(blocks[block]) % 2:
                raise _damaged(f"{len(blocks[block])} bytes of two-byte samples", source)
            samples = np.frombuffer(blocks[block], "<i2") * float(resolution_nv)
            leads.append(lead(name, "nV", float(rate_hz), samples))
    if not leads:
        raise _damaged("no block ecg", source)
    return Contents(source, tuple(leads))


def _blocks(data: bytes, source: str) -> dict[bytes, bytes]:
    """The content of each block, by name. Each is checked against its checksum, the sum of its bytes."""
    blocks: dict[bytes, bytes] = {}
    at = _HEAD_BYTES
    while at < len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size
        if end + 4 > len(data):
            raise _damaged(f"{len(data)} bytes, and a block that ends at {end + 4}", source)
        if sum(data[at:end]) & 0xFFFFFFFF != int.from_bytes(data[end : end + 4], "little"):
            raise _damaged("a block that does not fit its checksum", source)
        if name in blocks:
            raise _damaged(f"two blocks {name.decode('ascii', 'replace').strip()}", source)
        blocks[name] = data[at + 8 : end]
        at = end + 4
    return blocks


def _damaged(found: str, source: str) -> RecordingError:
    return refusal("an .atc file is whole and fits its own lengths and checksums", f"{found} in {source}")
