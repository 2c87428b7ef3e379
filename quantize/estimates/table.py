"""Tables of ECGs, most with the potassium of a blood test: the layout that `splkit train --pairs` reads."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from splkit.errors import UsageError, reason
from splkit.train.pairs import COLUMNS, POTASSIUM_MEQ_L, place_of

RECORD, PATIENT, POTASSIUM = COLUMNS
CHANNEL = "channel"


class Row(NamedTuple):
    """One row.

    Attributes:
        record: as the table has it.
        path: the same, seen from the table's folder, or its URL.
        patient: any name; "" where none is given.
        potassium_meq_l: mEq/L; None where there is none, or none that can be used.
        channel: the lead; None where none is given.
        doubt: why a potassium that is there cannot be used.
    """

    record: str
    path: str
    patient: str
    potassium_meq_l: float | None
    channel: str | None
    doubt: str = ""


def is_table(path: Path) -> bool:
    """Whether the first line of a CSV file has a column `record`, which no ECG has."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return RECORD in next(csv.reader(file), [])
    except (OSError, ValueError, csv.Error):
        return False


def read_table(path: Path) -> Iterator[Row]:
    """The rows of a table. Other columns than those of a table of pairs are not read.

    Raises:
        UsageError: it is no CSV, or a row names no record.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise _unusable(path, reason(error)) from error
    for number, cells in enumerate(rows, start=1):
        record = _cell(cells, RECORD)
        if not record:
            raise _unusable(path, f"no record in row {number}")
        potassium, doubt = _potassium(_cell(cells, POTASSIUM))
        place, channel = str(place_of(path, record)), _cell(cells, CHANNEL) or None
        yield Row(record, place, _cell(cells, PATIENT), potassium, channel, doubt)


def _potassium(text: str) -> tuple[float | None, str]:
    """The number, or why there is none."""
    if not text:
        return None, ""
    low, high = POTASSIUM_MEQ_L
    try:
        value = float(text)
    except ValueError:
        return None, f"potassium {text!r} is no number"
    if not low <= value <= high:
        return None, f"potassium {text} is outside {low:g} to {high:g} mEq/L, which is mmol/L"
    return value, ""


def _cell(cells: dict[str, str | None], name: str) -> str:
    return (cells.get(name) or "").strip()


def _unusable(path: Path, found: str) -> UsageError:
    return UsageError(
        f"a table of ECGs is a CSV file with the column {RECORD}, and {PATIENT}, {POTASSIUM}, {CHANNEL}",
        found=f"{found} ({path})",
        next_step="see docs/estimate.md",
    )
