"""The terminal: results go to stdout, everything else (progress, notes, errors) to stderr."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

PIPED_WIDTH = 140
"""Columns where nobody's terminal sets a width: in files and logs."""

out = Console(highlight=False)
if not out.is_terminal:
    out.width = PIPED_WIDTH
err = Console(stderr=True, highlight=False)

Advance = Callable[[int], None]
"""Called with the number of steps done since the last call."""


def ignore_progress(_steps: int) -> None:
    """An `Advance` for callers that show nothing."""


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
