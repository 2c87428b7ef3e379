"""GE MUSE files, from texts that the tests lay out."""

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.ecg_counts import counts
from support.read_made import assert_reads, assert_refused, read_made
from support.xml_ecg import muse_file

LEADS = counts("I", "II", "V1", "V5")
ONE, TWO = LEADS["I"] * 4.88e-3, LEADS["II"] * 4.88e-3


@pytest.mark.parametrize("lead", LEADS)
def test_the_rhythm_in_millivolts(tmp_path: Path, lead: str) -> None:
    assert_reads(read_made(tmp_path, muse_file(LEADS), lead), LEADS[lead] * 4.88e-3, 500.0, lead)


@pytest.mark.parametrize(
    ("lead", "expected_mv"),
    [
        ("III", TWO - ONE),
        ("aVR", -(ONE + TWO) / 2),
        ("aVL", (2 * ONE - TWO) / 2),
        ("aVF", (2 * TWO - ONE) / 2),
    ],
)
def test_leads_that_follow_from_others_are_read_if_asked_for(
    tmp_path: Path, lead: str, expected_mv: NDArray[np.float64]
) -> None:
    assert_reads(read_made(tmp_path, muse_file(LEADS), lead), expected_mv, 500.0, lead)
    assert read_made(tmp_path, muse_file(LEADS)).channel == "I"


def test_a_lead_that_is_stored_is_not_derived(tmp_path: Path) -> None:
    leads = counts("I", "II", "III", "aVF")
    assert_reads(read_made(tmp_path, muse_file(leads), "III"), leads["III"] * 4.88e-3, 500.0, "III")


def test_rate_and_unit_are_as_stated(tmp_path: Path) -> None:
    made = muse_file(LEADS, base="25", exponent="1", scale="0.005", unit="MILLIVOLTS")
    assert_reads(read_made(tmp_path, made, "V5"), LEADS["V5"] * 0.005, 250.0, "V5")


def test_what_it_leaves_open_or_contradicts_is_refused(tmp_path: Path) -> None:
    made = muse_file(LEADS)
    assert_refused(
        tmp_path, muse_file(LEADS, unit="FURLONGS"), "unit of an ECG is V, mV, uV or nV; found 'FU"
    )
    assert_refused(tmp_path, muse_file(LEADS, scale=""), "numbers; found '' as the LeadAmplitudeUnitsPerBit")
    assert_refused(tmp_path, muse_file(LEADS, base=""), "are numbers; found '' as the SampleBase")
    assert_refused(tmp_path, muse_file(LEADS, exponent="300"), "a SampleExponent of 300")
    assert_refused(tmp_path, muse_file(LEADS, base="-500"), "sampling rate of an ECG is 50 to")
    assert_refused(
        tmp_path, muse_file(LEADS, kind="Median"), "Rhythm; found RestingECG with Median, Median in"
    )
    assert_refused(tmp_path, made.replace("Total>600<", "Total>601<"), "found 600 of 601 samples in lead I")
    assert_refused(tmp_path, made.replace("<LeadID>V1<", "<LeadID>I<"), "a second time in lead I")
    assert_refused(tmp_path, made.replace("Size>2<", "Size>4<"), "samples that do not take two bytes")
    assert_refused(tmp_path, made.replace("Baseline>0<", "Baseline>7<"), "a FirstSampleBaseline")
    assert_refused(tmp_path, re.sub("CRC32>[0-9]+", "CRC32>1", made), "do not fit their checksum")
    assert_refused(tmp_path, made[: len(made) // 2], "is whole, and declares no entities")
    assert_refused(tmp_path, made.replace("<WaveFormData>\n", "<WaveFormData>\n!!!"), "no base64")
