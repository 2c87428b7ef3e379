"""Philips Sierra XML files with XLI compression, written from known numbers, apart from the reader."""

import base64
import struct

import numpy as np
from support.ecg_counts import Counts

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
MAX_CODE = 1022


def philips_file(
    leads: Counts,
    *,
    version: str = "1.04",
    rate_hz: int = 500,
    resolution: str | None = "5",
    compression: str = "XLI",
    duration_ms: float | None = None,
) -> bytes:
    """A file in UTF-16, as Philips writes it from version 1.04 on, of all twelve leads."""
    samples = len(leads["I"])
    shown_ms = samples / rate_hz * 1e3 if duration_ms is None else duration_ms
    step = "" if resolution is None else f"<resolution>{resolution}</resolution>"
    code = b"".join(xli_lead(numbers) for numbers in _corrections(leads).values())
    text = f"""<?xml version="1.0" encoding="utf-16"?>
<restingecgdata xmlns="http://www3.medical.philips.com"><documentinfo><documenttype>PhilipsECG</documenttype>
<documentversion>{version}</documentversion></documentinfo><dataacquisition><signalcharacteristics>
<samplingrate>{rate_hz}</samplingrate>{step}<acquisitiontype>10-WIRE</acquisitiontype>
<signaloffset>0</signaloffset></signalcharacteristics></dataacquisition><waveforms>
<parsedwaveforms dataencoding="Base64" compression="{compression}" numberofleads="12"
 leadlabels="{" ".join(LEADS)}" durationperchannel="{shown_ms:g}">{base64.b64encode(code).decode()}
</parsedwaveforms></waveforms></restingecgdata>"""
    return text.encode("utf-16")


def _corrections(leads: Counts) -> Counts:
    """What the file holds of the limb leads: how far they are from what I and II give, rounded down."""
    one, two, three = leads["I"], leads["II"], leads["III"]
    return leads | {
        "III": two - one - three,
        "aVR": -leads["aVR"] - np.floor((one + two) / 2).astype(np.int64),
        "aVL": np.floor((one - three) / 2).astype(np.int64) - leads["aVL"],
        "aVF": np.floor((two + three) / 2).astype(np.int64) - leads["aVF"],
    }


def xli_lead(numbers: np.ndarray) -> bytes:
    """A lead as XLI: word k + 1 carries the bend between the samples k - 1, k and k + 1."""
    plain = [int(number) for number in numbers]
    bends = [2 * plain[k - 1] - plain[k - 2] - plain[k] for k in range(2, len(plain))]
    first, rest = bends[0], [*bends[1:], 0]
    words = plain[:2] + [bend + 64 for bend in rest]
    high = bytes(word >> 8 & 0xFF for word in words)
    code = lzw(high + bytes(word & 0xFF for word in words))
    return struct.pack("<IHh", len(code), 0, first) + code


def lzw(plain: bytes) -> bytes:
    """LZW in codes of ten bits; the table grows to MAX_CODE and then stays."""
    table = {bytes([byte]): byte for byte in range(256)}
    bits, string = "", b""
    for byte in plain:
        longer = string + bytes([byte])
        if longer in table:
            string = longer
            continue
        bits += f"{table[string]:010b}"
        if len(table) <= MAX_CODE:
            table[longer] = len(table)
        string = bytes([byte])
    bits += f"{table[string]:010b}"
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
