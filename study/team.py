"""Runs tasks in parallel processes, each on one core. The processes report their progress."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Final, NamedTuple

from splkit.errors import SplkitError
from splkit.interrupts import deaf_children, tidied
from splkit.pool import one_thread
from splkit.progress import Advance, tell

Task = Callable[[Advance], None]
"""A function of a module with its arguments (`functools.partial`). It is called with an `Advance`."""
DIED: Final = (
    "a piece of a study is done by a process that lasts; found one that ended before its time, perhaps for "
    "want of memory; use fewer --workers, and give the same command again"
)


class _Ended(NamedTuple):
    """The last message about a task: why it failed, or None if it succeeded."""

    failure: str | None


def side_by_side(
    tasks: Sequence[Task], advances: Sequence[Advance], members: int
) -> Iterator[tuple[int, str | None]]:
    """Runs all tasks. Yields the number of each task when it ends, and why it failed (None if it succeeded).

    A member is a process with one thread, so that a task's result does not depend on the number of members.
    If a member dies, its task has failed, and a new member takes its place.

    Args:
        tasks: the tasks.
        advances: for each task, what receives its steps and figures.
        members: number of processes at once.
    """
    waiting = deque(range(len(tasks)))
    with one_thread(), tidied(_Team, _Team.dismiss) as team:
        for _ in range(min(members, len(tasks))):
            team.give(team.join(), number := waiting.popleft(), tasks[number])
        while team.at_work:
            for channel in wait(list(team.at_work)):
                assert isinstance(channel, Connection)
                number = team.at_work[channel]
                said = _heard(channel)
                if isinstance(said, int):
                    advances[number](said)
                elif isinstance(said, str):
                    tell(advances[number], said)
                else:
                    yield number, DIED if said is None else said.failure
                    del team.at_work[channel]
                    if waiting:
                        free = channel if said else team.join()
                        team.give(free, number := waiting.popleft(), tasks[number])


class _Team:
    """The processes, and the tasks that they are working on.

    Attributes:
        at_work: the number of each member's task, by our end of the member's channel.
    """

    def __init__(self) -> None:
        self._processes = get_context("spawn")
        self._members: list[tuple[Connection, BaseProcess]] = []
        self.at_work: dict[Connection, int] = {}

    def join(self) -> Connection:
        """Starts a new member. Returns its channel."""
        ours, theirs = self._processes.Pipe()
        process = self._processes.Process(target=_work, args=(theirs,), daemon=True)
        with deaf_children():
            process.start()
        theirs.close()  # the channel then ends when the member dies
        self._members.append((ours, process))
        return ours

    def give(self, channel: Connection, number: int, task: Task) -> None:
        """Sends a task to a member that has none."""
        self.at_work[channel] = number
        with suppress(OSError):  # if the member has died, the next read of its channel tells
            channel.send(task)

    def dismiss(self) -> None:
        """Ends all processes, even if they are busy."""
        for channel, process in self._members:
            channel.close()
            process.terminate()
        for _, process in self._members:
            process.join()


def _heard(channel: Connection) -> "int | str | _Ended | None":
    """The next message of a member: steps, figures or the end of a task. None if the member has died."""
    try:
        said: int | str | _Ended = channel.recv()
    except (EOFError, OSError):
        return None
    return said


def _work(channel: Connection) -> None:
    """The main function of a member. It does one task after the other, and ends when its parent ends."""
    Thread(target=_end_with_parent, daemon=True).start()
    while True:
        task = channel.recv()
        try:
            task(_Teller(channel))
        except SplkitError as error:
            channel.send(_Ended(str(error)))
        else:
            channel.send(_Ended(None))


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


class _Teller:
    """The `splkit.progress.Shown` of a member. It sends steps and figures to the parent."""

    def __init__(self, channel: Connection) -> None:
        self._channel = channel

    def __call__(self, steps: int) -> None:
        self._channel.send(steps)

    def stage(self, name: str, steps: int, unit: str | None) -> None:
        """Ignored, because the study shows stages of its own."""

    def tell(self, text: str) -> None:
        self._channel.send(text)

    def note(self, text: str) -> None:
        """Ignored, because every training would give the same note."""
