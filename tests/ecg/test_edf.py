"""EDF files: signals at their own rates, in mV, by name or number."""

import numpy as np
import pytest
from pyedflib import EdfWriter

from splkit.ecg.recordings.readers import read_recording
from splkit.errors import RecordingError


@pytest.fixture
def edf(tmp_path):
    path = tmp_path / "night.edf"
    writer = EdfWriter(str(path), 2)
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
