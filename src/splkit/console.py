"""The terminal: results go to stdout, everything else (progress, notes, errors) to stderr."""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from splkit.progress import Advance

PIPED_WIDTH = 140
"""Columns where nobody's terminal sets a width: in files and logs."""

out = Console(highlight=False)
if not out.is_terminal:
    out.width = PIPED_WIDTH
err = Console(stderr=True, highlight=False)


def new_table(*columns: str, wraps: Container[str] = (), title: str | None = None) -> Table:
    """A table without a frame, for terminals of 80 columns; the columns `wraps` may break their lines."""
    looks: Any = {"box": box.SIMPLE_HEAD, "show_edge": False, "pad_edge": False, "padding": (0, 1, 0, 0)}
    made = Table(title=title, title_justify="left", **looks)
    for heading in columns:
        made.add_column(heading, no_wrap=heading not in wraps, overflow="fold")
    return made


@contextmanager
def progress(description: str, total: int | None) -> Iterator[Advance]:
    """A progress bar on stderr over `total` steps, None for unknown; yields what advances it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(description, total=total)
        yield lambda steps: bar.advance(task, steps)
