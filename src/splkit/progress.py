"""How long work reports its progress to its caller: a progress bar, a test, or nobody."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

Advance = Callable[[int], None]
"""A function that is called with the number of steps done since its last call."""


@runtime_checkable
class Shown(Protocol):
    """An `Advance` that shows the progress to a user."""

    def __call__(self, steps: int) -> None:
        """Reports that `steps` more steps are done."""

    def stage(self, name: str, steps: int, unit: str | None) -> None:
        """Begins a stage with a name and a number of steps.

        `unit` is what a step is ("patients"), or "" if steps are nothing that can be counted.
        """

    def tell(self, text: str) -> None:
        """Shows the newest figures of the work in place of the older ones."""

    def note(self, text: str) -> None:
        """Prints a line that stays."""


class Within:
    """A `Shown` for a part of the work. Its stages have the part's name in front: `fold 2 of 5, training`."""

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
    """An `Advance` that shows nothing."""


def stage(advance: Advance, name: str, steps: int, unit: str | None = None) -> None:
    """Calls `Shown.stage`, if `advance` is a `Shown`."""
    if isinstance(advance, Shown):
        advance.stage(name, steps, unit)


def tell(advance: Advance, text: str) -> None:
    """Calls `Shown.tell`, if `advance` is a `Shown`."""
    if isinstance(advance, Shown):
        advance.tell(text)


def note(advance: Advance, text: str) -> None:
    """Calls `Shown.note`, if `advance` is a `Shown`."""
    if isinstance(advance, Shown):
        advance.note(text)
