"""Tables: numbers are rounded on the page, and have all digits in the CSV file."""

import csv
import io
from dataclasses import dataclass
from typing import NamedTuple

DECIMALS = 3
"""Decimals of a number on the page. Integers have none."""


class Interval(NamedTuple):
    """A value and the ends of its interval. None means not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Link(NamedTuple):
    """A link to a table or figure of the same page, by its name."""

    name: str


Cell = str | int | float | Interval | Link | None


@dataclass(frozen=True)
class Table:
    """A table of a report.

    Attributes:
        name: name of its CSV file, and of its anchor in the page.
        caption: what the table shows, with units.
        columns: the headings.
        rows: the rows, with one cell for each column.
    """

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def csv(self) -> str:
        """The whole table as CSV. A column of intervals becomes three columns."""
        wide = [any(isinstance(row[at], Interval) for row in self.rows) for at in range(len(self.columns))]
        heading: list[str] = []
        for name, is_wide in zip(self.columns, wide, strict=True):
            heading += [name, f"{name}: low", f"{name}: high"] if is_wide else [name]
        return csv_text(heading, [_flat(row, wide) for row in self.rows])

    @property
    def cells(self) -> list[list["ShownCell"]]:
        """The cells as the page shows them."""
        return [[shown(cell) for cell in row] for row in self.rows]

    @property
    def is_number(self) -> list[bool]:
        """For each column, whether it holds numbers, which are aligned to the right."""
        return [
            not any(isinstance(row[at], str | Link) for row in self.rows) for at in range(len(self.columns))
        ]


class ShownCell(NamedTuple):
    """The texts of a cell.

    Attributes:
        text: the value, "0.458", or "-" if it is not defined.
        ends: the ends of an interval, "0.440 to 0.476", or "".
        place: the anchor that the cell links to, or "".
    """

    text: str
    ends: str = ""
    place: str = ""


def shown(cell: Cell) -> ShownCell:
    """A cell as the page shows it."""
    if isinstance(cell, Interval):
        ends = "" if cell.low is None else f"{_text(cell.low)} to {_text(cell.high)}"
        return ShownCell(_text(cell.value), ends)
    return ShownCell(cell.name, place=cell.name) if isinstance(cell, Link) else ShownCell(_text(cell))


def _text(cell: str | float | None) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:.{DECIMALS}f}" if isinstance(cell, float) else cell


def csv_text(heading: list[str], rows: list[list[Cell]]) -> str:
    """Lines of CSV. Numbers have six significant digits. A value that is not defined is an empty cell."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(heading)
    lines.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue()


def _flat(row: tuple[Cell, ...], wide: list[bool]) -> list[Cell]:
    flat: list[Cell] = []
    for cell, is_wide in zip(row, wide, strict=True):
        if is_wide:
            flat += cell if isinstance(cell, Interval) else (cell, None, None)
        else:
            flat.append(cell)
    return flat


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Link):
        return cell.name
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
