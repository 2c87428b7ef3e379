"""R peaks of whole recordings: positions in the file's own samples, statistics, files out."""

import csv

import numpy as np
import pytest
import wfdb

from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.rpeaks.annotations import CSV_HEADER, write_r_peaks
from splkit.ecg.rpeaks.find import find_r_peaks, rr_statistics
from splkit.ecg.rpeaks.plot import plot_r_peaks
from splkit.ecg.rpeaks.span import Span
from splkit.errors import UsageError
from splkit.files import require_free


def spikes(fs_hz: float, rr_s: float = 0.8, count: int = 40) -> tuple[Recording, np.ndarray]:
    """QRS-like spikes 12 ms wide (SD), 1 mV, with a low T wave; and their R peaks."""
    r_s = 1.0 + rr_s * np.arange(count)
    time_s = np.arange(int((r_s[-1] + 0.9) * fs_hz)) / fs_hz
    away = time_s[:, None] - r_s[None, :]
    signal = np.exp(-0.5 * (away / 0.012) ** 2) + 0.2 * np.exp(-0.5 * ((away - 0.26) / 0.04) ** 2)
    return Recording(signal.sum(axis=1), fs_hz, "II", "spikes"), np.rint(r_s * fs_hz).astype(int)


@pytest.mark.parametrize("fs_hz", [100.0, 128.0, 256.4, 360.0, 1000.0, 2000.0])
def test_every_beat_is_found_where_it_is_at_any_rate(fs_hz):
    recording, r_samples = spikes(fs_hz)
    beats = find_r_peaks(recording)
    assert len(beats.sample) == len(r_samples)
    # A resampled recording places a peak to within a sample of the slower of both rates.
    assert np.abs(beats.sample - r_samples).max() <= max(1, int(np.ceil(fs_hz / 1000)))


@pytest.mark.parametrize(("after_s", "verdict"), [(0.7, "ok"), (0.55, "cut"), (0.3, "cut")])
def test_a_cycle_that_the_end_cuts_off_is_no_lost_lead(after_s, verdict):
    """A cycle ends 0.6 s after R. What is beyond the end is no signal, so that its shape says nothing."""
    whole, r_samples = spikes(360.0)
    end = int(r_samples[-1] + after_s * 360.0)
    rows = list(find_r_peaks(Recording(whole.signal_mv[:end], 360.0, "II", "ended")).rows())
    assert [row[-1] for row in rows[-3:]] == ["ok", "ok", verdict]


def test_statistics_of_a_regular_rhythm():
    statistics = rr_statistics(find_r_peaks(spikes(500.0)[0]))
    assert statistics.beats == 40 and statistics.verdicts["ok"] >= 30
    assert statistics.median_ms == pytest.approx(800.0, abs=2.0)
    assert statistics.heart_rate_bpm == pytest.approx(75.0, abs=0.2)
    assert statistics.sdnn_ms is not None and statistics.sdnn_ms < 2.0


def test_statistics_of_no_beat_are_none():
    recording = Recording(np.tile([0.0, 0.001], 1500), 300.0, "I", "nothing")
    statistics = rr_statistics(find_r_peaks(recording))
    assert statistics.beats == 0 and statistics.median_ms is None and statistics.rmssd_ms is None


def test_csv_has_a_row_a_beat(tmp_path):
    beats = find_r_peaks(spikes(360.0)[0])
    write_r_peaks(tmp_path / "peaks.csv", beats)
    with (tmp_path / "peaks.csv").open() as stream:
        rows = list(csv.reader(stream))
    assert tuple(rows[0]) == CSV_HEADER
    assert [int(row[0]) for row in rows[1:]] == beats.sample.tolist()
    assert rows[1][2] == "" and float(rows[2][2]) == pytest.approx(800.0, abs=3.0)


def test_annotations_are_read_back_by_wfdb(tmp_path):
    beats = find_r_peaks(spikes(360.0)[0])
    write_r_peaks(tmp_path / "100.qrs", beats)
    annotation = wfdb.rdann(str(tmp_path / "100"), "qrs")
    assert annotation.sample.tolist() == beats.sample.tolist()
    assert annotation.fs == 360
    assert set(annotation.symbol) == {"N", "Q"}


def test_files_are_not_overwritten_and_names_make_sense(tmp_path):
    beats = find_r_peaks(spikes(360.0)[0])
    taken = tmp_path / "taken.csv"
    taken.write_text("mine")
    with pytest.raises(UsageError, match="--force"):
        require_free(taken, force=False)
    with pytest.raises(UsageError, match="letters"):
        write_r_peaks(tmp_path / "100", beats)
    with pytest.raises(UsageError, match="png"):
        plot_r_peaks(tmp_path / "picture.docx", beats, Span(0.0, 10.0))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken.csv"]


def test_a_picture_is_drawn(tmp_path):
    plot_r_peaks(tmp_path / "beats.png", find_r_peaks(read_recording("toy")), Span(20.0, 40.0))
    picture = (tmp_path / "beats.png").read_bytes()
    assert picture.startswith(b"\x89PNG") and len(picture) > 20_000
