"""Reads a waveform of VitalDB, from the CSV of its web API or from a .vital file.

The CSV has two columns, time and value (snuhvitallab/vitaldb-docs on GitHub, the web API of the open data
set, read November 2026). Only three times are filled in: the first, the second and the last. Every sample
has a row, and a missing value is empty or NaN. Times are in seconds from the start of the case, as those of
blood tests are.
"""

import gzip
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.channels import lead_name
from splkit.ecg.recordings.contents import take
from splkit.ecg.recordings.readers import contents_of
from splkit.ecg.recordings.recording import MAX_RATE_HZ, MIN_RATE_HZ
from splkit.errors import RecordingError, reason

_GZIP = b"\x1f\x8b"
_VITAL = b"VITA"
_DRIFT = 1e-3
"""Largest relative difference between the last time and the time that follows from the rate and the number of
rows. Clocks of recorders drift."""


@dataclass(frozen=True)
class Track:
    """One lead of one operation.

    Attributes:
        signal_mv: float32[n], with NaN for each missing sample.
        fs_hz: sampling rate in Hz, from the first two times.
        start_s, end_s: times of the first and the last sample, in seconds from the start of the case.
    """

    signal_mv: NDArray[np.float32]
    fs_hz: float
    start_s: float
    end_s: float

    def window(self, centre_s: float, length_s: float) -> NDArray[np.float32] | None:
        """The `length_s` seconds around `centre_s`. None if they reach beyond the track."""
        per_s = (self.signal_mv.size - 1) / (self.end_s - self.start_s)
        first = round((centre_s - length_s / 2 - self.start_s) * per_s)
        last = first + round(length_s * self.fs_hz)
        return self.signal_mv[first:last] if first >= 0 and last <= self.signal_mv.size else None


def read_track(path: Path, lead: str) -> Track | None:
    """A lead from a .vital file or from the CSV of that lead, packed or not. None if the file lacks the lead.

    Raises:
        RecordingError: the file is damaged, or its times are not those of a waveform.
    """
    return _of_vital(path, lead) if _is_vital(path) else _of_csv(path)


def _is_vital(path: Path) -> bool:
    try:
        with path.open("rb") as packed, gzip.GzipFile(fileobj=packed) as plain:
            return plain.read(len(_VITAL)) == _VITAL
    except (OSError, EOFError, zlib.error):
        return False


def _of_vital(path: Path, lead: str) -> Track | None:
    with contents_of(path) as contents:
        leads = [lead_name(each.name) for each in contents.leads]
        if lead not in leads:
            return None
        recording = take(contents, leads.index(lead))
    signal_mv = recording.signal_mv.astype(np.float32)
    for first, last in recording.gaps:
        signal_mv[first : last + 1] = np.nan
    return Track(signal_mv, recording.fs_hz, 0.0, (signal_mv.size - 1) / recording.fs_hz)


def _of_csv(path: Path) -> Track:
    try:
        times, values = _columns(path)
        (_, start_s), (second, next_s) = times[:2]
        end_s = max(time for _, time in times)
        fs_hz = round(1.0 / (next_s - start_s), 3)
        drift = (end_s - start_s) * fs_hz / (len(values) - 1) - 1.0
        if second != 1 or not MIN_RATE_HZ <= fs_hz <= MAX_RATE_HZ or abs(drift) > _DRIFT:
            raise ValueError(f"{len(values):,} rows from {start_s:g} to {end_s:g} s at {fs_hz:g} Hz")
    except (OSError, EOFError, zlib.error, ValueError, ZeroDivisionError) as error:
        raise RecordingError(
            "a waveform of VitalDB has a row a sample, and the first, the next and the last time",
            found=f"{path}: {reason(error)}",
            next_step="fetch it again",
        ) from error
    return Track(np.frombuffer(values, np.float32), fs_hz, start_s, end_s)


def _columns(path: Path) -> tuple[list[tuple[int, float]], "array[float]"]:
    """The times that are filled in, each with its row, and the values of all rows (four bytes each)."""
    times, values = [], array("f")
    for row, line in enumerate(_lines(path)):
        time, _, value = line.rstrip().partition(b",")
        if time:
            times.append((row, float(time)))
        values.append(_value(value))
    return times, values


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as packed:
        is_packed = packed.peek(len(_GZIP)).startswith(_GZIP)
        plain = gzip.GzipFile(fileobj=packed) if is_packed else packed
        next(plain, b"")  # the heading
        yield from plain


def _value(text: bytes) -> float:
    return np.nan if not text or b"nan" in text.lower() else float(text)
