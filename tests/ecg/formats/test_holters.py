"""ISHNE Holter files and AliveCor .atc files, from bytes that the tests lay out."""

import struct
from pathlib import Path

import numpy as np
import pytest
from support.ecg_counts import counts
from support.holter_bytes import atc_blocks, atc_file, ishne_file
from support.read_made import assert_reads, assert_refused, read_made

LEADS = counts("V1", "II", "V5")
LIMBS = counts("I", "II", "III")


@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize("count_all", [False, True])
def test_ishne_in_millivolts(tmp_path: Path, lead: str, count_all: bool) -> None:
    made = ishne_file(LEADS, rate_hz=180, nv_per_count=1500, count_all=count_all)
    assert_reads(read_made(tmp_path, made, lead), LEADS[lead] * 1.5e-3, 180.0, lead)


def test_ishne_without_a_checksum_is_read(tmp_path: Path) -> None:
    made = ishne_file(LEADS, with_checksum=False)
    assert_reads(read_made(tmp_path, made), LEADS["V1"] * 2.5e-3, 200.0, "V1")


def test_ishne_electrodes_that_are_off_leave_a_gap(tmp_path: Path) -> None:
    leads = counts("II", "V5")
    leads["V5"][20:60] = -32768
    recording = read_made(tmp_path, ishne_file(leads), "V5")
    assert recording.gaps == ((20, 59),)
    kept = np.r_[0:20, 60:600]
    np.testing.assert_allclose(recording.signal_mv[kept], leads["V5"][kept] * 2.5e-3, rtol=0, atol=1e-9)
    assert read_made(tmp_path, ishne_file(leads), "II").gaps == ()


def test_ishne_damage_is_refused(tmp_path: Path) -> None:
    made = ishne_file(LEADS)
    assert_refused(tmp_path, made[:-7], "bytes of samples for 600 samples of 3 leads")
    assert_refused(tmp_path, made + bytes(6), "bytes of samples for 600 samples of 3 leads")
    assert_refused(tmp_path, made[:200], "begins with a header of 522 bytes")
    assert_refused(tmp_path, made[:272] + b"\1\1" + made[274:], "does not fit its checksum")
    plain = ishne_file(LEADS, with_checksum=False)
    assert_refused(tmp_path, plain[:156] + struct.pack("<h", 99) + plain[158:], "99 leads")
    assert_refused(tmp_path, plain[:22] + struct.pack("<i", -5) + plain[26:], "samples from byte -5")
    assert_refused(tmp_path, ishne_file(LEADS, nv_per_count=-1), "a resolution of -1 nV")
    assert_refused(tmp_path, ishne_file(LEADS, rate_hz=-200), "sampling rate of an ECG is 50 to")


@pytest.mark.parametrize("lead", LIMBS)
def test_atc_in_millivolts(tmp_path: Path, lead: str) -> None:
    made = atc_file(LIMBS, rate_hz=300, nv_per_count=500)
    assert_reads(read_made(tmp_path, made, lead), LIMBS[lead] * 0.5e-3, 300.0, lead)


def test_atc_damage_is_refused(tmp_path: Path) -> None:
    made = atc_file(LIMBS)
    assert_refused(tmp_path, made[:-1], "and a block that ends at")
    assert_refused(tmp_path, made[:-9] + b"\x55" + made[-8:], "does not fit its checksum")
    assert_refused(tmp_path, atc_file(LIMBS, nv_per_count=0), "a resolution of 0 nV")
    assert_refused(tmp_path, atc_file(LIMBS, sample_format=7), "sample format 7")
    assert_refused(tmp_path, atc_file(LIMBS, rate_hz=0), "sampling rate of an ECG is 50 to")
    assert_refused(tmp_path, atc_blocks([(b"ecg ", bytes(40))]), "no block fmt")
    head = struct.pack("<BHHBH", 1, 300, 500, 2, 0)
    assert_refused(tmp_path, atc_blocks([(b"fmt ", head), (b"avg ", bytes(40))]), "no block ecg")
    assert_refused(tmp_path, atc_blocks([(b"fmt ", head), (b"ecg ", bytes(41))]), "41 bytes of two-byte")
    twice = atc_blocks([(b"fmt ", head), (b"ecg ", bytes(40)), (b"ecg ", bytes(40))])
    assert_refused(tmp_path, twice, "two blocks ecg")
