"""The one exception tree: every expected failure says the rule, the value found and the next step."""

from functools import partial
from typing import Any

from pydantic import ValidationError


class SplkitError(Exception):
    """Something that the user can put right.

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
        """As a worker process hands it back: keyword arguments are not pickled of themselves."""
        return partial(type(self), found=self.found, next_step=self.next_step), (self.rule,)


class UsageError(SplkitError):
    """Options or paths that do not fit together."""


class RecordingError(SplkitError):
    """An ECG that cannot be read or used."""


class ModelError(SplkitError):
    """A model, run folder or model card that cannot be read, converted or exported."""


class BoardError(SplkitError):
    """An unknown board, or a description that does not hold together."""


class ToolError(SplkitError):
    """A compiler, simulator or Python extra that is missing, too old, or failed."""


class ParityError(SplkitError):
    """Two expressions of one computation disagree: the failure that is splkit's own, exit status 1."""

    exit_code = 1


def reason(error: Exception) -> str:
    """What a library's exception says, on one line, without the path that the sentence around it names."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(said).splitlines()[0]
