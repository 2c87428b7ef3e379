"""Tables of cycles that were cut before: 270 points a row, then other columns, potassium in one of them.

That is how the thesis on which splkit rests kept its one-cycle ECGs: columns 0 to 269 the cycle at 300 Hz
with R at point 90, column 274 the label. splkit trains on what its own front end cuts, so that a device sees
the same: each cycle becomes a record in which it repeats, and is cut again.
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
"""Column of the label, from 0."""

BEATS = 14
"""The front end learns for 2 s, then needs 8."""
SEAM = 30
"""Points of a straight line from one repetition to the next: 300 points a beat, 60 beats a minute."""
R_WITHIN = 15
"""Points, 50 ms, that the highest point may be away from point 90."""


@dataclass(frozen=True)
class Layout:
    """Which column is what, from 0.

    Attributes:
        patient: whose cycle a row is; None where every row is another patient's.
        label: of potassium.
        lead: of all cycles.
        unit: of the label, one of `splkit.train.sources.potassium.UNITS`.
    """

    patient: int | None
    label: int = LABEL
    lead: str = "V5"
    unit: str = "mEq/L"


def rows_of(path: Path) -> int:
    """How many lines a table has, for a progress bar; 0 where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return sum(1 for _ in stream)
    except OSError:
        return 0


def cut_cycles(path: Path, out: Path, layout: Layout, advance: Advance = ignore_progress) -> Pairing:
    """Writes each cycle as a WFDB record in which it repeats, its R wave 1 mV high.

    The height is lost; the network never sees it, for the front end divides by it.

    Args:
        path: the table, with or without a line of headings.
        out: where records go.
        layout: of its columns.
        advance: rows.

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
    """A record in which a cycle repeats, its R wave 1 mV high; None where R is not at point 90.

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
