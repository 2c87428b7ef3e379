"""EDF files: signals at their own rates, in mV, by name or number."""

import numpy as np
import pytest
from pyedflib import FILETYPE_BDFPLUS, EdfReader, EdfWriter

from splkit.ecg.recordings.readers import read_recording
from splkit.errors import RecordingError


@pytest.fixture
def edf(tmp_path):
    return write(tmp_path / "night.edf")


def write(path, **options):
    writer = EdfWriter(str(path), 2, **options)
    for i, (label, rate, unit, top) in enumerate((("ECG II", 256, "uV", 3276.7), ("Resp", 32, "", 100))):
        header = {"label": label, "dimension": unit, "sample_frequency": rate, "physical_max": top}
        writer.setSignalHeader(i, header | {"physical_min": -top, "digital_max": 32767, "digital_min": -32768,
                                            "transducer": "", "prefilter": ""})  # fmt: skip
    seconds = np.arange(256 * 8) / 256
    writer.writeSamples([1000.0 * np.sin(2 * np.pi * seconds), np.cos(np.arange(32 * 8) / 10.0)])
    writer.close()
    return path


def test_a_lead_is_read_in_millivolts_at_its_rate(edf):
    recording = read_recording(edf)
    assert (recording.channel, recording.fs_hz, recording.signal_mv.size) == ("ECG II", 256.0, 2048)
    np.testing.assert_allclose(recording.signal_mv, np.sin(2 * np.pi * np.arange(2048) / 256), atol=2e-4)


@pytest.mark.parametrize("options", [{}, {"file_type": FILETYPE_BDFPLUS}])
def test_pyedflib_reads_the_same(tmp_path, options):
    path = write(tmp_path / "night.edf", **options)
    with EdfReader(str(path)) as reader:
        signal, fs_hz = reader.readSignal(0), reader.getSampleFrequency(0)
    assert read_recording(path).fs_hz == fs_hz
    np.testing.assert_allclose(read_recording(path).signal_mv, signal / 1000, atol=1e-9)


def test_leads_are_named_or_numbered(edf):
    assert read_recording(edf, channel="ecg ii").channel == read_recording(edf, channel=0).channel == "ECG II"
    with pytest.raises(RecordingError, match="unit"):
        read_recording(edf, channel="Resp")
    with pytest.raises(RecordingError, match="ECG II, Resp"):
        read_recording(edf, channel="V5")


def test_a_broken_or_missing_file_is_one_sentence(tmp_path, edf):
    broken = tmp_path / "broken.edf"
    broken.write_bytes(edf.read_bytes()[:300])
    for path in (broken, tmp_path / "missing.edf"):
        with pytest.raises(RecordingError, match=path.name):
            read_recording(path)


def test_a_scale_is_computed_from_the_header(edf):
    scaled = edf.with_name("scaled.edf")
    content = bytearray(edf.read_bytes())
    at = 256 + 3 * (16 + 80 + 8)  # of three signals: labels, transducers, units; the third holds annotations
    assert content[at : at + 7] == b"-3276.7" and content[at + 24 : at + 30] == b"3276.7"
    content[at : at + 8], content[at + 24 : at + 32] = b"-6553.4 ", b"6553.4  "
    scaled.write_bytes(content)
    np.testing.assert_allclose(
        read_recording(scaled).signal_mv, 2 * np.sin(2 * np.pi * np.arange(2048) / 256), atol=4e-4
    )


UNIT_AT, RECORDS_AT, DURATION_AT = 256 + 3 * (16 + 80), 236, 244
BAD = {
    "mV that are uV": (UNIT_AT, b"mV      ", "span 100 mV or less"),
    "V that are uV": (UNIT_AT, b"V       ", "span 100 mV or less"),
    "nV that are uV": (UNIT_AT, b"nV      ", "20 uV or more"),
    "no unit": (UNIT_AT, b"        ", "V, mV, uV or nV"),
    "records of 0 s": (DURATION_AT, b"0       ", "more than 0 s"),
    "records of less than 0 s": (DURATION_AT, b"-1      ", "more than 0 s"),
    "records of nan s": (DURATION_AT, b"nan     ", "'nan'"),
    "records of an hour": (DURATION_AT, b"3600    ", "50 to 10000 Hz"),
    "unfinished": (RECORDS_AT, b"-1      ", "number of records"),
    "1e9 records": (RECORDS_AT, b"99999999", "as its header says"),
    "fewer records than there are": (RECORDS_AT, b"7       ", "as its header says"),
    "gaps": (192, b"EDF+D", "one continuous recording"),
    "a physical range of a word": (UNIT_AT + 24, b"low     ", "'low'"),
    "a physical range of 0": (UNIT_AT + 24, b"3276.7  ", "a range for each signal"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_header_that_lies_is_refused(edf, case):
    at, value, expected = BAD[case]
    content = bytearray(edf.read_bytes())
    content[at : at + len(value)] = value
    edf.write_bytes(content)
    with pytest.raises(RecordingError) as caught:
        read_recording(edf, "ECG II")
    assert expected in str(caught.value), caught.value


@pytest.mark.parametrize("micro", ["\u00b5V".encode("latin-1"), "\u00b5V".encode()])
def test_a_micro_sign_is_read(edf, micro):
    content = bytearray(edf.read_bytes())
    content[UNIT_AT : UNIT_AT + 8] = micro.ljust(8)
    edf.write_bytes(content)
    assert np.ptp(read_recording(edf).signal_mv) == pytest.approx(2.0, abs=1e-3)


def test_an_edf_without_an_ecg_is_refused(edf):
    content = bytearray(edf.read_bytes())
    content[256:272] = b"EEG Fpz-Cz".ljust(16)
    edf.write_bytes(content)
    with pytest.raises(RecordingError, match="found EEG Fpz-Cz, Resp in"):
        read_recording(edf)
    assert read_recording(edf, "EEG Fpz-Cz").channel == "EEG Fpz-Cz"
