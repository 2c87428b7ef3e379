"""Tables: rounded on the page, in full as CSV."""

import csv
import io
from dataclasses import dataclass
from typing import NamedTuple

DECIMALS = 3
"""Of a number on the page; integers have none."""


class Interval(NamedTuple):
    """A figure and the ends of its interval; None is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Link(NamedTuple):
    """The name of a table or figure of the same page."""

    name: str


Cell = str | int | float | Interval | Link | None


@dataclass(frozen=True)
class Table:
    """A table of a report.

    Attributes:
        name: of its CSV file, and of its place in the page.
        caption: what it shows, with units.
        columns: headings.
        rows: a cell a column.
    """

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def csv(self) -> str:
        """All of it; a column of intervals becomes three."""
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
        """By column, whether it holds figures, which stand on the right."""
        return [
            not any(isinstance(row[at], str | Link) for row in self.rows) for at in range(len(self.columns))
        ]


class ShownCell(NamedTuple):
    """A cell in words.

    Attributes:
        text: "0.458"; what is not defined is "-".
        ends: of an interval, "0.440 to 0.476"; else "".
        place: what it links to; else "".
    """

    text: str
    ends: str = ""
    place: str = ""


def shown(cell: Cell) -> ShownCell:
    """As the page shows a cell."""
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
    """Lines of CSV; numbers with six significant digits, nothing for what is not defined."""
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
