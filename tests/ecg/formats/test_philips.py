"""Philips XML files, from leads that the tests compress themselves."""

from pathlib import Path

import numpy as np
import pytest
from support.ecg_counts import counts
from support.philips_xml import LEADS, philips_file, xli_lead
from support.read_made import assert_reads, assert_refused, read_made

from splkit.ecg.recordings.formats.philips_xli import XliError, decode_xli

TWELVE = counts(*LEADS, samples=900)


@pytest.mark.parametrize("lead", LEADS)
def test_every_lead_in_millivolts(tmp_path: Path, lead: str) -> None:
    assert_reads(read_made(tmp_path, philips_file(TWELVE), lead), TWELVE[lead] * 5e-3, 500.0, lead)


def test_resolution_and_rate_are_as_stated(tmp_path: Path) -> None:
    made = philips_file(TWELVE, version="1.04.02", rate_hz=1000, resolution="2.5")
    assert_reads(read_made(tmp_path, made, "V5"), TWELVE["V5"] * 2.5e-3, 1000.0, "V5")


def test_a_table_that_fills_up_stays() -> None:
    lead = np.random.default_rng(5).integers(-4000, 4000, 5000)
    assert len(xli_lead(lead)) > 1022 * 10 // 8  # more codes than the table has strings
    np.testing.assert_array_equal(decode_xli(xli_lead(lead) * 2)[1], lead)


def test_what_is_not_read_is_refused_by_name(tmp_path: Path) -> None:
    assert_refused(
        tmp_path, philips_file(TWELVE, version="1.05"), "1.03 to 1.04.02; found restingecgdata '1.05'"
    )
    assert_refused(tmp_path, philips_file(TWELVE, compression="Huffman"), "found compression Huffman")
    assert_refused(tmp_path, philips_file(TWELVE, resolution=None), "found '' as the resolution")
    assert_refused(tmp_path, philips_file(TWELVE, duration_ms=10_000), "900 samples for 10000 ms at 500 Hz")
    assert_refused(tmp_path, philips_file(TWELVE, rate_hz=50_000), "sampling rate of an ECG is 50 to")
    text = philips_file(TWELVE).decode("utf-16")
    other_leads = text.replace("I II III", "V9 II III").encode("utf-16")
    assert_refused(tmp_path, other_leads, "twelve leads, limb leads first")
    offset = text.replace(">0</signaloffset", ">7</signaloffset").encode("utf-16")
    assert_refused(tmp_path, offset, "a signaloffset")


@pytest.mark.parametrize("code", [b"\1\0\0", xli_lead(TWELVE["I"])[:-3], b"\2\0\0\0\0\0\0\0\xff\xbf"])
def test_damage_is_refused(code: bytes) -> None:
    with pytest.raises(XliError):
        decode_xli(code)
