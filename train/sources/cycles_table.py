"""Tables of cycles that were cut before: 270 points in a row, then other columns, one of them with potassium.

The thesis on which splkit rests kept its one-cycle ECGs like this: columns 0 to 269 hold the cycle at 300
Hz with R at point 90, and column 274 holds the label. splkit trains only on cycles that its own front end
has cut, because a device sees no others. So each cycle becomes a record in which it repeats, and the front
end cuts the record.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import CYCLE_SIZE
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.recordings.wfdb_writer import one_lead_record
from splkit.errors import RecordingError, UsageError, reason
from splkit.progress import Advance, ignore_progress
from splkit.train.sources.pairing import Pairing, PairRow, require_unit
from splkit.train.sources.potassium import read_potassium
from splkit.train.sources.reasons import LeftOut, Tally
from splkit.train.sources.usable import has_mean

FS_HZ = 300
R_POINT = 90
LABEL = 274
"""Column of the label, counted from 0."""

BEATS = 14
"""Repetitions of a cycle in its record. The front end learns for 2 s, and then needs 8 beats."""
SEAM = 30
"""Points of the straight line between two repetitions. A beat then has 300 points: 60 beats per minute."""
R_WITHIN = 15
"""Largest distance of the highest point from point 90, in points (50 ms)."""


@dataclass(frozen=True)
class Layout:
    """The meaning of the columns, which are counted from 0.

    Attributes:
        patient: column of the patient. None if every row is from another patient.
        label: column of potassium.
        lead: lead of all cycles.
        unit: unit of the label, one of `splkit.train.sources.potassium.UNITS`.
    """

    patient: int | None
    label: int = LABEL
    lead: str = "V5"
    unit: str = "mEq/L"


def rows_of(path: Path) -> int:
    """How many lines a table has, for a progress bar. 0 if the table cannot be read."""
    try:
        with path.open("rb") as stream:
            return sum(1 for _ in stream)
    except OSError:
        return 0


def cut_cycles(path: Path, out: Path, layout: Layout, advance: Advance = ignore_progress) -> Pairing:
    """Writes a WFDB record for each cycle. In the record the cycle repeats, and its R wave is 1 mV high.

    The original height is lost. That does no harm, because the front end divides each cycle by its height.

    Args:
        path: the table, with or without a line of headings.
        out: folder for the records.
        layout: meaning of the columns.
        advance: counts rows.

    Raises:
        RecordingError: the file cannot be read.
        UsageError: no row can be used, or most labels are no potassium in that unit.
    """
    tally = Tally()
    pairs: list[PairRow] = []
    rows = 0
    for rows, fields in enumerate(_rows(path), start=1):
        if pair := _pair(fields, rows, layout, out, tally):
            pairs.append(pair)
        advance(1)
    require_unit(rows, tally)
    if not pairs:
        raise UsageError(
            f"a row is a cycle of {CYCLE_SIZE} points with potassium in column {layout.label}, from 0",
            found=f"none of {rows:,} in {path} ({'; '.join(tally.lines)})",
            next_step="check the columns with --label and --patient",
        )
    return Pairing(tuple(pairs), out, rows, len({pair.patient for pair in pairs}), rows, tally)


def _rows(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream)
            first = next(reader, [])
            if first and _floats(first[:CYCLE_SIZE]) is not None:
                yield first
            yield from filter(None, reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordingError(
            "cycles stand in a CSV file", found=f"{path}: {reason(error)}", next_step="check the path"
        ) from error


def _pair(fields: list[str], number: int, layout: Layout, out: Path, tally: Tally) -> PairRow | None:
    where = f"row {number}"
    cycle = _floats(fields[:CYCLE_SIZE])
    label = fields[layout.label] if layout.label < len(fields) else ""
    potassium = read_potassium(label, layout.unit)
    patient = f"row{number}"
    if layout.patient is not None:
        patient = fields[layout.patient].strip() if layout.patient < len(fields) else ""
    if isinstance(potassium, LeftOut):
        tally.add(potassium, f"{label!r} in {where}")
    elif not patient:
        tally.add(LeftOut.NO_PATIENT, where)
    elif cycle is None or (signal_mv := repeated(cycle)) is None:
        tally.add(LeftOut.NO_CYCLE, where)
    elif not has_mean(Recording(signal_mv, FS_HZ, layout.lead, where)):
        tally.add(LeftOut.NO_MEAN, where)
    else:
        name = f"cycle{number}"
        note = f"{where}, one cycle repeated {BEATS} times"
        for file, content in one_lead_record(name, signal_mv, FS_HZ, layout.lead, note).items():
            (out / file).write_bytes(content)
        return PairRow(name, patient, round(potassium, 3), None, layout.lead)
    return None


def repeated(cycle: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """A record in which a cycle repeats, with an R wave of 1 mV. None if R is not at point 90.

    Args:
        cycle: float64[270], in any unit, R upright.
    """
    height = cycle - np.median(cycle)
    peak = int(np.argmax(height))
    if abs(peak - R_POINT) > R_WITHIN or height[peak] <= np.abs(height).max() / 2:
        return None
    height /= height[peak]
    seam = np.linspace(height[-1], height[0], SEAM + 2)[1:-1]
    return np.concatenate([*repeat(np.concatenate([height, seam]), BEATS)])


def _floats(fields: list[str]) -> NDArray[np.float64] | None:
    try:
        values = np.array([float(field) for field in fields])
    except ValueError:
        return None
    return values if values.size == CYCLE_SIZE and np.isfinite(values).all() else None
