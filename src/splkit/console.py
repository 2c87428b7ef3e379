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
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from splkit.escapes import json_on_terminal, on_terminal
from splkit.minutes import MinuteLines, counted
from splkit.progress import Shown

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
def progress(description: str, total: int | None) -> Iterator[Shown]:
    """How far work is, on stderr: a bar on a terminal, elsewhere a line a minute.

    Yields what advances it over `total` steps, None for unknown, and takes stages, figures and notes.
    """
    if not err.is_terminal:
        yield MinuteLines(description, total, lambda line: err.print(line, soft_wrap=True))
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
        *([] if total is None else [TextColumn("left"), TimeRemainingColumn()]),
    )
    with _Lines(*columns, console=err, transient=True) as bar:
        yield _Bar(bar, description, total)


class _Lines(Progress):
    """A bar, and below it the newest figures, for which a terminal of 80 columns has no room beside it."""

    told = ""

    def get_renderables(self) -> Iterator[RenderableType]:
        """As rich calls it."""
        yield from super().get_renderables()
        if self.told:
            yield styled(self.told)


class _Bar:
    """A bar of rich's as a `Shown`."""

    def __init__(self, bar: _Lines, name: str, total: int | None) -> None:
        self._bar = bar
        self._unit: str | None = None
        self._task = bar.add_task(on_terminal(name), total=total, count="")

    def __call__(self, steps: int) -> None:
        self._bar.advance(self._task, steps)
        task = self._bar.tasks[0]
        self._bar.update(self._task, count=counted(task.completed, task.total, self._unit, task.speed))

    def stage(self, name: str, steps: int, unit: str | None) -> None:
        self._unit, self._bar.told = unit, ""
        self._bar.reset(self._task, total=steps, description=on_terminal(name), count="")

    def tell(self, text: str) -> None:
        self._bar.told = text

    def note(self, text: str) -> None:
        self._bar.console.print(text, soft_wrap=True)
