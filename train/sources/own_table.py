"""A hospital's own table, a row an ECG: other headings, units and times become a table of pairs."""

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
    """The headings of a table; those that may be None need not be there.

    Attributes:
        record: of the ECG's path, seen from the folder of records.
        patient: of any name.
        potassium: of the number.
        channel: of the lead.
        unit: of the unit, where rows differ.
        ecg_time, test_time: when the ECG was taken, and when blood was drawn; both or neither.
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
        """Heading by attribute, of those that are there."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: heading for name, heading in named.items() if heading is not None}


@dataclass(frozen=True)
class Reading:
    """How the fields of a table are written.

    Attributes:
        unit: of potassium, one of `splkit.train.sources.potassium.UNITS`; a unit column is asked first.
        decimal_comma: "4,9" is 4.9.
        delimiter: between fields.
        time_format: as `datetime.strptime` takes it; ISO 8601 where None.
        within_min: minutes that may lie between ECG and blood test, where their times are there.
    """

    unit: str = "mEq/L"
    decimal_comma: bool = False
    delimiter: str = ","
    time_format: str | None = None
    within_min: int = 60


def own_table(path: Path, columns: Columns, reading: Reading) -> Table:
    """The file with the columns that are read.

    Raises:
        UsageError: one of two times is missing, or two columns have one heading.
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
    """The rows that can be used; of an ECG that stands twice with two values, none.

    Args:
        path: the table.
        records_dir: from where its records are seen.
        columns: its headings.
        reading: how its fields are written.
        advance: megabytes of `path`.

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
