"""HL7 aECG files, from texts that the tests lay out."""

from pathlib import Path

import pytest
from support.ecg_counts import counts
from support.read_made import assert_reads, assert_refused, read_made
from support.xml_ecg import aecg_file

LEADS = counts("I", "II", "aVR")


@pytest.mark.parametrize(("asked", "lead"), [("I", "I"), ("II", "II"), ("aVR", "aVR"), (None, "I")])
def test_digits_become_millivolts_by_their_scale(tmp_path: Path, asked: str | None, lead: str) -> None:
    recording = read_made(tmp_path, aecg_file(LEADS), asked)
    assert_reads(recording, LEADS[lead] * 2.5e-3, 500.0, lead.upper())


def test_origin_increment_and_units_count(tmp_path: Path) -> None:
    made = aecg_file(LEADS, increment="4", time_unit="ms", scale=0.001, origin=-0.5, unit="mV")
    assert_reads(read_made(tmp_path, made, "II"), LEADS["II"] * 0.001 - 0.5, 250.0, "II")


def test_what_it_leaves_open_is_refused(tmp_path: Path) -> None:
    assert_refused(tmp_path, aecg_file(LEADS, unit=None), "scale and an origin with units; found no scale")
    assert_refused(tmp_path, aecg_file(LEADS, unit="mmol"), "unit of an ECG is V, mV, uV or nV; found 'mmol'")
    assert_refused(tmp_path, aecg_file(LEADS, origin=1, origin_unit="mV"), "the same unit; found uV and mV")
    assert_refused(
        tmp_path, aecg_file(LEADS, time_unit="min"), "rise by so many s, ms or us; found 0.002 'min'"
    )
    assert_refused(tmp_path, aecg_file(LEADS, increment="0"), "rise by so many s, ms or us; found 0 's'")
    assert_refused(tmp_path, aecg_file(LEADS, increment="nan"), "are numbers; found 'nan' as an increment")
    assert_refused(tmp_path, aecg_file(LEADS).replace("TIME_ABSOLUTE", "X"), "of times; found none")
    assert_refused(tmp_path, aecg_file(LEADS, code="REPRESENTATIVE_BEAT"), "found REPRESENTATIVE_BEAT in")
    assert_refused(tmp_path, aecg_file(LEADS).replace("LEAD_AVR", "LEAD_II"), "once; found 2 times II")
    assert_refused(tmp_path, aecg_file(LEADS).replace("<digits>", "<digits>x "), "samples are numbers")


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    assert_refused(tmp_path, aecg_file(LEADS)[:4000], "declares no entities; found no element")


BOMB = '<!DOCTYPE AnnotatedECG [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "doctype", [BOMB, '<!DOCTYPE AnnotatedECG [<!ENTITY a SYSTEM "file:///etc/passwd">]>']
)
def test_entities_are_refused(tmp_path: Path, doctype: str) -> None:
    made = aecg_file(LEADS).replace("<AnnotatedECG", doctype + "<AnnotatedECG", 1)
    assert_refused(tmp_path, made, "declares no entities; found a document type that declares")


def test_a_deep_file_is_refused(tmp_path: Path) -> None:
    made = aecg_file(LEADS).replace("</AnnotatedECG>", "<a>" * 100 + "</a>" * 100 + "</AnnotatedECG>")
    assert_refused(tmp_path, made, "65 deep")
