"""Files of Vital Recorder, laid out here from the format's documentation, with known samples."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from support.ecg_counts import counts
from support.read_made import read_made
from support.vital_bytes import FORMATS, vital_file

from splkit.errors import RecordingError

COUNTS = counts("II", "V5", samples=2600)
LEADS = {f"ECG_{lead}": values for lead, values in COUNTS.items()}


@pytest.mark.parametrize("form", FORMATS)
def test_every_sample_comes_back_in_mv(tmp_path: Path, form: str) -> None:
    shift = 30_000 if form == "word" else 0
    content = vital_file(
        {name: values + shift for name, values in LEADS.items()}, form=form, offset=-0.001 * shift
    )
    for channel, lead in (("V5", "V5"), ("ECG_II", "II")):
        found = read_made(tmp_path, content, channel, name="0001.vital")
        assert (found.fs_hz, found.channel) == (500.0, f"ECG_{lead}")
        np.testing.assert_allclose(found.signal_mv, COUNTS[lead] * 0.001, atol=1e-9)
    assert found.gaps == ()


def test_time_runs_from_the_start_of_the_file(tmp_path: Path) -> None:
    for with_start in (True, False):
        content = vital_file(LEADS, starts_s=3.0, with_start=with_start)
        found = read_made(tmp_path, content, "II", name="0001.vital")
        assert found.gaps == ((0, 1499),)
        np.testing.assert_allclose(found.signal_mv[1500:], COUNTS["II"] * 0.001, atol=1e-9)


def test_a_clock_that_is_a_little_late_makes_no_gap_and_a_lost_record_does(tmp_path: Path) -> None:
    found = read_made(tmp_path, vital_file(LEADS, jitter_s=0.03), "II", name="a.vital")
    assert found.gaps == ()
    np.testing.assert_allclose(found.signal_mv, COUNTS["II"] * 0.001, atol=1e-9)
    lost = read_made(tmp_path, vital_file(LEADS, lost=(2,)), "II", name="b.vital")
    assert lost.gaps == ((1000, 1499),)
    np.testing.assert_allclose(lost.signal_mv[1500:], COUNTS["II"][1500:] * 0.001, atol=1e-9)


def test_the_smallest_short_is_a_missing_sample(tmp_path: Path) -> None:
    values = COUNTS["II"].copy()
    values[700:710] = -32768
    assert read_made(tmp_path, vital_file({"ECG_II": values}), name="a.vital").gaps == ((700, 709),)


def test_a_file_without_a_waveform_and_a_unit_of_pressure_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="holds a waveform; found none"):
        read_made(tmp_path, vital_file({}), name="a.vital")
    with pytest.raises(RecordingError, match="mmHg"):
        read_made(tmp_path, vital_file(LEADS, unit="mmHg"), "II", name="b.vital")


def test_what_is_cut_short_is_refused(tmp_path: Path) -> None:
    whole = gzip.decompress(vital_file(LEADS))
    for size in (*range(4, 60, 3), 200, 1000, len(whole) - 1):
        with pytest.raises(RecordingError, match=r"\.vital file"):
            read_made(tmp_path, whole[:size], "II", name="a.vital")
    read_made(tmp_path, whole, "II", name="a.vital")
