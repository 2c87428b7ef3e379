"""WFDB headers that mean something else than the package wfdb reads in them, and those that lie."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
import wfdb

from splkit.ecg.recordings.readers import contents_of, read_recording
from splkit.errors import RecordingError

COUNTS = np.round(1000 * np.sin(2 * np.pi * np.arange(1000) / 200)).astype("<i2")
RECORD, SIGNAL = "rec 1 250 1000", "rec.dat 16 1000(0)/mV 16 0 0 0 0 II"


def write(folder: Path, record: str = RECORD, signal: str = SIGNAL, encoding: str = "utf-8") -> Path:
    (folder / "rec.dat").write_bytes(COUNTS.tobytes())
    (folder / "rec.hea").write_bytes(f"{record}\n{signal}\n# a comment\n".encode(encoding))
    return folder / "rec"


@pytest.mark.parametrize(
    ("micro", "encoding"),
    [("\u00b5V", "utf-8"), ("\u00b5V", "latin-1"), ("\u03bcV", "utf-8"), ("uV", "utf-8")],
)
def test_microvolts_are_microvolts(tmp_path: Path, micro: str, encoding: str) -> None:
    path = write(tmp_path, signal=SIGNAL.replace("1000(0)/mV", f"1(0)/{micro}"), encoding=encoding)
    np.testing.assert_allclose(read_recording(path).signal_mv, COUNTS / 1000, rtol=1e-12)


def test_a_baseline_and_a_gain_are_the_headers(tmp_path: Path) -> None:
    path = write(tmp_path, signal=SIGNAL.replace("1000(0)", "500.5(-20)"))
    np.testing.assert_allclose(read_recording(path).signal_mv, (COUNTS + 20.0) / 500.5, rtol=1e-12)


def test_a_header_without_a_rate_asks_for_one(tmp_path: Path) -> None:
    path = write(tmp_path, "rec 1")
    with pytest.raises(RecordingError, match="or the rate is given"):
        read_recording(path)
    assert read_recording(path, fs_hz=360).fs_hz == 360


BAD = {
    "a rate below 0": ("rec 1 -360 1000", SIGNAL, "found -360 Hz"),
    "a rate of 0": ("rec 1 0 1000", SIGNAL, "found 0 Hz"),
    "a rate that is a word": ("rec 1 fast 1000", SIGNAL, "header(5)"),
    "an infinite rate": ("rec 1 inf 1000", SIGNAL, "header(5)"),
    "a gain of 0": (RECORD, SIGNAL.replace("1000(0)", "0(0)"), "not calibrated"),
    "no gain": (RECORD, "rec.dat 16", "not calibrated"),
    "a unit of pressure": (RECORD, SIGNAL.replace("mV", "mmHg"), "'mmHg'"),
    "a gain that is a word": (RECORD, SIGNAL.replace("1000(0)", "high"), "header(5)"),
    "a unit with a rest": (RECORD, SIGNAL.replace("/mV", "/mV)x("), "'mV)x('"),
    "1e12 samples": ("rec 1 250 1000000000000", SIGNAL, "1,000,000,000,000 claimed"),
    "more samples than there are": ("rec 1 250 1001", SIGNAL, "2,000 B, and 2,002 B"),
    "two signals, one line": ("rec 2 250 1000", SIGNAL, "1 of 2"),
    "another folder": (RECORD, SIGNAL.replace("rec.dat", "../rec.dat"), "beside it"),
    "a device": (RECORD, SIGNAL.replace("rec.dat", "/dev/zero"), "beside it"),
    "a pipe": (RECORD, SIGNAL.replace("rec.dat", "pipe.dat"), "a named pipe"),
    "a shift over its end": (RECORD, SIGNAL.replace(" 16 1000", " 16:9999 1000"), "less than its length"),
    "segments that are not there": ("rec/1 1 250 1000", "a 1000", "No such file"),
    "segments of another length": ("rec/1 1 250 1000", "a 900", "900 of 1000"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_header_that_lies_is_refused(tmp_path: Path, case: str) -> None:
    record, signal, expected = BAD[case]
    os.mkfifo(tmp_path / "pipe.dat")
    with pytest.raises(RecordingError) as caught:
        read_recording(write(tmp_path, record, signal))
    assert expected in str(caught.value), caught.value


def test_a_signal_file_with_more_than_the_header_says(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "rec.dat").write_bytes(COUNTS.tobytes() * 10)
    with pytest.raises(RecordingError, match="as long as its header says"):
        read_recording(path)


def test_a_segment_in_another_unit_is_refused(tmp_path: Path) -> None:
    signal = np.column_stack([COUNTS / 1000.0])
    for name, unit, scale in (("a", "mV", 1), ("b", "uV", 1000)):
        wfdb.wrsamp(name, 250, [unit], ["II"], scale * signal, fmt=["16"], write_dir=str(tmp_path))
    (tmp_path / "all.hea").write_text("all/2 1 250 2000\na 1000\nb 1000\n")
    with pytest.raises(RecordingError, match="one unit and one rate in all segments"):
        read_recording(tmp_path / "all")
    with contents_of(tmp_path / "a") as contents:
        assert [(lead.name, lead.unit, lead.samples) for lead in contents.leads] == [("II", "mV", 1000)]


def test_what_wfdb_reads_otherwise_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "rec 1 2.5e2 1000")
    with pytest.raises(RecordingError, match=r"wfdb reads a header as it stands"):
        read_recording(path)


@pytest.mark.parametrize("name", ["rec", "rec.hea.gz", "rec.dat.gz"])
def test_a_record_in_gz_files_is_read(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    for each in ("rec.hea", "rec.dat"):
        (tmp_path / f"{each}.gz").write_bytes(gzip.compress((tmp_path / each).read_bytes()))
        (tmp_path / each).unlink()
    np.testing.assert_allclose(read_recording(tmp_path / name).signal_mv, COUNTS / 1000, rtol=1e-12)
