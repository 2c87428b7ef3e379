"""WFDB records (PhysioNet). `wfdb_header` reads the header, the package wfdb reads the samples.

The two must agree on what the header says.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents, Lead, check_length
from splkit.ecg.recordings.files import require_readable
from splkit.ecg.recordings.recording import check_rate
from splkit.ecg.recordings.wfdb_header import Header, Signal, read_header
from splkit.errors import RecordingError
from splkit.optional import optional

_DEFAULT_UNIT = "mV"  # header(5): "if the units are not specified, mV"
_BITS = {8: 8, 16: 16, 24: 24, 32: 32, 61: 16, 80: 8, 160: 16, 212: 12, 310: 32 / 3, 311: 32 / 3}
"""Bits of a sample, by storage format. Formats that are not listed are compressed."""
_SLACK_BYTES = 4096  # signal files are padded to blocks
_SAME_GAIN = 1e-6


def wfdb_contents(header_path: Path, source: str) -> Contents:
    """The signals of the WFDB record with this .hea file.

    A lead with several samples in a frame has its own sampling rate. Samples that are marked as invalid
    count as missing, and so do segments without the lead.

    Raises:
        RecordingError: header, signal files and segments contradict each other, or wfdb reads a different
            header.
        ToolError: the package wfdb is not installed.
    """
    wfdb = optional("wfdb", "WFDB records are read with the package wfdb")
    header = read_header(header_path)
    if header.fs_hz is not None:
        check_rate(header.fs_hz, source)
    parts = list(_parts(header, header_path))
    stem = str(header_path.with_suffix(""))
    theirs = wfdb.rdheader(stem, rd_segments=True)
    read = theirs.segments if header.segments else [theirs]
    for (path, part), other in zip(parts, (each for each in read if each is not None), strict=True):
        _check_length(part, path)
        _check_same(part, other, path)
    names = list(theirs.sig_name) if header.segments else [signal.name for signal in header.signals]

    def samples(index: int, signals: list[Signal]) -> NDArray[np.float64]:
        if any(signal.gain is None for signal in signals):
            raise RecordingError(
                "a WFDB header states the gain of a signal",
                found=f"none, or 0, for {names[index]} in {source}: it is not calibrated",
                next_step="put the gain in counts a mV into the header",
            )
        record = wfdb.rdrecord(stem, channels=[index], smooth_frames=False)
        return np.asarray(record.e_p_signal[0], np.float64)

    leads = []
    for index, name in enumerate(names):
        signals = [part.signals[i] for _, part in parts if (i := _index(part, name)) is not None]
        unit, per_frame = _agreed(signals, name, source)
        length = header.frames * per_frame if header.frames else None
        rate_hz = header.fs_hz * per_frame if header.fs_hz else None
        leads.append(Lead(name, unit, rate_hz, partial(samples, index, signals), length))
    return Contents(source, tuple(leads))


def _parts(header: Header, path: Path) -> Iterator[tuple[Path, Header]]:
    """The header itself, or the headers of its segments."""
    if not header.segments:
        yield path, header
        return
    if header.frames is not None and header.frames != sum(frames for _, frames in header.segments):
        raise RecordingError(
            "the segments of a WFDB record are as long as it is",
            found=f"{sum(frames for _, frames in header.segments)} of {header.frames} frames in {path}",
            next_step="fetch the record again",
        )
    for name, frames in header.segments:
        if name == "~":
            continue
        segment_path = path.with_name(f"{name}.hea")
        segment = read_header(segment_path)
        layout = frames == 0
        if segment.segments or segment.fs_hz != header.fs_hz or (not layout and segment.frames != frames):
            raise RecordingError(
                "a segment of a WFDB record has the record's rate, and the length that it gives",
                found=f"{segment.fs_hz} Hz and {segment.frames} frames in {segment_path}, "
                f"{header.fs_hz} Hz and {frames} in {path}",
                next_step="fetch the record again",
            )
        yield segment_path, segment


def _check_length(header: Header, path: Path) -> None:
    """Checks that the signal files exist and have the length that the header states.

    This comes before any samples are read and before memory is allocated for them.
    """
    frames = header.frames or 0
    for signal in header.signals:
        check_length(frames * signal.per_frame, str(path))
        if signal.skew > max(frames, 1) or signal.per_frame > 1000:
            raise RecordingError(
                "a WFDB signal is shifted by less than its length, and has at most 1000 samples a frame",
                found=f"{signal.skew} and {signal.per_frame} for {signal.name} in {path}",
                next_step="fetch the header again",
            )
    for name in dict.fromkeys(signal.file for signal in header.signals if signal.file != "~"):
        file = path.with_name(name)
        require_readable(file, f"{file}, the signal file of {path}")
        held = [signal for signal in header.signals if signal.file == name]
        per_frame = sum(signal.per_frame for signal in held)
        if len({(signal.format, signal.offset) for signal in held}) > 1:
            raise RecordingError(
                "the signals of one file have one format",
                found=f"{', '.join(str(signal.format) for signal in held)} for {name} in {path}",
                next_step="fetch the header again",
            )
        bits = _BITS.get(held[0].format)
        if bits is None:
            check_length(frames * per_frame, str(path))
            continue
        least = held[0].offset + frames * per_frame * bits / 8
        size = file.stat().st_size
        if frames and not least - 1 <= size <= least + _SLACK_BYTES:
            raise RecordingError(
                "a WFDB signal file is as long as its header says",
                found=f"{size:,} B, and {least:,.0f} B by {path}, in {file}",
                next_step="fetch the record again",
            )


def _check_same(header: Header, theirs: Any, path: Path) -> None:
    """Checks that wfdb read the same values from the header."""
    same = theirs.n_sig == len(header.signals) and header.fs_hz in (None, theirs.fs)
    same = same and header.frames in (None, theirs.sig_len)
    for i, signal in enumerate(header.signals if same else ()):
        same = same and theirs.file_name[i] == signal.file and theirs.fmt[i] == str(signal.format)
        same = same and (theirs.samps_per_frame[i] or 1) == signal.per_frame
        same = same and (theirs.byte_offset[i] or 0) == signal.offset and (theirs.skew[i] or 0) == signal.skew
        if signal.gain is not None:
            near = abs(theirs.adc_gain[i] / signal.gain - 1) <= _SAME_GAIN
            same = same and near and theirs.baseline[i] == signal.baseline
    if not same:
        raise RecordingError(
            "the package wfdb reads a header as it stands",
            found=f"another rate, length, file, format or gain than the one in {path}",
            next_step="write the header's numbers and names in the usual way",
        )


def _index(part: Header, name: str) -> int | None:
    """The index of the lead in a segment, or None."""
    names = [signal.name for signal in part.signals]
    return names.index(name) if name in names else None


def _agreed(signals: list[Signal], name: str, source: str) -> tuple[str, int]:
    """The unit of a lead, and its samples per frame. All segments must agree on both."""
    kinds = {(signal.unit or _DEFAULT_UNIT, signal.per_frame) for signal in signals}
    if len(kinds) != 1:
        said = ", ".join(sorted(f"{unit}, {n} a frame" for unit, n in kinds)) or "none"
        raise RecordingError(
            "a lead of a WFDB record has one unit and one rate in all segments",
            found=f"{said} for {name} in {source}",
            next_step="choose another channel, or read the segments one by one",
        )
    return kinds.pop()
