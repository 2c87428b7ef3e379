"""CSV files: leads in columns, a heading and a column of times if there is one."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents, Lead
from splkit.errors import RecordingError, reason

_TIME = re.compile(r"(?i)(?:time|t|timestamp)(?:[ _]?[(\[]?(s|sec|seconds?|ms|milliseconds?|us)[)\]]?)?")
_UNIT = re.compile(r"(?i)(?P<name>.*?)(?:\s*[(\[](?P<bracketed>[^)\]]*)[)\]]|_(?P<suffix>[mun]?v))")
_SECONDS_PER_UNIT = {"s": 1.0, "m": 1e-3, "u": 1e-6}  # by first letter
_MAX_JITTER = 0.1  # of a sampling interval; times are often rounded to 1 ms


@dataclass(frozen=True)
class _Table:
    headings: list[str] | None
    values: NDArray[np.float64]


def csv_contents(path: Path, source: str) -> Contents:
    """The columns of a CSV file (comma, semicolon, tab or blanks; lines with # are skipped).

    A heading may give a unit: `II (uV)`, `ecg_uv`. A heading `time`, `t` or `timestamp`, with (s), (ms) or
    (us), marks times, from which the rate follows. Leads are numbered from 0, the column of times left out.

    Raises:
        RecordingError: the file or its times cannot be used.
    """
    table = _read_table(path)
    headings = table.headings or [f"column {i}" for i in range(table.values.shape[1])]
    time_column = next(
        (i for i, name in enumerate(headings) if table.headings and _TIME.fullmatch(name)), None
    )
    rate_hz = (
        None if time_column is None else _rate(table.values[:, time_column], headings[time_column], path)
    )

    def lead(index: int) -> Lead:
        name, unit = _split_unit(headings[index])
        return Lead(name, unit, rate_hz, lambda: table.values[:, index])

    return Contents(source, tuple(lead(i) for i in range(len(headings)) if i != time_column))


def _read_table(path: Path) -> _Table:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(
            "a CSV file is a text file that can be read",
            found=f"{path}: {reason(error)}",
            next_step="check the path",
        ) from error
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise RecordingError(
            "a CSV file holds samples", found=f"nothing in {path}", next_step="check that it is complete"
        )
    delimiter = next((mark for mark in ",;\t" if mark in lines[0]), None)
    cells = [cell.strip().strip("\"'") for cell in lines[0].split(delimiter)]
    headings = None if all(_is_number(cell) for cell in cells) else cells
    rows = lines[1:] if headings else lines
    if not rows:
        raise RecordingError(
            "a CSV file holds samples",
            found=f"only a heading in {path}",
            next_step="check that it is complete",
        )
    try:
        values = np.loadtxt(rows, np.float64, delimiter=delimiter, ndmin=2, comments=None)
    except ValueError as error:
        raise RecordingError(
            "every row of a CSV file holds a number for every column",
            found=f"{str(error).split(';')[0].rstrip('.')} (rows counted from 0 after the heading) in {path}",
            next_step="cut the gap out or interpolate it",
        ) from error
    if headings and delimiter is None and values.shape[1] == 1:
        headings = [lines[0].strip()]
    if headings and len(headings) != values.shape[1]:
        raise RecordingError(
            "a CSV file has a heading for every column",
            found=f"{len(headings)} headings and {values.shape[1]} columns in {path}",
            next_step="correct the heading",
        )
    return _Table(headings, values)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _split_unit(heading: str) -> tuple[str, str | None]:
    """The lead's name and its unit."""
    match = _UNIT.fullmatch(heading)
    return (match["name"], match["bracketed"] or match["suffix"]) if match else (heading, None)


def _rate(times: NDArray[np.float64], heading: str, path: Path) -> float:
    match = _TIME.fullmatch(heading)
    unit = match[1] if match and match[1] else "s"
    steps_s = np.diff(times) * _SECONDS_PER_UNIT[unit[0].lower()]
    step_s = float(np.mean(steps_s)) if steps_s.size else 0.0
    jitter_s = float(np.max(np.abs(steps_s - step_s), initial=0.0))
    rounding_s = 1e-3 if np.all(times == np.round(times)) and unit[0].lower() == "m" else 0.0
    if not step_s > 0 or not jitter_s <= max(_MAX_JITTER * step_s, rounding_s):
        raise RecordingError(
            "times rise by the same step from sample to sample",
            found=f"a mean step of {step_s:g} s with deviations up to {jitter_s:g} s in {path}",
            next_step="resample it, or give the rate and leave the times out",
        )
    return 1.0 / step_s
