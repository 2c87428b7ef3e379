"""OpenSignals text files of BITalino and biosignalsplux: a header in JSON, then A/D counts."""

import io
import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents, Lead
from splkit.ecg.recordings.formats.support import refusal, whole_file
from splkit.errors import RecordingError

_MAGIC = b"# OpenSignals Text File Format"
_MAX_BYTES = 512 << 20  # longer ones must be cut: 12 hours at 1000 Hz take 0.9 GB of text
_MAX_BITS = 24  # most bits of any sensor; BITalino has 6 and 10
_SEQUENCE = 16  # BITalino counts its samples modulo 16
_PLUX = (
    "bioplux",
    "bioplux_exp",
    "biosignalsplux",
    "rachimeter",
    "channeller",
    "swifter",
    "ddme_openbanplux",
)
_BITALINO = ("bitalino", "bitalino_rev", "bitalino_riot")
_ECG_MV = {**dict.fromkeys(_PLUX, 3000 / 1019), **dict.fromkeys(_BITALINO, 3300 / 1100)}
"""Full scale of the ECG sensor in mV, by device: supply voltage over gain (biosignalsnotebooks of PLUX)."""


def is_opensignals(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins an OpenSignals file."""
    return start.removeprefix(b"\xef\xbb\xbf").startswith(_MAGIC)


def opensignals_contents(path: Path, source: str) -> Contents:
    """The columns of the sensors. An ECG is in mV; other sensors are in counts, which is no unit of voltage.

    An ECG in mV is (counts / 2^bits - 1/2) * supply / gain. If BITalino's sequence numbers skip, samples are
    missing.

    Raises:
        RecordingError: the header cannot be read, lists several devices, or does not fit the columns.
    """
    text = whole_file(path, source, _MAX_BYTES).decode("utf-8-sig")
    head, found, body = text.partition("# EndOfHeader")
    devices = json.loads(match[1]) if (match := re.search(r"^# (\{.*\})\s*$", head, re.MULTILINE)) else None
    if not found or not isinstance(devices, dict) or len(devices) != 1:
        raise refusal(
            "an OpenSignals file has a head of one device, in JSON, and # EndOfHeader",
            f"another head in {source}",
            "record one device a file",
        )
    device = next(iter(devices.values()))
    columns, bits, labels = device["column"], device["resolution"], device["label"]
    if device.get("convertedValues"):
        raise refusal(
            "splkit reads OpenSignals files of raw counts",
            f"converted values in {source}",
            "take the file without _converted in its name",
        )
    if not set(labels) <= set(columns) or len(columns) != len(bits) or len(labels) != len(device["sensor"]):
        raise _contradicts("columns, labels, sensors and resolutions do not fit", source)
    table = np.loadtxt(io.StringIO(body), np.float64, ndmin=2)
    if not all(bit in range(1, _MAX_BITS + 1) for bit in bits):
        raise _contradicts(f"resolutions of {bits} bits", source)
    if table.shape[1] != len(columns):
        raise _contradicts(f"{table.shape[1]} of {len(columns)} columns", source)
    table = _with_gaps(table, columns, str(device["device"]), source)
    leads = []
    for label, sensor in zip(labels, device["sensor"], strict=True):
        at = columns.index(label)
        scale_mv, unit = _scale(str(sensor), str(device["device"]))
        values = partial(_values, table[:, at], int(bits[at]), scale_mv)
        leads.append(Lead(str(sensor), unit, float(device["sampling rate"]), values, len(table)))
    return Contents(source, tuple(leads))


def _scale(sensor: str, device: str) -> tuple[float | None, str]:
    """Full scale in mV (None for other sensors) and unit of a sensor."""
    scale_mv = _ECG_MV.get(device) if sensor.startswith("ECG") else None
    return scale_mv, "counts" if scale_mv is None else "mV"


def _values(counts: NDArray[np.float64], bits: int, scale_mv: float | None) -> NDArray[np.float64]:
    return counts if scale_mv is None else (counts / 2**bits - 0.5) * scale_mv


def _with_gaps(
    table: NDArray[np.float64], columns: list[Any], device: str, source: str
) -> NDArray[np.float64]:
    """The rows of the table, with a row of NaN for each one that BITalino lost."""
    if device not in _BITALINO or "nSeq" not in columns:
        return table
    steps = np.diff(table[:, columns.index("nSeq")]) % _SEQUENCE
    rows = np.concatenate([[0], np.cumsum(np.where(steps == 0, _SEQUENCE, steps))])
    if not rows[-1] < 2 * len(table):  # written so that NaN is refused too
        raise _contradicts("sequence numbers that skip more samples than there are", source)
    rows = rows.astype(np.int64)
    spread = np.full((rows[-1] + 1, table.shape[1]), np.nan)
    spread[rows] = table
    return spread


def _contradicts(found: str, source: str) -> RecordingError:
    return refusal("an OpenSignals file has the columns that its head lists", f"{found} in {source}")
