"""CSV files as people have them: what is read is what was written, and what cannot be known is refused."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording
from splkit.errors import RecordingError

FS_HZ, N = 250.0, 1500
SINE_MV = np.round(np.sin(2 * np.pi * 1.3 * np.arange(N) / FS_HZ), 4)
TIMES_S = np.arange(N) / FS_HZ
ISO = np.datetime_as_string(
    np.datetime64("2024-03-01T23:59:58.000") + (TIMES_S * 1e3).astype("timedelta64[ms]"), "ms"
)


def lines(head: Iterable[str], row: Callable[[int], str], count: int = N) -> str:
    return "\n".join([*head, *(row(i) for i in range(count))]) + "\n"


def comma(value: float) -> str:
    return f"{value:.4f}".replace(".", ",")


def timed_row(i: int) -> str:
    return f"{i / FS_HZ},{SINE_MV[i]}"


def clock(i: int) -> str:
    second = 86390 + i / FS_HZ
    return f"{int(second // 3600) % 24:02}:{int(second // 60) % 60:02}:{second % 60:06.3f}"


READ = {
    "quoted cells": lines(['"time","resp","Lead II"'], lambda i: f'"{i / FS_HZ:.3f}","9","{SINE_MV[i]}"'),
    "single quotes": lines(["'time','II'"], lambda i: f"'{i / FS_HZ:.3f}','{SINE_MV[i]}'"),
    "semicolons, decimal commas": lines(["Zeit (ms);EKG II"], lambda i: f"{4 * i};{comma(SINE_MV[i])}"),
    "tabs, decimal commas": lines(["t\tII"], lambda i: f"{comma(i / FS_HZ)}\t{comma(SINE_MV[i])}"),
    "blanks": lines(["time (s)   II (mV)"], lambda i: f"  {i / FS_HZ:.3f}   {SINE_MV[i]}"),
    "bars": lines(["time|II"], lambda i: f"{i / FS_HZ:.3f}|{SINE_MV[i]}"),
    "a pandas index": lines([",time,ecg_mV"], lambda i: f"{i},{i / FS_HZ:.3f},{SINE_MV[i]}"),
    "an index, no name for it": lines(["Unnamed: 0,t,value"], lambda i: f"{i},{i / FS_HZ:.3f},{SINE_MV[i]}"),
    "texts and markers": lines(["time,note,II,event"], lambda i: f"{i / FS_HZ:.3f},ok,{SINE_MV[i]},R"),
    "a trailing comma": lines(["time,II,"], lambda i: f"{i / FS_HZ:.3f},{SINE_MV[i]},"),
    "ISO times over midnight": lines(["timestamp,II"], lambda i: f"{ISO[i]},{SINE_MV[i]}"),
    "ISO times with a zone": lines(["datetime,II"], lambda i: f"{ISO[i]}+01:00,{SINE_MV[i]}"),
    "clock times over midnight": lines(["time,II"], lambda i: f"{clock(i)},{SINE_MV[i]}"),
    "PhysioBank ATM": lines(
        ["'Elapsed time','ECG II'", "'hh:mm:ss.mmm','mV'"], lambda i: f"'0:{i / FS_HZ:06.3f}',{SINE_MV[i]}"
    ),
    "a row of units": lines(["time,II", "ms,uV"], lambda i: f"{4 * i},{1000 * SINE_MV[i]:.1f}"),
    "Unix time in ms": lines(["timestamp,II"], lambda i: f"{1700000000000 + 4 * i},{SINE_MV[i]}"),
    "Unix time in ns": lines(["timestamp,II"], lambda i: f"{1700000000 * 10**9 + 4000000 * i},{SINE_MV[i]}"),
    "a rate in a comment": lines(["# fs = 250", "ecg"], lambda i: f"{SINE_MV[i]}"),
    "a rate and a unit in a head": lines(
        ["Name,John Doe", "Recorded,2024-03-01", "Sampling rate: 250 Hz", "Unit,\u00b5V", "", "Lead I"],
        lambda i: f"{1000 * SINE_MV[i]:.1f}",
    ),
    "an interval in a comment": lines(["% sampling interval: 4 ms", "ecg"], lambda i: f"{SINE_MV[i]}"),
    "a heart rate in a comment": lines(["# heart rate: 72", "# fs: 250", "ecg"], lambda i: f"{SINE_MV[i]}"),
    "CR LF and a byte order mark": "\ufeff" + lines(["time,II"], lambda i: f"{i / FS_HZ},{SINE_MV[i]}\r"),
    "comments between rows": lines(
        ["time,II"], lambda i: f"{i / FS_HZ},{SINE_MV[i]}" + ("\n# R" * (i % 200 == 7))
    ),
    "blank lines between timed rows": lines(["time,II"], lambda i: f"{i / FS_HZ},{SINE_MV[i]}\n"),
    "times rounded to 10 ms": lines(["time,II"], lambda i: f"{i / FS_HZ:.2f},{SINE_MV[i]}"),
}


def read(folder: Path, text: str, channel: str | None = None, fs_hz: float | None = None) -> Recording:
    (folder / "ecg.csv").write_text(text, encoding="utf-8", newline="")
    return read_recording(folder / "ecg.csv", channel, fs_hz)


def refused(folder: Path, text: str, channel: str | None = None, fs_hz: float | None = None) -> str:
    with pytest.raises(RecordingError) as caught:
        read(folder, text, channel, fs_hz)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("case", READ)
def test_it_is_read(tmp_path: Path, case: str) -> None:
    recording = read(tmp_path, READ[case])
    assert recording.fs_hz == pytest.approx(FS_HZ, rel=2e-3) and recording.gaps == ()
    np.testing.assert_allclose(recording.signal_mv, SINE_MV, atol=1e-4)


def test_other_encodings(tmp_path: Path) -> None:
    text = lines(["time,II (\u00b5V)"], lambda i: f"{i / FS_HZ},{1000 * SINE_MV[i]:.1f}")
    for encoding in ("utf-8", "latin-1", "utf-16"):
        (tmp_path / "ecg.csv").write_bytes(text.encode(encoding))
        np.testing.assert_allclose(read_recording(tmp_path / "ecg.csv").signal_mv, SINE_MV, atol=1e-4)


def timed(times_s: NDArray[np.float64]) -> str:
    return lines(["time,II"], lambda i: f"{times_s[i]:.6f},{SINE_MV[i]}")


def test_jittered_times_give_the_rate(tmp_path: Path) -> None:
    late_s = np.random.default_rng(1).uniform(0, 0.4, N) / FS_HZ
    recording = read(tmp_path, timed(TIMES_S + late_s))
    assert recording.fs_hz == pytest.approx(FS_HZ, rel=1e-3) and recording.signal_mv.size == N


@pytest.mark.parametrize("jitter", [0.0, 0.2])
@pytest.mark.parametrize("missed", [1, 2, 100])
def test_a_jump_in_time_is_a_gap_of_its_length(tmp_path: Path, missed: int, jitter: float) -> None:
    times_s = TIMES_S + np.random.default_rng(1).uniform(0, jitter, N) / FS_HZ
    times_s[600:] += missed / FS_HZ
    recording = read(tmp_path, timed(times_s))
    assert recording.gaps == ((600, 599 + missed),)
    assert recording.fs_hz == pytest.approx(FS_HZ, rel=1e-3) and recording.signal_mv.size == N + missed
    np.testing.assert_allclose(recording.signal_mv[600 + missed :], SINE_MV[600:])


def test_blank_cells_are_gaps(tmp_path: Path) -> None:
    for blank in ("", "nan", "NaN", "NA", '""'):
        text = lines(["II,x"], lambda i, b=blank: f"{b if 300 <= i < 400 else SINE_MV[i]},1")
        recording = read(tmp_path, text, fs_hz=FS_HZ)
        assert recording.gaps == ((300, 399),) and recording.signal_mv.size == N
    for blank in ('""', '"'):
        text = lines(["II"], lambda i, b=blank: b if i == 9 else f'"{SINE_MV[i]}"')
        recording = read(tmp_path, text, fs_hz=FS_HZ)
        assert recording.gaps == ((9, 9),) and recording.signal_mv.size == N


BAD = {
    "blank cells in one column": (
        lines(["ecg"], lambda i: "" if i == 700 else f"{SINE_MV[i]}"), None, FS_HZ, "line 702 blank"
    ),
    "the respiration first": (
        lines(["t,resp,flow"], lambda i: f"{i / FS_HZ},{SINE_MV[i]},0"), None, None, "found resp, flow in"
    ),
    "a rate in a comment against the times": (
        lines(["# fs = 1000", "time,II"], timed_row), None, None, "250 Hz by the times"
    ),
    "a rate in a comment against an option": (
        lines(["# fs = 250", "ecg"], lambda i: f"{SINE_MV[i]}"), None, 1000, "1000 Hz given and 250 Hz"
    ),
    "two rates in comments": (
        lines(["# fs = 250", "# rate 50 Hz", "ecg"], lambda i: f"{SINE_MV[i]}"), None, None, "250, 50 Hz"
    ),
    "a rate below 0 in a comment": (
        lines(["# fs = -250", "ecg"], lambda i: f"{SINE_MV[i]}"), None, None, "found -250 Hz"
    ),
    "a second table of other columns": (
        lines(["time,II"], timed_row) + "a,b,c\n1,2,3\n", None, None, "3 cells in place of 2"
    ),
    "a text in the lead": (
        lines(["II"], lambda i: "off" if i == 9 else f"{SINE_MV[i]}"), None, FS_HZ, "'off' in row 10"
    ),
    "decimal commas between commas": (
        lines(["time,II"], lambda i: f"{comma(i / FS_HZ)},{comma(SINE_MV[i])}"), None, None, "4 columns"
    ),
    "times in microvolts": (
        lines(["# fs = 250", "time (uV)"], lambda i: f"{SINE_MV[i]}"), None, None, "times have a unit of time"
    ),
    "times backwards": (timed(TIMES_S[::-1]), None, None, "run backwards"),
    "a gap longer than the rest": (
        timed(TIMES_S + 3600.0 * (np.arange(N) > 700)), None, None, "longer than its gaps"
    ),
    "a quote within a number": (
        lines(["t,II"], lambda i: f'{i / FS_HZ},"{SINE_MV[i]}"' + 'x"1' * (i == 9)), None, None, "row 10"
    ),
    "a row twice": (timed(np.insert(TIMES_S, 300, TIMES_S[300])[:N]), None, None, "a sample too many"),
    "packets with one time": (timed(np.floor(TIMES_S)), None, None, "same step"),
    "a time that is missing": (
        lines(["time,II"], lambda i: f"{'' if i == 5 else i / FS_HZ},{SINE_MV[i]}"), None, None, "missing"
    ),
    "only a head": ("Name,John\nLead,II\n", None, None, "headings, then a row of numbers"),
    "a picture": ("\x89PNG\r\n\x1a\n\0\0\0", None, None, "zero byte"),
    "counts without a unit": (
        lines(["II"], lambda i: f"{round(40 * SINE_MV[i])}"), None, FS_HZ, "counts or uV"
    ),
    "V without a unit": (lines(["II"], lambda i: f"{SINE_MV[i] / 1000:.7f}"), None, FS_HZ, "20 uV or more"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_it_is_refused_for_what_it_is(tmp_path: Path, case: str) -> None:
    text, channel, fs_hz, expected = BAD[case]
    assert expected in (said := refused(tmp_path, text, channel, fs_hz)), said
