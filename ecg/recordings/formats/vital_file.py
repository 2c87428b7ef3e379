"""Files of Vital Recorder, `.vital`: the waveforms of an operation (VitalDB, PhysioNet's copy of it).

A file is packed by gzip and consists of packets, each with a type, a length and data
(snuhvitallab/vitaldb-docs on GitHub, the file format of Vital Recorder, read November 2026). A waveform is
split into records of about a second, each with its time. The records are laid end to end. If the clock
jumps between two records, there is a gap.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents, Lead, check_length
from splkit.ecg.recordings.formats.support import refusal, whole_file
from splkit.errors import RecordingError

_MAGIC = b"VITA"
_MOST_BYTES = 1 << 30
_TRACK, _RECORD = 0, 1
_WAVE = 1
_HAS_START = 26
"""Least length in bytes of a header that states the start time of the file."""

_FORMATS = {1: "<f4", 2: "<f8", 3: "i1", 4: "u1", 5: "<i2", 6: "<u2", 7: "<i4", 8: "<u4"}
_MISSING = {"i1": -128, "u1": 255, "<i2": -(1 << 15), "<u2": 0xFFFF, "<i4": -(1 << 31), "<u4": 0xFFFFFFFF}
_JUMP_S = 0.1
"""Smallest jump of the clock that is a gap. Smaller ones are ignored: the recorder reads its clock once for
each record, and late."""


@dataclass
class _Track:
    """A waveform: how its samples are stored, and where its records are in the file."""

    name: str
    unit: str
    dtype: str
    fs_hz: float
    gain: float
    offset: float
    records: list[tuple[float, int, int]] = field(default_factory=list)


def is_vital(start: bytes) -> bool:
    """Whether `start`, the first bytes of an unpacked file, begins a file of Vital Recorder."""
    return start.startswith(_MAGIC)


def vital_contents(path: Path, source: str) -> Contents:
    """All waveforms, each from the start of the file on. Samples that are in no record are missing.

    Raises:
        RecordingError: the file is damaged, or has no waveform.
    """
    content = whole_file(path, source, _MOST_BYTES)
    try:
        start_s, tracks = _read(content)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise _damaged("a packet that is cut short", source) from error
    except ValueError as error:
        raise _damaged(str(error), source) from error
    waves = [track for track in tracks if track.records]
    if not waves:
        raise refusal("a .vital file holds a waveform", f"none in {source}", "choose another file")
    return Contents(source, tuple(_lead(track, content, start_s, source) for track in waves))


def _read(content: bytes) -> tuple[float, list[_Track]]:
    """The start time of the file, and its waveforms."""
    magic, _, head_bytes = struct.unpack_from("<4sIH", content)
    if magic != _MAGIC:
        raise ValueError("no header")
    started = struct.unpack_from("<d", content, 20)[0] if head_bytes >= _HAS_START else 0.0
    tracks: dict[int, _Track] = {}
    first = np.inf
    for kind, at, end in _packets(content, 10 + head_bytes):
        if kind == _TRACK:
            number, found = _track(content, at)
            if found:
                tracks[number] = found
        elif kind == _RECORD:
            info_bytes, time_s, number = struct.unpack_from("<HdH", content, at)
            if not np.isfinite(time_s):
                raise ValueError("a record without a time")
            first = min(first, time_s)
            if track := tracks.get(number):
                place = _samples(content, at + 2 + info_bytes, end, track)
                track.records.append((time_s, *place))
    return (started if 0 < started <= first else first), list(tracks.values())


def _packets(content: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """For each packet: its type, and the begin and end of its data."""
    while at < len(content):
        kind, length = struct.unpack_from("<BI", content, at)
        if at + 5 + length > len(content):
            raise ValueError(f"a packet of {length} bytes at the end")
        yield kind, at + 5, at + 5 + length
        at += 5 + length


def _track(content: bytes, at: int) -> tuple[int, _Track | None]:
    """The number of a track, and the track itself if it is a waveform."""
    number, kind, form = struct.unpack_from("<HBB", content, at)
    if kind != _WAVE:
        return number, None
    name, at = _text(content, at + 4)
    unit, at = _text(content, at)
    _, _, _, fs_hz, gain, offset = struct.unpack_from("<ffIfdd", content, at)
    if form not in _FORMATS or not 0 < fs_hz < np.inf or not np.isfinite([gain, offset]).all():
        raise ValueError(f"{name} in format {form} at {fs_hz:g} Hz")
    return number, _Track(name, unit, _FORMATS[form], float(fs_hz), gain, offset)


def _samples(content: bytes, at: int, end: int, track: _Track) -> tuple[int, int]:
    """The offset of the samples of a record, and their number."""
    (count,) = struct.unpack_from("<I", content, at)
    if at + 4 + count * np.dtype(track.dtype).itemsize > end:
        raise ValueError(f"{count} samples in a record of {track.name} that is shorter")
    return at + 4, count


def _text(content: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", content, at)
    if at + 4 + length > len(content):
        raise ValueError("a name that is cut short")
    return content[at + 4 : at + 4 + length].decode(), at + 4 + length


def _lead(track: _Track, content: bytes, start_s: float, source: str) -> Lead:
    places = _places(track, start_s)
    total = max(place + count for place, (_, _, count) in zip(places, track.records, strict=True))
    check_length(total, source)

    def read() -> NDArray[np.float64]:
        signal = np.full(total, np.nan)
        for place, (_, at, count) in zip(places, track.records, strict=True):
            stored = np.frombuffer(content, track.dtype, count, at)
            values = stored.astype(np.float64) * track.gain + track.offset
            if track.dtype in _MISSING:
                values[stored == _MISSING[track.dtype]] = np.nan
            signal[place : place + count] = values
        return signal

    return Lead(track.name, track.unit or None, track.fs_hz, read, total)


def _places(track: _Track, start_s: float) -> list[int]:
    """The position of the first sample of each record.

    A record follows the record before it without a gap, unless the clock has jumped.
    """
    track.records.sort()
    places, expected = [], None
    for time_s, _, count in track.records:
        place = round((time_s - start_s) * track.fs_hz)
        if expected is not None and abs(place - expected) < _JUMP_S * track.fs_hz:
            place = expected
        places.append(place)
        expected = place + count
    return places


def _damaged(found: str, source: str) -> RecordingError:
    return refusal("a .vital file is whole", f"{found} in {source}", "fetch it again")
