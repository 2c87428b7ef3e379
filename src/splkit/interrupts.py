"""Ctrl-C, SIGTERM, a closed terminal: the work stops, what it had begun is cleared away, a line says so."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE_S = 5.0
"""So long after a signal a further one is ignored, so that it does not disturb the clearing away."""
AGAIN_S = 0.02


class Interrupted(BaseException):
    """A signal asked the process to stop; `exit_code` is what a shell gives for it: 130, 143 or 129."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.exit_code = 128 + number


class _State:
    """What the handler needs to know; one a process."""

    def __init__(self) -> None:
        self.is_over = False
        self.stopped_at: float | None = None
        self.holds = 0
        self.waiting: int | None = None
        self.asked: int | None = None
        self.undo: dict[object, Callable[[], None]] = {}


_state = _State()


def catch() -> None:
    """From now on SIGINT, SIGTERM and SIGHUP raise `Interrupted` in the main thread."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, or a shell's background job
            signal.signal(number, _stop)
    sys.unraisablehook = _deliver_again


@contextmanager
def deaf_children() -> Iterator[None]:
    """Processes that are started within do not hear Ctrl-C: their parent does, and ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGHUP))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end() -> None:
    """From now on signals are ignored: the process is about to leave.

    Also called where a verb's results get their names. A signal comes too late then, and the exit status
    stays 0: a caller that sees 130 may rely on nothing having changed.
    """
    _state.is_over = True
    for number in SIGNALS:
        if signal.getsignal(number) is _stop:
            # Python drops its own handlers as it ends, and a signal would kill it; an ignored one stays so.
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def held() -> Iterator[None]:
    """A signal that comes within waits for the end. For a few system calls, never for long work."""
    _state.holds += 1
    try:
        yield
    finally:
        _state.holds -= 1
        if _state.waiting is not None and not _state.holds:
            number, _state.waiting = _state.waiting, None
            _stop(number, None)


@contextmanager
def tidied(make: Callable[[], T], undo: Callable[[T], None]) -> Iterator[T]:
    """What `make` gives; `undo` clears it away at the end, at whatever moment a signal comes."""
    token = object()
    with held():
        made = make()
        _state.undo[token] = lambda: undo(made)
    try:
        yield made
    finally:
        with held():
            _clear(token)


def raise_if_asked() -> None:
    """A signal that came is what ended the work, whatever error a library made of it.

    Raises:
        Interrupted: a signal asked the process to stop.
    """
    if _state.asked is not None:
        raise Interrupted(_state.asked)


def clear_away() -> None:
    """Whatever `tidied` could not undo itself, because a signal came at its last step."""
    for token in reversed(list(_state.undo)):
        with suppress(OSError):
            _clear(token)


def _clear(token: object) -> None:
    undo = _state.undo.pop(token, None)
    if undo:
        undo()


def _stop(number: int, _frame: FrameType | None) -> None:
    now = monotonic()
    if _state.is_over or (_state.stopped_at is not None and now - _state.stopped_at < PATIENCE_S):
        return
    _state.asked = number
    if _state.holds:
        _state.waiting = number
        return
    _state.stopped_at = now
    raise Interrupted(number)


def _deliver_again(event: "UnraisableHookArgs") -> None:
    """Python drops an exception that is raised in a destructor: the signal is sent once more."""
    if not isinstance(event.exc_value, Interrupted):
        sys.__unraisablehook__(event)
        return
    _state.stopped_at = None
    again = Timer(AGAIN_S, signal.raise_signal, [event.exc_value.number])
    again.daemon = True
    again.start()
