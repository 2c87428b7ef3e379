"""Programs that splkit runs: none of them outlives it, nor do the processes that they start."""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from splkit.interrupts import tidied

END_S = 2.0
"""How long a program may take to end when it is told to; then it is killed."""
POLL_S = 0.01


@contextmanager
def child(command: Sequence[str | Path], **options: Any) -> Iterator["subprocess.Popen[Any]"]:
    """A program in a process group of its own; if it still runs at the end, the whole group is ended.

    A Ctrl-C in the terminal thus reaches splkit alone, which ends the program and clears away behind it.

    Args:
        command: its path and its arguments.
        options: those of `subprocess.Popen`.
    """
    with tidied(lambda: subprocess.Popen(command, start_new_session=True, **options), _end) as process:
        yield process
        process.wait()


def run(
    command: Sequence[str | Path], scratch: Path, folder: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    """A program to its end; what it says, and its status.

    Args:
        command: its path and its arguments.
        scratch: the folder for its temporary files.
        folder: where it works; where splkit does by default.
    """
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = os.environ | {"TMPDIR": str(scratch)}
    with child(command, text=True, errors="replace", env=environment, cwd=folder, **streams) as process:
        said, complained = process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, said, complained)


def _end(process: "subprocess.Popen[Any]") -> None:
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            with suppress(OSError):
                stream.close()
    if process.poll() is not None:
        return
    _signal(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(END_S)
    # What it started may still write into a folder that is about to be removed.
    end = monotonic() + END_S
    while _signal(process.pid, signal.SIGKILL) and monotonic() < end:
        process.poll()
        sleep(POLL_S)
    process.wait()


def _signal(group: int, number: int) -> bool:
    """Whether there was anyone left in the group."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
