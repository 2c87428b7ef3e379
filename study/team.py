"""Processes that do pieces of work side by side, on one core each, and say how far they are."""

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
"""A function of a module, with the arguments that it is called with (`functools.partial`)."""
DIED: Final = (
    "a piece of a study is done by a process that lasts; found one that ended before its time, perhaps for "
    "want of memory; use fewer --workers, and give the same command again"
)


class _Ended(NamedTuple):
    """What a member says last of a task: why it failed, None where it did not."""

    failure: str | None


def side_by_side(
    tasks: Sequence[Task], advances: Sequence[Advance], members: int
) -> Iterator[tuple[int, str | None]]:
    """The number of each task and why it failed, None where it did not, in the order in which they end.

    What a task computes does not depend on how many members there are: each has one thread. A member that
    dies takes its task with it, and another one takes its place.

    Args:
        tasks: what is done.
        advances: by task, who hears of its steps and figures.
        members: processes at once.
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
    """The processes, and the tasks that they are at.

    Attributes:
        at_work: by a member's end of its channel, the number of its task.
    """

    def __init__(self) -> None:
        self._processes = get_context("spawn")
        self._members: list[tuple[Connection, BaseProcess]] = []
        self.at_work: dict[Connection, int] = {}

    def join(self) -> Connection:
        """A new member's channel."""
        ours, theirs = self._processes.Pipe()
        process = self._processes.Process(target=_work, args=(theirs,), daemon=True)
        with deaf_children():
            process.start()
        theirs.close()  # so that a member that dies is heard
        self._members.append((ours, process))
        return ours

    def give(self, channel: Connection, number: int, task: Task) -> None:
        """A task to a member that has none."""
        self.at_work[channel] = number
        with suppress(OSError):  # a member that died is heard next
            channel.send(task)

    def dismiss(self) -> None:
        """Ends the processes, busy or not."""
        for channel, process in self._members:
            channel.close()
            process.terminate()
        for _, process in self._members:
            process.join()


def _heard(channel: Connection) -> "int | str | _Ended | None":
    """Steps, figures or an end; None of a member that died."""
    try:
        said: int | str | _Ended = channel.recv()
    except (EOFError, OSError):
        return None
    return said


def _work(channel: Connection) -> None:
    """A member: does one task after the other, and ends with its parent."""
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
    """A member's `splkit.progress.Shown`: steps and figures go to the parent."""

    def __init__(self, channel: Connection) -> None:
        self._channel = channel

    def __call__(self, steps: int) -> None:
        self._channel.send(steps)

    def stage(self, name: str, steps: int, unit: str | None) -> None:
        """The study has stages of its own."""

    def tell(self, text: str) -> None:
        self._channel.send(text)

    def note(self, text: str) -> None:
        """The same would be said of every training."""
