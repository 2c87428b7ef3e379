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

    def stage(self, name: str, steps: int, unit: str | None) -> None:
        """What is done from here on is called `name` and takes so many steps, of `unit` each; "" for steps
        that are no things to count."""

    def tell(self, text: str) -> None:
        """The newest figures of the work; they take the place of those before."""

    def note(self, text: str) -> None:
        """A line that stays."""


class Within:
    """A `Shown` for a part of the work, whose stages are named after it too: `fold 2 of 5, training`."""

    def __init__(self, advance: Advance, name: str) -> None:
        self._advance, self._name = advance, name

    def __call__(self, steps: int) -> None:
        """`Shown.__call__`."""
        self._advance(steps)

    def stage(self, name: str, steps: int, unit: str | None) -> None:
        """`Shown.stage`."""
        stage(self._advance, f"{self._name}, {name}", steps, unit)

    def tell(self, text: str) -> None:
        """`Shown.tell`."""
        tell(self._advance, text)

    def note(self, text: str) -> None:
        """`Shown.note`."""
        note(self._advance, text)


def ignore_progress(_steps: int) -> None:
    """An `Advance` for callers that show nothing."""


def stage(advance: Advance, name: str, steps: int, unit: str | None = None) -> None:
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
