"""Options and output that several verbs share."""

import math
import os
import shlex
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from splkit.codegen.budget import RAM_BYTES
from splkit.console import out
from splkit.errors import UsageError


class FileOrUrl(click.Path):
    """An option that is a file or the URL of a file. A URL stays text."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Converts to the path. A URL is returned unchanged."""
        return value if "://" in str(value) else super().convert(value, param, ctx)


FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)


class Number(click.FloatRange):
    """An option that is a finite number in a range. `why` is the reason for the range; errors show it too."""

    def __init__(self, low: float, high: float, why: str, **ends: bool) -> None:
        super().__init__(low, high, **ends)
        self.why = why

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Converts to the number. The command ends if it is not finite or out of range."""
        if math.isnan(_finite_or_nan(value)):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return float(_in_range(super().convert, value, self.why, param, ctx))


class Whole(click.IntRange):
    """An option that is a whole number in a range, as `Number`."""

    def __init__(self, low: int, high: int, why: str) -> None:
        super().__init__(low, high)
        self.why = why

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Converts to the number. The command ends if it is no whole number or out of range."""
        return int(_in_range(super().convert, value, self.why, param, ctx))


def _finite_or_nan(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0  # not a number at all; Click reports it
    return number if math.isfinite(number) else math.nan


def _in_range(
    convert: Callable[..., Any],
    value: Any,
    why: str,
    param: click.Parameter | None,
    ctx: click.Context | None,
) -> Any:
    try:
        return convert(value, param, ctx)
    except click.BadParameter as error:
        raise click.BadParameter(f"{error.message} {why[0].upper()}{why[1:]}.", ctx, param) from error


DURATION = Number(0, 31 * 86400, "a month is longer than any recording", min_open=True)
PATIENTS = Whole(10, 1_000_000, "one in ten validates, and a million take months")
EPOCHS = Whole(1, 10_000, "after thousands of passes nothing is learned any more")
SEED = Whole(0, 4_000_000, "1000 seeds are made of each, of 32 bits")
WORKERS = Whole(1, 256, "each takes a core")

key_option = click.option(
    "--key", type=FILE, help="The device's key, to sign with: the file that `splkit provision` wrote."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")
channel_option = click.option(
    "--channel",
    help="Lead by name (`II` finds `Lead II`) or number from 0; by default the first that is named like one.",
)
rate_option = click.option(
    "--fs",
    "ecg_fs_hz",
    type=Number(50, 10_000, "below 50 Hz an ECG has no QRS, and none is sampled faster"),
    help="Sampling rate of the file, Hz, where it does not say.",
)


labels_option = click.option(
    "--labels",
    type=click.Choice(["measured", "simulated"]),
    help="Where the potassium of a table comes from: blood tests, or a simulator [measured].",
)


def spread_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options for work that is spread. The command gets `workers`, a `splkit.pool.Workers`."""
    workers = click.option(
        "--workers", "--jobs", "processes", type=WORKERS, help="Processes at once [one a core]."
    )
    dask = click.option(
        "--dask", metavar="ADDRESS", help="Of a Dask scheduler, whose workers do it (tcp://HOST:8786)."
    )

    @wraps(function)
    def chosen(processes: int | None, dask: str | None, **options: Any) -> Any:
        if processes and dask:
            raise UsageError(
                "work is spread over processes of this machine or over a cluster",
                found="--workers and --dask",
                next_step="leave one out; a cluster has the workers that it was started with",
            )
        return function(workers=dask or processes or len(os.sched_getaffinity(0)), **options)

    return workers(dask(chosen))


def library_shape_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options for other shapes of the library (such as an Arduino library), beside its folder."""
    for option in (
        click.option(
            "--arduino", is_flag=True, help="Write the library as an Arduino library, arduino/, as well."
        ),
        click.option(
            "--single-file", is_flag=True, help="Write the library as one .h and one .c, single/, as well."
        ),
    ):
        function = option(function)
    return function


ram_option = click.option(
    "--ram",
    "ram_bytes",
    type=Whole(64, 1 << 24, "the RAM of microcontrollers"),
    help="Bytes of RAM that an inference may take for arena, input and output: the fastest plan that fits "
    f"[{RAM_BYTES}, or the least].",
)


def within(ram_bytes: int | None) -> str:
    """A text that adds the limit of RAM to the size of an arena. Empty if there is no limit."""
    return f", the fastest within {ram_bytes:,} B of RAM" if ram_bytes else ""


force_option = click.option("--force", is_flag=True, help="Replace what is already there.")


def examples(*lines: str) -> str:
    """The end of a verb's help: examples to copy, one command on each line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def folder_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the argument DIR: a folder made by `splkit export` or, for some verbs, by `splkit compile`."""
    return click.argument("folder", metavar="DIR", type=FOLDER)(function)


def recording_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options for reading an ECG: its lead, its rate, and how much of it to read."""
    for option in (
        click.option("--duration", type=DURATION, help="Seconds to use; all by default."),
        rate_option,
        channel_option,
    ):
        function = option(function)
    return function


def print_next(*words: str | Path) -> None:
    """Prints the command that usually follows, for copying."""
    out.print(f"  next: {shlex.join(map(str, words))}", soft_wrap=True)


def print_json(text: str) -> None:
    """Prints machine-readable output without wrapping."""
    out.print_document(text)
