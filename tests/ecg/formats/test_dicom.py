"""DICOM waveforms, from files that the tests lay out byte by byte."""

import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from support.dicom_bytes import channel, dicom_file, element, group
from support.ecg_counts import counts
from support.read_made import assert_reads, assert_refused, read_made

from splkit.errors import ToolError

LEADS = counts("I", "II", "V5")


@pytest.mark.parametrize("lead", LEADS)
def test_counts_become_millivolts_by_their_sensitivity(tmp_path: Path, lead: str) -> None:
    recording = read_made(tmp_path, dicom_file(group(LEADS, rate_hz=1000)), lead)
    assert_reads(recording, LEADS[lead] * 1.25e-3, 1000.0, f"Lead {lead}")


def test_correction_and_baseline_are_in_the_unit_of_the_sensitivity(tmp_path: Path) -> None:
    leads = counts("II")
    made = dicom_file(group(leads, channels=[channel("II", 0.0025, "mV", correction=2.0, baseline=-0.75)]))
    assert_reads(read_made(tmp_path, made), leads["II"] * 0.005 - 0.75, 500.0, "Lead II")


def test_the_rhythm_is_read_and_not_the_median_beat(tmp_path: Path) -> None:
    beat = group(counts("I", "II", samples=300, seed=2), label="MEDIAN BEAT", originality="DERIVED")
    unlabelled = group(counts("I", "II", samples=900, seed=3), originality="DERIVED")
    recording = read_made(tmp_path, dicom_file(beat, group(LEADS), unlabelled), "II")
    assert_reads(recording, LEADS["II"] * 1.25e-3, 500.0, "Lead II")


def test_of_a_lead_that_stands_twice_the_longer_is_read(tmp_path: Path) -> None:
    strip = counts("II", samples=2000, seed=4)
    recording = read_made(tmp_path, dicom_file(group(LEADS), group(strip)), "II")
    assert_reads(recording, strip["II"] * 1.25e-3, 500.0, "Lead II")


def test_padding_is_a_gap(tmp_path: Path) -> None:
    leads = counts("II")
    leads["II"][100:150] = -32768
    recording = read_made(tmp_path, dicom_file(group(leads, padding=-32768)))
    assert recording.gaps == ((100, 149),)
    kept = np.r_[0:100, 150:600]
    np.testing.assert_allclose(recording.signal_mv[kept], leads["II"][kept] * 1.25e-3, rtol=0, atol=1e-9)


def test_what_is_uncalibrated_or_contradicts_itself_is_refused(tmp_path: Path) -> None:
    uncalibrated = group(counts("II"), channels=[channel("II", None)])
    pressure = group(counts("II"), channels=[channel("II", unit="mm[Hg]")])
    assert_refused(tmp_path, dicom_file(uncalibrated), "sensitivity and unit; found none for Lead II")
    assert_refused(tmp_path, dicom_file(pressure), r"unit of an ECG is V, mV, uV or nV; found 'mm\[Hg\]'")
    assert_refused(tmp_path, dicom_file(group(LEADS, claimed_samples=601)), "3600 of 3606 bytes")
    assert_refused(tmp_path, dicom_file(group(LEADS, claimed_samples=10**9)), "of 6000000000 bytes")
    assert_refused(tmp_path, dicom_file(group(LEADS, interpretation="MB")), "linear samples.*MB of 16 bits")
    assert_refused(tmp_path, dicom_file(group(LEADS, originality="DERIVED")), "none of them original")
    assert_refused(tmp_path, dicom_file(), "0 waveforms")
    assert_refused(tmp_path, dicom_file(group(LEADS, rate_hz=0)), "sampling rate of an ECG is 50 to")


def test_without_pydicom_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydicom", None)
    with pytest.raises(ToolError, match=r"no package pydicom; .*pip.* install .*\[ecg\]"):
        read_made(tmp_path, dicom_file(group(LEADS)))


@pytest.mark.parametrize("kept", [132, 200, 400, 900, 3000])
def test_a_file_cut_short_is_refused(tmp_path: Path, kept: int) -> None:
    assert_refused(tmp_path, dicom_file(group(LEADS))[:kept], "made")


def test_a_number_where_bytes_belong_is_refused(tmp_path: Path) -> None:
    made = dicom_file(group(LEADS, padding=-32768))
    padding = element(0x5400, 0x100A, "OW", struct.pack("<h", -32768))
    number = element(0x5400, 0x100A, "UL", struct.pack("<I", 2**31))
    shorter = padding[:4] + number[4:6] + struct.pack("<H", 6) + number[8:] + b"\0\0"
    assert len(padding) == len(shorter)
    assert_refused(tmp_path, made.replace(padding, shorter), "made")
