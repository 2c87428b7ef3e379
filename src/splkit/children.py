"""Runs other programs. Neither a program nor a process that it starts outlives splkit."""

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
"""Time in s that a program has to end after it is told to. Then it is killed."""
POLL_S = 0.01


@contextmanager
def child(command: Sequence[str | Path], **options: Any) -> Iterator["subprocess.Popen[Any]"]:
    """Starts a program in its own process group. When the block ends, the group is ended if it still runs.

    Because of the group, a Ctrl-C in the terminal reaches splkit alone. splkit then ends the program and
    removes its temporary files.

    Args:
        command: path and arguments of the program.
        options: options of `subprocess.Popen`.
    """
    with tidied(lambda: subprocess.Popen(command, start_new_session=True, **options), _end) as process:
        yield process
        process.wait()


def run(
    command: Sequence[str | Path], scratch: Path, folder: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    """Runs a program to its end. Returns its output and its exit status.

    Args:
        command: path and arguments of the program.
        scratch: the folder for its temporary files.
        folder: its working folder. The default is that of splkit.
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
    # Processes that the program started may still write into a folder that is about to be removed.
    end = monotonic() + END_S
    while _signal(process.pid, signal.SIGKILL) and monotonic() < end:
        process.poll()
        sleep(POLL_S)
    process.wait()


def _signal(group: int, number: int) -> bool:
    """Sends a signal to a process group. Returns whether the group still had a process."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
