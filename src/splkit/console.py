"""Output on the terminal. Results go to stdout; progress, notes and errors go to stderr."""

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
"""Width in columns of output to files and logs, where no terminal sets a width."""


class Terminal(Console):
    """A terminal that shows every text literally and on one line.

    It interprets no markup and no emoji codes, and shows control characters as escapes.

    All printed text comes through `render_str`: arguments of `print`, cells and titles of tables. Styled text
    comes from `styled`. Text of several lines comes from `drawing` and `print_document`. No other place
    makes a rich `Text`, which tests/commands/test_terminal.py checks.
    """

    def render_str(self, text: str, **options: Any) -> Text:
        """The text as rich shows it, without markup, emoji and highlighting."""
        return super().render_str(
            on_terminal(text), **(options | {"markup": False, "emoji": False, "highlight": False})
        )

    def print_document(self, text: str) -> None:
        """Prints JSON or lines of text, with its line ends and without wrapping."""
        self.print(Text(json_on_terminal(text)), soft_wrap=True)


out = Terminal()
if not out.is_terminal:
    out.width = PIPED_WIDTH
err = Terminal(stderr=True)


def styled(text: str, style: str = "") -> Text:
    """Text, taken literally, in a style of rich ("bold red")."""
    return Text(on_terminal(text), style)


def drawing(text: str) -> Text:
    """A text of several lines, such as a picture made of characters."""
    return Text("\n".join(map(on_terminal, text.split("\n"))))


def framed(title: str, *parts: RenderableType) -> Panel:
    """A frame around parts that stand one below the other."""
    return Panel(Group(*parts), title=styled(title), title_align="left")


def live_view() -> Live:
    """A part of the terminal that is redrawn while it is shown."""
    return Live(console=out, refresh_per_second=10, screen=False)


def new_table(*columns: str, wraps: Container[str] = (), title: str | None = None) -> Table:
    """A table without a frame, for terminals of 80 columns. Cells of the columns `wraps` may wrap."""
    looks: Any = {"box": box.SIMPLE_HEAD, "show_edge": False, "pad_edge": False, "padding": (0, 1, 0, 0)}
    made = Table(title=title, title_justify="left", **looks)
    for heading in columns:
        made.add_column(heading, no_wrap=heading not in wraps, overflow="fold")
    return made


@contextmanager
def progress(description: str, total: int | None) -> Iterator[Shown]:
    """Shows progress on stderr: a bar on a terminal, and otherwise one line each minute.

    Yields the `Shown` that reports steps. `total` is the number of steps, or None if it is unknown.
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
    """A bar with the newest figures below it.

    A terminal of 80 columns has no room for them beside the bar.
    """

    told = ""

    def get_renderables(self) -> Iterator[RenderableType]:
        """Overrides the method of rich."""
        yield from super().get_renderables()
        if self.told:
            yield styled(self.told)


class _Bar:
    """A `Shown` that shows a bar of rich."""

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
