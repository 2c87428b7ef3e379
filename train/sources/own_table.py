"""Reads a table of the user's own, with one ECG in each row. It may have other headings, units and times."""

from dataclasses import dataclass, fields
from pathlib import Path

from splkit.errors import UsageError
from splkit.progress import Advance, ignore_progress
from splkit.train.sources.pairing import Pairing, PairRow, require_unit
from splkit.train.sources.potassium import read_potassium
from splkit.train.sources.reasons import LeftOut, Tally
from splkit.train.sources.tables import Table
from splkit.train.sources.times import seconds_apart


@dataclass(frozen=True)
class Columns:
    """The headings of a table. Those that are None are not in the table.

    Attributes:
        record: heading of the ECG's path, which is relative to the folder of records.
        patient: heading of the patient's name, which may be any text.
        potassium: heading of the value.
        channel: heading of the lead.
        unit: heading of the unit, if rows have different units.
        ecg_time, test_time: headings of the times of the ECG and of the draw. Either both are given or none.
    """

    record: str = "record"
    patient: str = "patient"
    potassium: str = "potassium_meq_l"
    channel: str | None = None
    unit: str | None = None
    ecg_time: str | None = None
    test_time: str | None = None

    @property
    def given(self) -> dict[str, str]:
        """The headings that are not None, by attribute."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: heading for name, heading in named.items() if heading is not None}


@dataclass(frozen=True)
class Reading:
    """How the fields of a table are written.

    Attributes:
        unit: unit of potassium, one of `splkit.train.sources.potassium.UNITS`. A column of units overrides
            it.
        decimal_comma: whether "4,9" means 4.9.
        delimiter: character between fields.
        time_format: format of the times for `datetime.strptime`, or None for ISO 8601.
        within_min: largest time between ECG and blood test in minutes, if the table has their times.
    """

    unit: str = "mEq/L"
    decimal_comma: bool = False
    delimiter: str = ","
    time_format: str | None = None
    within_min: int = 60


def own_table(path: Path, columns: Columns, reading: Reading) -> Table:
    """The file, with the columns that are read.

    Raises:
        UsageError: only one of the two times is given, or two columns have the same heading.
    """
    if (columns.ecg_time is None) != (columns.test_time is None):
        raise UsageError(
            "minutes lie between two times",
            found="one",
            next_step="give --ecg-time and --test-time, or neither",
        )
    return Table(
        path,
        tuple(columns.given.values()),
        "name the columns with --record, --patient and --potassium",
        reading.delimiter,
    )


def pair_own(
    path: Path,
    records_dir: Path,
    columns: Columns,
    reading: Reading,
    advance: Advance = ignore_progress,
) -> Pairing:
    """The rows that can be used. If an ECG is listed with two different values, neither row is used.

    Args:
        path: the table.
        records_dir: the folder to which its records are relative.
        columns: its headings.
        reading: how its fields are written.
        advance: counts megabytes of `path`.

    Raises:
        RecordingError: the file is missing or damaged, or lacks a column.
        UsageError: there is no pair, or most values are no potassium in that unit.
    """
    tally = Tally()
    names = tuple(columns.given)
    rows = 0
    found: dict[str, PairRow | None] = {}
    for rows, fields_of_row in enumerate(own_table(path, columns, reading).rows(advance), start=1):
        row = dict(zip(names, map(str.strip, fields_of_row), strict=True))
        pair = _pair(row, reading, tally, f"row {rows}")
        if pair is None:
            continue
        before = found.setdefault(pair.record, pair)
        if before is None or before.potassium_meq_l != pair.potassium_meq_l or before.patient != pair.patient:
            tally.add(LeftOut.CONTRADICTED, f"{pair.record} in row {rows}")
            found[pair.record] = None
        elif before is not pair:
            tally.add(LeftOut.ECG_TWICE, f"{pair.record} in row {rows}")
    require_unit(rows, tally)
    pairs = tuple(pair for pair in found.values() if pair)
    if not pairs:
        raise UsageError(
            "a table has a row with an ECG, a patient and potassium",
            found=f"none in {rows:,} rows of {path} ({'; '.join(tally.lines)})",
            next_step="check the columns and the unit",
        )
    return Pairing(pairs, records_dir, rows, len({pair.patient for pair in pairs}), rows, tally)


def _pair(row: dict[str, str], reading: Reading, tally: Tally, where: str) -> PairRow | None:
    for name, why in (("record", LeftOut.NO_RECORD), ("patient", LeftOut.NO_PATIENT)):
        if not row[name]:
            tally.add(why, where)
            return None
    unit = row.get("unit") or reading.unit
    potassium = read_potassium(row["potassium"], unit, decimal_comma=reading.decimal_comma)
    if isinstance(potassium, LeftOut):
        tally.add(potassium, f"{row['potassium']!r} {unit} in {where}")
        return None
    minutes = None
    if "ecg_time" in row:
        apart_s = seconds_apart(row["test_time"], row["ecg_time"], reading.time_format)
        if isinstance(apart_s, LeftOut):
            tally.add(apart_s, f"{row['ecg_time']!r} and {row['test_time']!r} in {where}")
            return None
        if abs(apart_s) > reading.within_min * 60:
            tally.add(LeftOut.ECG_ALONE, f"{apart_s / 60:.0f} min apart in {where}")
            return None
        minutes = round(apart_s / 60)
    return PairRow(row["record"], row["patient"], round(potassium, 3), minutes, row.get("channel", ""))
