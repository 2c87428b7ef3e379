"""Files of Vital Recorder, written from known numbers, apart from the reader."""

import gzip
import struct

import numpy as np

START_S = 1.5e9
FORMATS = {"float": (1, "<f4"), "short": (5, "<i2"), "word": (6, "<u2")}


def vital_file(
    leads: dict[str, np.ndarray],
    *,
    rate_hz: float = 500.0,
    form: str = "short",
    gain: float = 0.001,
    offset: float = 0.0,
    unit: str = "mV",
    starts_s: float = 0.0,
    with_start: bool = True,
    jitter_s: float = 0.0,
    lost: tuple[int, ...] = (),
    device: str = "SNUADC",
) -> bytes:
    """A file with a numeric track and waveforms, a record a second; `lost` records are left out.

    Args:
        leads: stored samples by track name.
        starts_s: of the waveforms, from the start of the file, where the numeric track has a value.
        jitter_s: by which every other record's time is late.
    """
    code, dtype = FORMATS[form]
    header = struct.pack("<hII", -540, 7, 1) + struct.pack("<ddB", START_S, START_S + 60, 0) * with_start
    packets = [_packet(9, struct.pack("<I", 3) + _text("ADC") + _text(device) + _text("COM1"))]
    packets.append(_info(1, 2, 1, "HR", "/min", 0.0, 1.0, 0.0))
    packets.append(_packet(1, struct.pack("<HdHf", 10, START_S, 1, 70.0)))
    for number, (name, values) in enumerate(leads.items(), start=2):
        packets.append(_info(number, 1, code, name, unit, rate_hz, gain, offset))
        step = round(rate_hz)
        for index, first in enumerate(range(0, len(values), step)):
            if index in lost:
                continue
            part = np.asarray(values[first : first + step]).astype(dtype)
            time_s = START_S + starts_s + first / rate_hz + (index % 2) * jitter_s
            record = struct.pack("<HdHI", 10, time_s, number, len(part)) + part.tobytes()
            packets.append(_packet(1, record))
    body = b"VITA" + struct.pack("<IH", 3, len(header)) + header + b"".join(packets)
    return gzip.compress(body)


def _info(
    number: int, kind: int, code: int, name: str, unit: str, rate_hz: float, gain: float, offset: float
) -> bytes:
    scale = struct.pack("<ffIfddBI", -1.0, 2.5, 0xFF00FF00, rate_hz, gain, offset, 1, 3)
    return _packet(0, struct.pack("<HBB", number, kind, code) + _text(name) + _text(unit) + scale)


def _packet(kind: int, data: bytes) -> bytes:
    return struct.pack("<BI", kind, len(data)) + data


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode()
