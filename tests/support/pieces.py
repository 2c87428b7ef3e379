"""Pieces of work that other processes do, in ways that tests choose."""

import os

from splkit.errors import ModelError
from splkit.progress import Advance, tell


def do_five(advance: Advance) -> None:
    """Five steps, and a figure."""
    tell(advance, "halfway")
    advance(2)
    advance(3)


def fail(advance: Advance) -> None:
    """A step, then an error that says what to do."""
    advance(1)
    raise ModelError("a rule", found="7", next_step="do that")


def die(_advance: Advance) -> None:
    """The process ends, as when memory runs out."""
    os._exit(9)


def threads(advance: Advance) -> None:
    """As many steps as a computation has threads here."""
    advance(int(os.environ["TF_NUM_INTRAOP_THREADS"]))
