"""Reads the header of an EDF, EDF+ or BDF file, as defined by https://www.edfplus.info/specs/edf.html.

A micro sign in a unit is kept, although the specification allows ASCII only.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from splkit.errors import RecordingError

_FIXED_BYTES = _SIGNAL_BYTES = 256
_WIDTHS = (
    16,
    80,
    8,
    8,
    8,
    8,
    8,
    80,
    8,
    32,
)  # label, transducer, unit, physical, digital, filter, samples, free
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_ANNOTATIONS = ("EDF Annotations", "BDF Annotations")


@dataclass(frozen=True)
class EdfSignal:
    """A signal. Its physical value in `unit` is offset + slope * digital value."""

    label: str
    unit: str
    slope: float
    offset: float
    per_record: int

    @property
    def is_annotation(self) -> bool:
        """Whether the signal holds annotations (text) instead of samples."""
        return self.label in _ANNOTATIONS


@dataclass(frozen=True)
class EdfHeader:
    """The layout of a file: `records` data records of `record_s` seconds.

    In a record, all samples of the first signal come first, then those of the second signal, and so on.
    """

    records: int
    record_s: float
    sample_bytes: int
    signals: tuple[EdfSignal, ...]

    @property
    def header_bytes(self) -> int:
        """Length of the header, and so the offset of the first record."""
        return _FIXED_BYTES + len(self.signals) * _SIGNAL_BYTES

    @property
    def record_bytes(self) -> int:
        """Length of one data record."""
        return sum(signal.per_record for signal in self.signals) * self.sample_bytes


def read_edf_header(path: Path, source: str) -> EdfHeader:
    """The header of a file.

    Raises:
        RecordingError: a field cannot be parsed, there is no record, there are gaps between records (EDF+D),
            or the length of the file does not match.
    """
    with path.open("rb") as stream:
        fixed = stream.read(_FIXED_BYTES).decode("latin-1")
        count = _whole(fixed[252:256], "number of signals", source, 1, 1000)
        text = stream.read(count * _SIGNAL_BYTES).decode("latin-1")
    if len(fixed) + len(text) < (count + 1) * _SIGNAL_BYTES:
        raise _bad("a header of 256 bytes for each signal", f"{len(fixed) + len(text)} bytes", source)
    if fixed[192:].startswith(("EDF+D", "BDF+D")):
        raise RecordingError(
            "an EDF file is one continuous recording",
            found=f"{source}, which has gaps between its records (EDF+D)",
            next_step="export it as continuous EDF, or part by part",
        )
    records = _whole(fixed[236:244], "number of records", source, 1, 10**9)
    record_s = _number(fixed[244:252], "duration of a record", source)
    if record_s <= 0:
        raise _bad("records of more than 0 s", f"{record_s:g} s", source)
    columns = _columns(text, count)
    per_record = [_whole(each, "number of samples", source, 1, 10**8) for each in columns[8]]
    signals = (_signal([each[i].strip() for each in columns], per_record[i], source) for i in range(count))
    header = EdfHeader(records, record_s, 3 if fixed.startswith("\xff") else 2, tuple(signals))
    expected, size = header.header_bytes + records * header.record_bytes, path.stat().st_size
    if size != expected:
        raise _bad(f"{expected:,} bytes, as its header says", f"{size:,}", source)
    return header


def _columns(text: str, count: int) -> list[list[str]]:
    """One list for each field, with its value for every signal. The header stores them field by field."""
    columns, at = [], 0
    for width in _WIDTHS:
        columns.append([text[at + i * width : at + (i + 1) * width] for i in range(count)])
        at += count * width
    return columns


def _signal(fields: list[str], per_record: int, source: str) -> EdfSignal:
    label, unit = fields[0], fields[2]
    if label in _ANNOTATIONS:
        return EdfSignal(label, "", 1.0, 0.0, per_record)
    low, high = (_number(each, f"physical range of {label}", source) for each in fields[3:5])
    least, most = (_whole(each, f"digital range of {label}", source, -(2**23), 2**23) for each in fields[5:7])
    if low == high or least >= most:
        raise _bad("a range for each signal", f"{low:g} to {high:g} for {least} to {most} of {label}", source)
    slope = (high - low) / (most - least)
    return EdfSignal(label, unit, slope, low - slope * least, per_record)


def _number(text: str, what: str, source: str) -> float:
    word = text.strip()
    if not _NUMBER.fullmatch(word) or not math.isfinite(float(word)):
        raise _bad(f"a {what} that is a number", repr(word), source)
    return float(word)


def _whole(text: str, what: str, source: str, least: int, most: int) -> int:
    number = _number(text, what, source)
    if number != int(number) or not least <= number <= most:
        raise _bad(f"a {what} of {least} to {most:,}", text.strip(), source)
    return int(number)


def _bad(rule: str, found: str, source: str) -> RecordingError:
    return RecordingError(
        f"an EDF file has {rule}", found=f"{found} in {source}", next_step="fetch or export it again"
    )
