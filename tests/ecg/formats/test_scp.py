"""SCP-ECG files, from bytes that the tests lay out as EN 1064 says."""

import struct
from pathlib import Path

import numpy as np
import pytest
from support.ecg_counts import counts
from support.read_made import assert_reads, assert_refused, read_made
from support.scp_bytes import scp_file, sealed

from splkit.ecg.recordings.formats.scp_huffman import decode

LEADS = counts("I", "II", "aVR", "V5")


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("huffman", [False, True])
@pytest.mark.parametrize("lead", ["I", "aVR"])
def test_every_encoding_gives_the_samples_back(tmp_path: Path, order: int, huffman: bool, lead: str) -> None:
    made = scp_file(LEADS, order=order, huffman=huffman, nv_per_count=1250, interval_us=4000)
    assert_reads(read_made(tmp_path, made, lead), LEADS[lead] * 1.25e-3, 250.0, lead)


def test_huffman_codes_as_the_standard_writes_them() -> None:
    # EN 1064, table 1: 0 is 0, 3 is 11100, -1 is 101, 8 and 16 bits follow 1111111110 and 1111111111.
    bits = (
        "0"
        + "11100"
        + "101"
        + "1111111110"
        + "10000000"
        + "1111111111"
        + "0111111111111111"
        + "11111111"
        + "01"
    )
    code = bytes(int(bits.ljust(64, "0")[at : at + 8], 2) for at in range(0, 64, 8))
    assert decode(code, 6).tolist() == [0, 3, -1, -128, 32767, -8]


def test_who_counts_samples_from_0_is_understood(tmp_path: Path) -> None:
    raw = scp_file(LEADS, huffman=False, order=0, first_sample=0)
    assert_reads(read_made(tmp_path, raw, "II"), LEADS["II"] * 2.5e-3, 500.0, "II")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"bimodal": 1}, "bimodal sampling"),
        ({"flags": 0b101}, "a reference beat is taken away"),
        ({"table": 1}, "a Huffman table of its own"),
        ({"order": 3, "huffman": False}, "encoding 3 in section 6"),
        ({"interval_us": 0}, "a sampling interval of 0 us"),
        ({"nv_per_count": 0}, "a flat line"),
        ({"interval_us": 50_000}, "sampling rate of an ECG is 50 to"),
    ],
)
def test_what_is_not_read_is_refused_by_name(tmp_path: Path, options: dict[str, int], said: str) -> None:
    assert_refused(tmp_path, scp_file(LEADS, **options), said)


def test_damage_is_refused(tmp_path: Path) -> None:
    made = scp_file(LEADS)
    assert_refused(tmp_path, made[:-10], f"{len(made) - 10} of {len(made)} bytes")
    flipped = made[:-10] + bytes([made[-10] ^ 1]) + made[-9:]
    assert_refused(tmp_path, flipped, "do not fit their checksum")
    assert_refused(tmp_path, sealed({1: b"\xff"}), "no section 3")
    assert_refused(tmp_path, sealed({3: b"\1\4" + struct.pack("<IIB", 1, 99, 1)}), "no section 6")
    assert_refused(tmp_path, sealed({3: b"\5\4", 6: bytes(20)}), "no whole list of leads")
    short = {3: b"\1\4" + struct.pack("<IIB", 1, 99, 1), 2: struct.pack("<H", 19999)}
    rhythm = struct.pack("<HHBBH", 2500, 2000, 0, 0, 4) + b"\0\0\0\0"
    assert_refused(tmp_path, sealed(short | {6: rhythm}), "fewer than 99 samples")


def test_a_lead_without_a_name_keeps_its_code(tmp_path: Path) -> None:
    body = np.arange(0, 400, dtype="<i2").tobytes()
    leads = b"\1\4" + struct.pack("<IIB", 1, 400, 200)
    made = sealed({3: leads, 6: struct.pack("<HHBBH", 2500, 2000, 0, 0, len(body)) + body})
    assert read_made(tmp_path, made).channel == "lead code 200"
