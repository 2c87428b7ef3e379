"""Options and output that several verbs share."""

import math
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from splkit.console import out

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)


class Number(click.FloatRange):
    """A number that is one: Click's own ranges let NaN through."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; ends the command where it is not finite or out of range."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{number} is not a finite number.", param, ctx)
        return number


POSITIVE = Number(min=0, min_open=True)

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")
channel_option = click.option(
    "--channel", help="Lead by name or by number from 0; by default the first that is named like one."
)
rate_option = click.option(
    "--fs", "ecg_fs_hz", type=float, help="Sampling rate of the file, Hz, where it does not say."
)
force_option = click.option("--force", is_flag=True, help="Replace what is already there.")


def examples(*lines: str) -> str:
    """The end of a verb's help: commands to copy, one a line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def folder_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """DIR: a folder that `splkit export` made."""
    return click.argument("folder", metavar="DIR", type=FOLDER)(function)


def recording_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """How to read an ECG: its lead, its rate, how much of it."""
    for option in (
        click.option("--duration", type=POSITIVE, help="Seconds to use; all by default."),
        rate_option,
        channel_option,
    ):
        function = option(function)
    return function


def print_next(*words: str | Path) -> None:
    """The command that usually follows, to be copied."""
    out.print(f"  next: {shlex.join(map(str, words))}", soft_wrap=True)


def print_json(text: str) -> None:
    """Machine-readable output, unwrapped."""
    out.print_document(text)
