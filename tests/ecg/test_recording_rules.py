"""The rules that hold for every format: unit, rate, length, amplitude."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from splkit.ecg.recordings import contents, files
from splkit.ecg.recordings.contents import Contents, Lead, take
from splkit.ecg.recordings.readers import read_recording
from splkit.errors import RecordingError

FS_HZ = 250.0
SINE_MV = np.sin(2 * np.pi * 1.3 * np.arange(2500) / FS_HZ)


def one(
    values: NDArray[np.float64] = SINE_MV,
    unit: str | None = "mV",
    fs_hz: float | None = FS_HZ,
    samples: int | None = None,
) -> Contents:
    return Contents("a file", (Lead("II", unit, fs_hz, lambda: values, samples),))


def refused(held: Contents, fs_hz: float | None = None) -> str:
    with pytest.raises(RecordingError) as caught:
        take(held, None, fs_hz)
    return str(caught.value)


@pytest.mark.parametrize(("unit", "per_mv"), [("V", 1e-3), ("mV", 1), ("uV", 1e3), ("nV", 1e6), (None, 1)])
def test_every_unit_becomes_mv(unit: str | None, per_mv: float) -> None:
    np.testing.assert_allclose(take(one(SINE_MV * per_mv, unit)).signal_mv, SINE_MV, rtol=1e-12)


@pytest.mark.parametrize(
    ("per_mv", "unit"),
    [(1e3, "mV"), (1e3, None), (1, "V"), (1e3, "V"), (1, "uV"), (1e-3, "mV"), (1e-3, None)],
)
def test_a_wrong_unit_is_refused_by_the_amplitude(per_mv: float, unit: str | None) -> None:
    said = refused(one(SINE_MV * per_mv, unit))
    assert "spans" in said or "span 100 mV" in said


def test_a_wrong_unit_is_seen_in_a_small_ecg() -> None:
    assert "in most stretches" in refused(one(0.03 * SINE_MV * 1e3))  # 60 uV from peak to peak, called mV


def test_an_artefact_or_a_lead_off_for_a_while_is_no_wrong_unit() -> None:
    signal = SINE_MV.copy()
    signal[:40] += 60.0
    signal[500:1200] = 0.0
    assert take(one(signal)).signal_mv.size == signal.size


def test_counts_without_a_unit_are_refused() -> None:
    assert "whole numbers from -30 to 30" in refused(one(np.round(30 * SINE_MV), None))


def test_the_rate_is_stated_or_given_and_both_agree() -> None:
    assert take(one(fs_hz=None), None, 250.0).fs_hz == 250.0
    assert "or the rate is given" in refused(one(fs_hz=None))
    assert "300 Hz given and 250 Hz in a file" in refused(one(), 300.0)
    assert take(one(), None, 251.0).fs_hz == FS_HZ
    for fs_hz in (0.0, -360.0, float("nan"), float("inf"), 1e6):
        assert "50 to 10000 Hz" in refused(one(fs_hz=fs_hz))


def test_the_length_is_what_the_file_says() -> None:
    assert "found 2500 of 2501" in refused(one(samples=2501))

    def never() -> NDArray[np.float64]:
        raise AssertionError

    claim = Contents("a file", (Lead("II", "mV", FS_HZ, never, 10**12),))
    assert "1,000,000,000,000 claimed" in refused(claim)


def test_nan_is_a_gap_and_infinity_is_refused() -> None:
    signal = SINE_MV.copy()
    signal[100:200] = np.nan
    assert take(one(signal)).gaps == ((100, 199),)
    signal[150] = np.inf
    assert "finite samples" in refused(one(signal))
    assert "all of II missing" in refused(one(np.full(2500, np.nan)))


def test_what_is_no_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path, kind in ((pipe, "a named pipe"), (Path("/dev/zero"), "a device"), (tmp_path, "a folder")):
        with pytest.raises(RecordingError, match=kind):
            read_recording(path, fs_hz=300)


def test_a_gz_of_any_format_is_opened_within_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "II (mV)\n" + "\n".join(f"{value:.6f}" for value in SINE_MV)
    path = tmp_path / "ecg.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    recording = read_recording(path, fs_hz=FS_HZ)
    assert recording.source == str(path)
    np.testing.assert_allclose(recording.signal_mv, SINE_MV, atol=1e-6)
    path.write_bytes(gzip.compress(text.encode())[:-20])
    with pytest.raises(RecordingError, match="unpacked whole"):
        read_recording(path, fs_hz=FS_HZ)
    path.write_bytes(gzip.compress(text.encode()))
    monkeypatch.setattr(files, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(RecordingError, match="holds at most"):
        read_recording(path, fs_hz=FS_HZ)


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(files.MAX_FILE_BYTES + 1)
    with pytest.raises(RecordingError, match="at most 4 GiB"):
        read_recording(path, fs_hz=300)


def test_a_day_at_1000_hz_is_within_the_limit() -> None:
    assert contents.MAX_SAMPLES > 24 * 3600 * 1000
