"""All exceptions of splkit. Every expected failure states the rule, the value found and the next step."""

from functools import partial
from typing import Any

from pydantic import ValidationError


class SplkitError(Exception):
    """A failure that the user can correct.

    Args:
        rule: what must hold, as a clause ("a recording holds finite samples only").
        found: the value that broke it ("NaN at sample 1234 of ecg.csv").
        next_step: what to do about it ("cut the gap out, or interpolate it").

    The command line prints the message on one line and exits with `exit_code`.
    """

    exit_code = 2

    def __init__(self, rule: str, *, found: str, next_step: str) -> None:
        self.rule, self.found, self.next_step = rule, found, next_step
        super().__init__(f"{rule}; found {found}; {next_step}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Lets a worker process return the error. By default, pickle loses keyword arguments."""
        return partial(type(self), found=self.found, next_step=self.next_step), (self.rule,)


class UsageError(SplkitError):
    """Options or paths that do not fit together."""


class RecordingError(SplkitError):
    """An ECG that cannot be read or used."""


class ModelError(SplkitError):
    """A model, run folder or model card that cannot be read, converted or exported."""


class BoardError(SplkitError):
    """An unknown board, or a board description that is wrong or contradicts itself."""


class ToolError(SplkitError):
    """A compiler, a simulator or a Python extra that is missing, is too old, or has failed."""


class ParityError(SplkitError):
    """Two implementations of the same computation disagree.

    This is a fault of splkit itself: exit status 1.
    """

    exit_code = 1


def reason(error: Exception) -> str:
    """The message of a library's exception, on one line and without the path.

    splkit's own message names the path already.
    """
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(said).splitlines()[0]
