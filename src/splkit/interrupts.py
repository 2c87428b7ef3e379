"""Handles Ctrl-C, SIGTERM and a closed terminal.

The work stops, unfinished results are removed, one line says so.
"""

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
"""Time in s after a signal in which another one is ignored, so that it does not interrupt the cleaning up."""
AGAIN_S = 0.02


class Interrupted(BaseException):
    """A signal asked the process to stop. `exit_code` is the usual one of shells: 130, 143 or 129."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.exit_code = 128 + number


class _State:
    """The state of the signal handler. A process has one."""

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
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup and background jobs ignore it
            signal.signal(number, _stop)
    sys.unraisablehook = _deliver_again


@contextmanager
def deaf_children() -> Iterator[None]:
    """Processes that are started in the block ignore Ctrl-C. Their parent receives it, and ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGHUP))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end() -> None:
    """From now on signals are ignored: the process is about to leave.

    It is also called when the results of a verb get their names. A later signal changes nothing, and the exit
    status stays 0. So a caller that sees 130 can rely on it that no result was written.
    """
    _state.is_over = True
    for number in SIGNALS:
        if signal.getsignal(number) is _stop:
            # Python removes its handlers when it ends, and a signal would then kill it. Ignored ones stay so.
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def held() -> Iterator[None]:
    """Delays a signal until the block ends. Use it for a few system calls, never for long work."""
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
    """Yields the result of `make`. `undo` removes it when the block ends, even if a signal comes."""
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
    """Call this when a library reports an error: if a signal came, the signal is the real cause.

    Raises:
        Interrupted: a signal asked the process to stop.
    """
    if _state.asked is not None:
        raise Interrupted(_state.asked)


def clear_away() -> None:
    """Undoes what `tidied` could not undo itself because a signal came at its last step."""
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
    """Sends the signal once more if it came in a destructor, where Python drops the exception."""
    if not isinstance(event.exc_value, Interrupted):
        sys.__unraisablehook__(event)
        return
    _state.stopped_at = None
    again = Timer(AGAIN_S, signal.raise_signal, [event.exc_value.number])
    again.daemon = True
    again.start()
