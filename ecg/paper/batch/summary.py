"""summary.csv: a row a page."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from splkit.ecg.paper.batch.result import PageResult
from splkit.files import write_whole

SUMMARY = "summary.csv"
COLUMNS = (
    "name",
    "source",
    "page",
    "status",
    "layout",
    "segments",
    "good",
    "lowest_confidence",
    "px_per_mm_x",
    "px_per_mm_y",
    "mm_per_s",
    "mm_per_mv",
    "estimate",
    "message",
)


def write_summary(out: Path, results: Iterable[PageResult]) -> None:
    """Writes the table for these pages; a table of earlier ones is replaced.

    Raises:
        UsageError: the folder cannot be written to.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(each) for each in results)
    write_whole(out / SUMMARY, text.getvalue().encode())


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
