"""Tables over all pages of a folder of results: summary.csv, and pairs.csv for `splkit train --pairs`."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from splkit.ecg.paper.batch.result import PageResult, kept_result
from splkit.errors import UsageError, reason
from splkit.files import write_all

SUMMARY, PAIRS = "summary.csv", "pairs.csv"
COLUMNS = (
    "name", "source", "page", "status", "layout", "segments", "good", "lowest_confidence", "px_per_mm_x",
    "px_per_mm_y", "mm_per_s", "mm_per_mv", "estimate", "message",
)  # fmt: skip
PAIR_COLUMNS = ("record", "patient", "potassium_meq_l", "look_at")
"""The first three are `splkit train --pairs`'s; the last has the leads that are to be looked at."""


def check_tables(out: Path) -> None:
    """Raises `UsageError` where a table in `out` is none of splkit's, and so must not be replaced."""
    for name, columns in ((SUMMARY, COLUMNS), (PAIRS, PAIR_COLUMNS)):
        rows = _rows(out / name)
        if rows and rows[0][: len(columns)] != list(columns):
            raise UsageError(
                f"{name} in a folder of results is splkit's",
                found=f"other columns in {out / name}",
                next_step="move it elsewhere, or name another folder",
            )


def write_tables(out: Path, results: Iterable[PageResult]) -> None:
    """Writes both tables for these pages and all that were read into `out` before.

    What a person has filled into pairs.csv stays; rows are added for records that it lacks.

    Raises:
        UsageError: the folder cannot be written to.
    """
    kept = (kept_result(path) for path in out.rglob("*.json"))
    every = {each.name: each for each in kept if each} | {each.name: each for each in results}
    ordered = [every[name] for name in sorted(every)]
    summary = [COLUMNS, *map(_row, ordered)]
    write_all({out / SUMMARY: _csv(summary), out / PAIRS: _csv(_pairs(out, ordered))})


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _rows(path: Path) -> list[list[str]]:
    """The rows of a table; none where there is no file.

    Raises:
        UsageError: it cannot be read as CSV.
    """
    if not path.exists():
        return []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.reader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise UsageError(
            f"{path.name} in a folder of results is splkit's",
            found=f"{path} ({reason(error)})",
            next_step="move it elsewhere, or name another folder",
        ) from error


def _pairs(out: Path, results: Iterable[PageResult]) -> list[list[str]]:
    rows = {row[0]: row for row in _rows(out / PAIRS)[1:] if row}
    kept = {record: row for record, row in rows.items() if any(row[1:3]) or (out / f"{record}.hea").exists()}
    for each in results:
        header = next((name for name in each.files if name.endswith(".hea")), None)
        if header and each.reading:
            record = header.removesuffix(".hea")
            doubtful = " ".join(dict.fromkeys(segment.lead for segment in each.reading.doubtful))
            filled = kept.get(record, ["", "", ""])[1:3]
            kept[record] = [record, *filled, doubtful, *kept.get(record, [])[len(PAIR_COLUMNS) :]]
    header_row = (_rows(out / PAIRS) or [list(PAIR_COLUMNS)])[0]
    return [header_row, *(kept[record] for record in sorted(kept))]


def _row(result: PageResult) -> tuple[object, ...]:
    head = (result.name, result.source, result.page, result.status)
    reading = result.reading
    if reading is None:
        return (*head, *[""] * 8, result.estimate, result.message)
    segments = reading.segments
    scales = (" ".join(f"{each:g}" for each in values) for values in (reading.mm_per_s, reading.mm_per_mv))
    return (
        *head,
        reading.layout,
        len(segments),
        len(segments) - len(reading.doubtful),
        f"{min((each.confidence for each in segments), default=0.0):.3f}",
        f"{reading.px_per_mm_x:.3f}",
        f"{reading.px_per_mm_y:.3f}",
        *scales,
        result.estimate,
        result.message,
    )
