"""The terminal: results go to stdout, everything else (progress, notes, errors) to stderr."""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from splkit.escapes import json_on_terminal, on_terminal
from splkit.progress import Advance

PIPED_WIDTH = 140
"""Columns where nobody's terminal sets a width: in files and logs."""


class Terminal(Console):
    """Shows every text as it is, on one line: no markup, no emoji codes, control characters as escapes.

    All that is printed comes through `render_str`: arguments of `print`, cells and titles of tables. Styled
    text comes from `styled`, text of several lines from `drawing` and `print_document`; no other place makes
    a `Text` of rich's. tests/commands/test_terminal.py holds this.
    """

    def render_str(self, text: str, **options: Any) -> Text:
        """The text as rich shows it; its options of markup, emoji and highlighting are left out."""
        return super().render_str(
            on_terminal(text), **(options | {"markup": False, "emoji": False, "highlight": False})
        )

    def print_document(self, text: str) -> None:
        """JSON, or lines of text: unwrapped, with its line ends."""
        self.print(Text(json_on_terminal(text)), soft_wrap=True)


out = Terminal()
if not out.is_terminal:
    out.width = PIPED_WIDTH
err = Terminal(stderr=True)


def styled(text: str, style: str = "") -> Text:
    """Text in a style of rich's ("bold red"), as it is."""
    return Text(on_terminal(text), style)


def drawing(text: str) -> Text:
    """Letters in several lines."""
    return Text("\n".join(map(on_terminal, text.split("\n"))))


def framed(title: str, *parts: RenderableType) -> Panel:
    """Parts in a frame, one below the other."""
    return Panel(Group(*parts), title=styled(title), title_align="left")


def live_view() -> Live:
    """A part of the terminal that is drawn again and again."""
    return Live(console=out, refresh_per_second=10, screen=False)


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
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        *([] if total is None else [TextColumn("left"), TimeRemainingColumn()]),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(on_terminal(description), total=total)
        yield lambda steps: bar.advance(task, steps)
