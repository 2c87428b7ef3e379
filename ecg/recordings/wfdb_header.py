"""Reads the header of a WFDB record, strictly as header(5) defines it.

The package wfdb reads headers leniently. It drops characters that are not ASCII, so uV with a micro sign
becomes V. It takes 250 Hz for a rate that it cannot read, and a gain of 200 for a gain of 0. So the header
is read here, and what wfdb reads is compared with it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from splkit.ecg.recordings.files import require_readable
from splkit.errors import RecordingError, reason

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_RECORD = re.compile(
    r"(?P<name>[^\s/]+)(?:/(?P<segments>\d+))?\s+(?P<signals>\d+)"
    rf"(?:\s+(?P<fs>{_NUMBER})(?:/\S*)?(?:\s+(?P<frames>\d+)(?:\s+.*)?)?)?",
    re.ASCII,
)
_SIGNAL = re.compile(
    r"(?P<file>\S+)\s+(?P<format>\d+)(?:x(?P<per_frame>\d+))?(?::(?P<skew>\d+))?(?:\+(?P<offset>\d+))?"
    rf"(?:\s+(?P<gain>{_NUMBER})(?:\((?P<baseline>-?\d+)\))?(?:/(?P<unit>\S+))?"
    r"(?:\s+\d+(?:\s+(?P<zero>-?\d+)(?:\s+-?\d+(?:\s+-?\d+(?:\s+\d+(?:\s+(?P<name>.*))?)?)?)?)?)?)?",
    re.ASCII,
)
_SEGMENT = re.compile(r"(?P<name>[\w-]+|~)\s+(?P<frames>\d+)", re.ASCII)
_MAX_HEADER_BYTES = 4 << 20  # a record of 10,000 segments has 0.3 MB


@dataclass(frozen=True)
class Signal:
    """A signal line. `gain` is in counts per unit; None means that the signal is not calibrated."""

    file: str
    format: int
    per_frame: int
    skew: int
    offset: int
    gain: float | None
    baseline: int
    unit: str | None
    name: str


@dataclass(frozen=True)
class Header:
    """The header of a record. `fs_hz` and `frames` are None if the header does not state them."""

    fs_hz: float | None
    frames: int | None
    signals: tuple[Signal, ...]
    segments: tuple[tuple[str, int], ...]


def read_header(path: Path) -> Header:
    """Reads a .hea file.

    Raises:
        RecordingError: the file is missing, or a line does not follow header(5).
    """
    lines = _lines(path)
    record = _RECORD.fullmatch(lines[0])
    if record is None:
        raise _bad_line(lines[0], path)
    stated = int(record["segments"] or record["signals"])
    if len(lines) - 1 != stated:
        raise RecordingError(
            "a WFDB header has a line for each signal or segment that it says it has",
            found=f"{len(lines) - 1} of {stated} in {path}",
            next_step="fetch the header again",
        )
    fs_hz = float(record["fs"]) if record["fs"] else None
    frames = int(record["frames"] or 0) or None
    if record["segments"]:
        return Header(fs_hz, frames, (), tuple(_segment(line, path) for line in lines[1:]))
    return Header(fs_hz, frames, tuple(_signal(line, i, path) for i, line in enumerate(lines[1:])), ())


def _lines(path: Path) -> list[str]:
    require_readable(path, str(path))
    try:
        with path.open("rb") as stream:
            content = stream.read(_MAX_HEADER_BYTES + 1)
    except OSError as error:
        raise RecordingError(
            "a WFDB header can be read", found=f"{path}: {reason(error)}", next_step="check its permissions"
        ) from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")  # older programs write a micro sign in this encoding
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines or len(content) > _MAX_HEADER_BYTES:
        raise RecordingError(
            f"a WFDB header has a record line, and under {_MAX_HEADER_BYTES >> 20} MiB",
            found=f"{len(lines)} lines in {path}",
            next_step="fetch the header again",
        )
    return lines


def _signal(line: str, index: int, path: Path) -> Signal:
    match = _SIGNAL.fullmatch(line)
    if match is None or Path(match["file"]).name != match["file"]:
        raise _bad_line(line, path)
    return Signal(
        file=match["file"],
        format=int(match["format"]),
        per_frame=int(match["per_frame"] or 1),
        skew=int(match["skew"] or 0),
        offset=int(match["offset"] or 0),
        gain=float(match["gain"] or 0) or None,
        baseline=int(match["baseline"] or match["zero"] or 0),
        unit=match["unit"],
        name=(match["name"] or "").strip() or f"signal {index}",
    )


def _segment(line: str, path: Path) -> tuple[str, int]:
    match = _SEGMENT.fullmatch(line)
    if match is None:
        raise _bad_line(line, path)
    return match["name"], int(match["frames"])


def _bad_line(line: str, path: Path) -> RecordingError:
    return RecordingError(
        "a WFDB header has lines as header(5) defines them, and signal files beside it",
        found=f"{line[:80]!r} in {path}",
        next_step="correct the line, or fetch the header again",
    )
