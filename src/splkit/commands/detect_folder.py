"""`splkit detect` of a folder: a table, a row a file."""

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

from splkit.commands.options import print_json
from splkit.console import new_table, out, progress
from splkit.errors import UsageError

if TYPE_CHECKING:
    from splkit.ecg.rpeaks.many import Row
    from splkit.pool import Workers

EXIT_FAILED = 4


def detect_folder(
    folder: Path,
    channel: str | None,
    fs_hz: float | None,
    out_path: Path | None,
    workers: "Workers",
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Prints the table and writes it to `out_path`. Gives the exit status: 4 if some file was not read."""
    from splkit.ecg.rpeaks.many import detect_all, jobs_of
    from splkit.files import taking, write_whole

    if out_path and out_path.suffix.lower() != ".csv":
        raise UsageError(
            "the table of a folder is a .csv file", found=out_path.name, next_step="name it like beats.csv"
        )
    jobs, others = jobs_of(folder, channel, fs_hz)
    order = {job.name: at for at, job in enumerate(jobs)}
    rows = []
    with taking(out_path, force=force):
        with progress("finding R peaks", len(jobs)) as advance:
            for row in detect_all(jobs, workers):
                rows.append(row)
                advance(1)
        rows.sort(key=lambda row: order[row.file])
        if out_path:
            write_whole(out_path, _csv(rows))
    if as_json:
        print_json(json.dumps([row.facts for row in rows], indent=2))
    else:
        _print(rows, others, out_path)
    return EXIT_FAILED if any(row.statistics is None for row in rows) else 0


def _csv(rows: "list[Row]") -> bytes:
    facts = [row.facts for row in rows]
    whole = max(facts, key=len)
    text = io.StringIO()
    table = csv.DictWriter(text, list(whole), lineterminator="\n")
    table.writeheader()
    table.writerows(facts)
    return text.getvalue().encode()


def _print(rows: "list[Row]", others: int, out_path: Path | None) -> None:
    table = new_table("file", "lead", "Hz", "s", "beats", "accepted", "bpm", "", wraps=("file", ""))
    for row in rows:
        if row.statistics is None:
            table.add_row(row.file, "", "", "", "", "", "", row.why)
            continue
        said, beats = row.statistics.verdicts, row.statistics.beats
        why = ", ".join(f"{count} {word}" for word, count in said.items() if count and word != "ok")
        rate = f"{row.statistics.heart_rate_bpm:.0f}" if row.statistics.heart_rate_bpm else ""
        cells = (row.channel, f"{row.fs_hz:g}", f"{row.duration_s:.1f}", str(beats), str(said["ok"]), rate)
        table.add_row(row.file, *cells, why)
    out.print(table)
    failed = sum(row.statistics is None for row in rows)
    out.print(f"{len(rows)} file{'s' if len(rows) != 1 else ''}: {len(rows) - failed} read, {failed} not")
    if others:
        out.print(f"left out, no ECGs by their names: {others}")
    if out_path:
        out.print(f"wrote {out_path}", soft_wrap=True)
