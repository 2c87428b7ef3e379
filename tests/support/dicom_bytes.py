"""DICOM files of waveforms (PS3.3 C.10.9, PS3.5, PS3.10), byte by byte, apart from pydicom."""

import struct

import numpy as np
from support.ecg_counts import Counts

EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
TWELVE_LEAD = "1.2.840.10008.5.1.4.1.1.9.1.1"
_LONG = (b"OB", b"OW", b"SQ", b"UN", b"UT")


def element(group: int, number: int, vr: str, value: bytes) -> bytes:
    """One element in explicit VR little endian."""
    value += (b"\0" if vr in ("UI", "OB") else b" ") * (len(value) % 2)
    kind = vr.encode()
    length = struct.pack("<HI", 0, len(value)) if kind in _LONG else struct.pack("<H", len(value))
    return struct.pack("<HH", group, number) + kind + length + value


def sequence(group: int, number: int, *items: bytes) -> bytes:
    """A sequence of items of known length."""
    body = b"".join(struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item for item in items)
    return element(group, number, "SQ", body)


def channel(
    name: str,
    sensitivity: float | None = 1.25,
    unit: str = "uV",
    correction: float = 1.0,
    baseline: float = 0.0,
) -> bytes:
    """A channel's definition; without a sensitivity it is uncalibrated."""
    meaning = {"I": "Lead I (Einthoven)"}.get(name, f"Lead {name}")
    code = element(8, 0x100, "SH", b"5.6.3-9-1") + element(8, 0x102, "SH", b"SCPECG")
    body = sequence(0x3A, 0x208, code + element(8, 0x104, "LO", meaning.encode()))
    if sensitivity is not None:
        units = element(8, 0x100, "SH", unit.encode()) + element(8, 0x102, "SH", b"UCUM")
        body += element(0x3A, 0x210, "DS", f"{sensitivity:g}".encode())
        body += sequence(0x3A, 0x211, units + element(8, 0x104, "LO", b"unit"))
        body += element(0x3A, 0x212, "DS", f"{correction:g}".encode())
        body += element(0x3A, 0x213, "DS", f"{baseline:g}".encode())
    return body + element(0x3A, 0x21A, "US", struct.pack("<H", 16))


def group(
    leads: Counts,
    *,
    rate_hz: float = 500,
    label: str = "RHYTHM",
    originality: str = "ORIGINAL",
    interpretation: str = "SS",
    padding: int | None = None,
    claimed_samples: int | None = None,
    channels: list[bytes] | None = None,
) -> bytes:
    """A multiplex group, samples interleaved."""
    frames = np.stack(list(leads.values()), axis=1)
    samples = len(frames) if claimed_samples is None else claimed_samples
    body = element(0x3A, 0x4, "CS", originality.encode())
    body += element(0x3A, 0x5, "US", struct.pack("<H", len(leads)))
    body += element(0x3A, 0x10, "UL", struct.pack("<I", samples))
    body += element(0x3A, 0x1A, "DS", f"{rate_hz:g}".encode()) + element(0x3A, 0x20, "SH", label.encode())
    body += sequence(0x3A, 0x200, *(channels or [channel(lead) for lead in leads]))
    body += element(0x5400, 0x1004, "US", struct.pack("<H", 16))
    body += element(0x5400, 0x1006, "CS", interpretation.encode())
    if padding is not None:
        body += element(0x5400, 0x100A, "OW", struct.pack("<h", padding))
    return body + element(0x5400, 0x1010, "OW", frames.astype("<i2").tobytes())


def dicom_file(*groups: bytes) -> bytes:
    """A 12-lead ECG object of these groups."""
    meta = element(2, 1, "OB", b"\0\1") + element(2, 2, "UI", TWELVE_LEAD.encode())
    meta += element(2, 3, "UI", b"1.2.3") + element(2, 0x10, "UI", EXPLICIT_LITTLE.encode())
    meta = element(2, 0, "UL", struct.pack("<I", len(meta))) + meta
    body = element(8, 0x16, "UI", TWELVE_LEAD.encode()) + element(8, 0x18, "UI", b"1.2.3")
    body += element(8, 0x60, "CS", b"ECG") + sequence(0x5400, 0x100, *groups)
    return bytes(128) + b"DICM" + meta + body
