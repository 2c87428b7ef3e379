"""CSV files: one row for each sample, one column for each lead, and optionally a column of times."""

import re
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import RATE_TOLERANCE, Contents, Lead, check_length
from splkit.ecg.recordings.csv_columns import numbers, texts
from splkit.ecg.recordings.csv_notes import stated_rate, stated_unit
from splkit.ecg.recordings.csv_text import BLANKS, Layout, find_layout, is_number
from splkit.ecg.recordings.csv_times import (
    TIME,
    clock_seconds,
    is_clock,
    rate_and_places,
    seconds,
    spread,
)
from splkit.ecg.recordings.files import head
from splkit.ecg.recordings.units import is_voltage
from splkit.errors import RecordingError

_UNIT = re.compile(
    r"(?P<name>.*?)(?:\s*[(\[](?P<bracketed>[^)\]]*)[)\]]"
    r"|[_ ](?P<suffix>(?:[mun\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}]|milli|micro)?v(?:olts?)?))",
    re.IGNORECASE,
)
_INDEX = re.compile(
    r"|unnamed: \d+|index|idx|#|n|no\.?|nr\.?|i|nseq|row|samples?(?:[ _]?(?:#|number|no|index|id))?", re.I
)
_INDEX_ROWS = 10  # a column that counts up by 1 over this many rows is an index
_PLAUSIBLE_INDEX_STEP = 1.0


def csv_contents(path: Path, source: str) -> Contents:
    """The columns of numbers in a CSV file. Cells are separated by comma, semicolon, tab, bar or blanks.

    The unit comes from the heading (`II (uV)`, `ecg_uv`), from a row of units below it, or from a comment
    (`# unit: uV`). The rate comes from a column of times, or from a comment (`# fs = 250`). A column is one
    of times if its heading is `time` or similar; the heading may give the unit as (s), (ms), (us) or (ns).
    Leads are numbered from 0. Columns of times, of text and of row numbers are no leads and are not counted.

    Raises:
        RecordingError: the file is no text, has no table, or its times have no regular rate.
    """
    layout = find_layout(path, head(path, source), source)
    width = len(layout.rows[0])
    if layout.headings and len(layout.headings) != width:
        raise RecordingError(
            "a CSV file has a heading for every column",
            found=f"{len(layout.headings)} headings and {width} columns in {source}",
            next_step="correct the headings; write decimal points, or semicolons between cells",
        )
    headings = list(layout.headings or [f"column {i}" for i in range(width)])
    time_column = _time_column(layout)
    rate_hz, places = stated_rate(layout.head, source), None
    if time_column is not None:
        rate_hz, places = _rate(path, layout, time_column, rate_hz, source)
    unit_of_all = stated_unit(layout.head)

    def samples(column: int) -> NDArray[np.float64]:
        values = numbers(path, layout, column, source, spaced=places is not None)
        if places is None:
            return values
        if values.size != places.size:
            raise RecordingError(
                "a CSV file has a time for every sample",
                found=f"{values.size} samples and {places.size} times in {source}",
                next_step="export it again",
            )
        return spread(values, places)

    leads = []
    for column in range(width):
        if column == time_column or not _is_lead(layout, column):
            continue
        name, unit = _split_unit(headings[column])
        below = layout.units[column] if layout.units else ""
        if TIME.fullmatch(name) and is_voltage(unit or below):
            raise RecordingError(
                "times have a unit of time",
                found=f"the column {name!r} in {unit or below} in {source}",
                next_step="name the column for what it holds",
            )
        leads.append(Lead(name, unit or below or unit_of_all, rate_hz, partial(samples, column)))
    return Contents(source, tuple(leads))


def _time_column(layout: Layout) -> int | None:
    """The first column with a heading for times, else the first column that holds clock times."""
    for column, heading in enumerate(layout.headings or ()):
        if TIME.fullmatch(heading.strip()) and any(
            is_number(cell, layout.decimal_comma) or is_clock(cell) for cell in _cells(layout, column)
        ):
            return column
    return next((i for i in range(len(layout.rows[0])) if all(map(is_clock, _cells(layout, i)))), None)


def _rate(
    path: Path, layout: Layout, column: int, stated_hz: float | None, source: str
) -> tuple[float, NDArray[np.int64]]:
    """The rate that follows from the times, and the position of each sample in a recording without gaps.

    The rate must agree with the rate that the file states.
    """
    heading = layout.headings[column] if layout.headings else "time"
    unit = f" ({layout.units[column]})" if layout.units and layout.units[column] else ""
    if all(is_clock(cell) for cell in _cells(layout, column)):
        times_s = clock_seconds(texts(path, layout, column, source), source)
    else:
        times_s = seconds(numbers(path, layout, column, source, spaced=True), heading + unit)
    rate_hz, places = rate_and_places(times_s, source)
    check_length(int(places[-1]) + 1, source)
    if stated_hz is not None and abs(rate_hz / stated_hz - 1) > RATE_TOLERANCE:
        raise RecordingError(
            "the times of a file agree with the rate that it states",
            found=f"{rate_hz:.5g} Hz by the times and {stated_hz:g} Hz by a comment in {source}",
            next_step="correct the comment, or the unit in the heading of the times",
        )
    return rate_hz, places


def _cells(layout: Layout, column: int) -> list[str]:
    """The first cells of a column that are not blank."""
    found = [row[column] for row in layout.rows if len(row) > column]
    return [cell for cell in found if cell.lower() not in BLANKS] or [""]


def _is_lead(layout: Layout, column: int) -> bool:
    """Whether a column holds numbers that are neither text nor row numbers."""
    cells = _cells(layout, column)
    if 2 * sum(is_number(cell, layout.decimal_comma) for cell in cells) < len(cells):
        return False
    heading = layout.headings[column].strip() if layout.headings else None
    if heading is None or not _INDEX.fullmatch(heading) or len(cells) < _INDEX_ROWS:
        return True
    values = [
        float(cell.replace(",", ".")) if is_number(cell, layout.decimal_comma) else np.nan for cell in cells
    ]
    return not bool((np.diff(values) == _PLAUSIBLE_INDEX_STEP).all())


def _split_unit(heading: str) -> tuple[str, str | None]:
    """The lead's name and its unit."""
    match = _UNIT.fullmatch(heading.strip())
    if match is None:
        return heading.strip(), None
    unit = match["bracketed"] or match["suffix"]
    if match["bracketed"] and not is_voltage(unit) and " " in unit.strip():
        return heading.strip(), None  # a remark: `II (chest strap)`
    return match["name"].strip() or heading.strip(), unit
