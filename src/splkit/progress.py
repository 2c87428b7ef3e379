"""How long work tells its caller how far it is, whoever that is: a progress bar, a test, nobody."""

from collections.abc import Callable

Advance = Callable[[int], None]
"""Called with the number of steps done since the last call."""


def ignore_progress(_steps: int) -> None:
    """An `Advance` for callers that show nothing."""
