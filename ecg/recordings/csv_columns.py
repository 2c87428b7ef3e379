"""Reads a column of a CSV file as numbers or texts, block by block."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import check_length
from splkit.ecg.recordings.csv_text import BLANKS, Layout, blocks, is_comment, is_number
from splkit.errors import RecordingError, reason

_QUOTE_INSIDE = re.compile(r"['\"](?<=[\d.].)['\"]*[\d.+-]")  # quote first: it is rare, so this is fast


def numbers(path: Path, layout: Layout, column: int, source: str, *, spaced: bool) -> NDArray[np.float64]:
    """A column as float64[n], with NaN for each blank cell.

    `spaced` allows blank lines between rows. They are safe only if the file has a column of times, which
    would show that a row is missing.

    Raises:
        RecordingError: a cell is no number, a row has another width, or a line is blank and `spaced` is
            False.
    """
    parts, count = [], 0
    for first, lines in _rows(path, layout, source, spaced=spaced):
        parts.append(_block(lines, first, layout, column, source))
        count += len(lines)
        check_length(count, source)
    return np.concatenate(parts) if parts else np.empty(0)


def texts(path: Path, layout: Layout, column: int, source: str) -> list[str]:
    """A column as texts, unchanged.

    Raises:
        RecordingError: a row does not have the column.
    """
    found: list[str] = []
    for first, lines in _rows(path, layout, source, spaced=True):
        found += _cells(lines, first, layout, column, source)
        check_length(len(found), source)
    return found


def _rows(path: Path, layout: Layout, source: str, *, spaced: bool) -> Iterator[tuple[int, list[str]]]:
    """Blocks of the table's lines without comments, each with the number of its first line (from 1)."""
    line_number, blank_at = 0, None
    for block in blocks(path, layout.encoding, source):
        first = max(layout.first_line - line_number, 0)
        lines = block[first:]
        start = line_number + first + 1
        line_number += len(block)
        kept = [line for line in lines if line and not line.isspace() and line[0] not in "#%"]
        if len(kept) < len(lines) and not spaced:
            for at, line in enumerate(lines):
                if not line.strip():
                    blank_at = blank_at or start + at
                elif blank_at and not is_comment(line):
                    raise RecordingError(
                        "a table without times has no blank lines: each may be a missing sample",
                        found=f"line {blank_at} blank in {source}",
                        next_step="write nan where a sample is missing, or remove the blank lines",
                    )
        if kept:
            yield start, kept


def _block(lines: list[str], first: int, layout: Layout, column: int, source: str) -> NDArray[np.float64]:
    """One block as numbers. It is parsed at once if every cell is a number, else cell by cell."""
    mark = layout.delimiter
    if _is_plain(lines, layout):
        text = "\n".join(lines)
        if ('"' in text or "'" in text) and not _QUOTE_INSIDE.search(text):
            text = text.replace('"', "").replace("'", "")
        plain = (text.replace(",", ".") if layout.decimal_comma else text).split("\n")
        with suppress(ValueError):
            values = np.loadtxt(plain, np.float64, delimiter=mark, usecols=column, comments=None, ndmin=1)
            if values.size == len(lines):  # loadtxt skips a row in which only quotes are left
                return values
    found = _cells(lines, first, layout, column, source)
    values = np.empty(len(found))
    for at, cell in enumerate(found):
        if cell.lower() in BLANKS:
            values[at] = np.nan
        elif is_number(cell, layout.decimal_comma):
            values[at] = float(cell.replace(",", ".") if layout.decimal_comma else cell)
        else:
            raise RecordingError(
                "every row of a CSV file holds a number for every column",
                found=f"{cell[:40]!r} in row {at + 1} after line {first - 1} of {source}",
                next_step="write nan where a sample is missing, or correct the row",
            )
    return values


def _is_plain(lines: list[str], layout: Layout) -> bool:
    """Whether every delimiter in every row separates cells, and none is inside quotes."""
    mark = layout.delimiter
    return mark is None or {line.count(mark) for line in lines} == {len(layout.rows[0]) - 1}


def _cells(lines: list[str], first: int, layout: Layout, column: int, source: str) -> list[str]:
    if layout.delimiter is not None and _is_plain(lines, layout):
        return [line.split(layout.delimiter, column + 1)[column].strip().strip("'\"") for line in lines]
    if layout.delimiter is None:
        rows: Iterator[list[str]] = (line.split() for line in lines)
    else:
        rows = csv.reader(lines, delimiter=layout.delimiter, skipinitialspace=True)
    found: list[str] = []
    width = len(layout.rows[0])
    try:
        for row in rows:
            if len(row) != width:
                place = f"row {len(found) + 1} after line {first - 1}"
                raise RecordingError(
                    "every row of a CSV file holds a number for every column",
                    found=f"{len(row)} cells in place of {width} in {place} of {source}",
                    next_step="correct the row: it may be cut short",
                )
            found.append(row[column].strip().strip("'\""))
    except csv.Error as error:
        raise RecordingError(
            "the cells of a CSV file are split by one mark",
            found=f"{reason(error)} after line {first - 1} of {source}",
            next_step="export it again",
        ) from error
    if len(found) != len(lines):
        raise RecordingError(
            "a quote in a CSV file ends in its row",
            found=f"{len(lines)} lines and {len(found)} rows after line {first - 1} of {source}",
            next_step="remove the quote, or export it again",
        )
    return found
