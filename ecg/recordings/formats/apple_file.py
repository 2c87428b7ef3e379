"""Apple Watch: one ECG of a Health export, `electrocardiograms/ecg_*.csv`, in any language."""

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.formats.support import lead, refusal, whole_file
from splkit.ecg.recordings.units import is_voltage

_MAX_BYTES = 16 << 20  # 30 s at 512 Hz take 0.2 MB
_NO_BREAK_SPACE = "\u00a0"  # in some languages Apple writes it before Hertz
_RECORDED = re.compile(r"[^,]+,\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}")
_RATE = re.compile(r"[^,]+,(\d+(?:[.,]\d+)?) ?(?:hertz|hz|hercios)", re.IGNORECASE)
_SAMPLE = re.compile(r"-?\d+(?:[.,]\d+)?")
_MAX_HEAD_LINES = 30  # Apple writes 10 to 14


def is_apple_ecg(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, has Apple's header lines: date, rate, lead and unit."""
    head, samples = _split(start.decode("utf-8-sig", "replace").splitlines())
    return bool(samples) and any(map(_RECORDED.fullmatch, head)) and _unit_line(head) is not None


def apple_contents(path: Path, source: str) -> Contents:
    """The only lead of the file, with the name and the unit of its header lines.

    The header's words and its decimal mark depend on the language of the phone. The lines are therefore
    recognized by their values: `512 hertz`, and `Lead I` above `µV`.

    Raises:
        RecordingError: the header states no rate or no unit, or a sample is no number.
    """
    lines = whole_file(path, source, _MAX_BYTES).decode("utf-8-sig", "replace").splitlines()
    head, samples = _split(lines)
    rates = [match[1] for match in map(_RATE.fullmatch, head) if match]
    unit_line = _unit_line(head)
    if len(rates) != 1 or unit_line is None:
        raise refusal(
            "an Apple Watch ECG has one line of the rate, in hertz, and one of the unit",
            f"{len(rates)} of the rate and {'no' if unit_line is None else 'one'} of the unit in {source}",
        )
    name, unit = (line.partition(",")[2].strip() for line in head[unit_line - 1 : unit_line + 1])
    return Contents(source, (lead(name, unit, _number(rates[0]), _samples(samples, source)),))


def _split(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """The header lines and the sample lines, without blank lines. The last header line gives the unit."""
    filled = [line.strip().replace(_NO_BREAK_SPACE, " ") for line in lines if line.strip()]
    unit_line = _unit_line(filled[:_MAX_HEAD_LINES])
    end = len(filled) if unit_line is None else unit_line + 1
    return filled[:end], filled[end:]


def _unit_line(head: list[str]) -> int | None:
    """The index of the unit's line. It comes after the line of the lead."""
    found = (i for i, line in enumerate(head) if i and is_voltage(line.partition(",")[2]))
    return next(found, None)


def _samples(lines: list[str], source: str) -> NDArray[np.float64]:
    other = next((i for i, line in enumerate(lines) if not _SAMPLE.fullmatch(line)), None)
    marks = {mark for line in lines for mark in ".," if mark in line}
    if other is not None or len(marks) > 1:
        found = repr(lines[other][:40]) if other is not None else "points and commas"
        raise refusal(
            "the samples of an Apple Watch ECG are numbers with one decimal mark",
            f"{found} in {source}",
            "export it again from the Health app",
        )
    return np.array([_number(line) for line in lines], np.float64)


def _number(text: str) -> float:
    return float(text.replace(",", "."))
