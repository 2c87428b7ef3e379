"""Options and output that several verbs share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from splkit.console import out

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")
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
        click.option(
            "--duration", type=click.FloatRange(min=0, min_open=True), help="Seconds to use; all by default."
        ),
        click.option(
            "--fs", "ecg_fs_hz", type=float, help="Sampling rate of the file, Hz, where it does not say."
        ),
        click.option("--channel", help="Lead by name or by number from 0; the first one by default."),
    ):
        function = option(function)
    return function


def print_json(text: str) -> None:
    """Machine-readable output, unwrapped."""
    out.print(text, soft_wrap=True, markup=False, highlight=False)
