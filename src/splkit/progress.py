"""How long work tells its caller how far it is, whoever that is: a progress bar, a test, nobody."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

Advance = Callable[[int], None]
"""Called with the number of steps done since the last call."""


@runtime_checkable
class Shown(Protocol):
    """An `Advance` that somebody looks at."""

    def __call__(self, steps: int) -> None:
        """So many steps are done."""

    def stage(self, name: str, steps: int, unit: str) -> None:
        """What is done from here on is called `name` and takes so many steps, of `unit` each."""

    def tell(self, text: str) -> None:
        """The newest figures of the work; they take the place of those before."""

    def note(self, text: str) -> None:
        """A line that stays."""


def ignore_progress(_steps: int) -> None:
    """An `Advance` for callers that show nothing."""


def stage(advance: Advance, name: str, steps: int, unit: str) -> None:
    """`Shown.stage`, where the advance is one that is shown."""
    if isinstance(advance, Shown):
        advance.stage(name, steps, unit)


def tell(advance: Advance, text: str) -> None:
    """`Shown.tell`, where the advance is one that is shown."""
    if isinstance(advance, Shown):
        advance.tell(text)


def note(advance: Advance, text: str) -> None:
    """`Shown.note`, where the advance is one that is shown."""
    if isinstance(advance, Shown):
        advance.note(text)
