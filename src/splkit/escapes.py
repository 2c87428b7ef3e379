"""Writes users' text so that other programs read it correctly, or refuses it."""

import json
import re
import unicodedata
from pathlib import Path

from splkit.errors import UsageError

BUILD_LETTERS = frozenset("$`\"'\\#;%<>")
"""Characters that have a special meaning for make, the shell or CMake."""


def is_printable(letter: str) -> bool:
    """Whether a character is shown as itself.

    Control characters, direction marks and lone surrogates are not.
    """
    return letter == " " or unicodedata.category(letter)[0] not in "CZ"


def on_terminal(text: str) -> str:
    """Text on one line that is safe on a terminal. Other characters are escaped as in Python: `\\x1b`."""
    return "".join(letter if is_printable(letter) else _escaped(letter) for letter in text)


def json_on_terminal(text: str) -> str:
    """JSON or lines of text that are safe on a terminal.

    Line ends stay; others are escaped as in JSON: `\\u009b`.
    """
    return "".join(
        letter if letter == "\n" or is_printable(letter) else json.dumps(letter)[1:-1] for letter in text
    )


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


def make_value(path: Path | str) -> str:
    """A path as a value on the command line of make. Each `$` is escaped, because make expands it."""
    return str(path).replace("$", "$$")


def require_one_line(path: Path) -> Path:
    """The path. Raises `UsageError` if it has control characters, because a Makefile cannot name it."""
    if not all(map(is_printable, str(path))):
        raise UsageError(
            "make is given paths that are text on one line",
            found=repr(str(path)),
            next_step="use a path without control characters",
        )
    return path


def require_target(path: Path) -> Path:
    """The path. Raises `UsageError` if it cannot be a target of make."""
    if not re.fullmatch(r"[\w./+-]+", str(path), re.ASCII):
        raise UsageError(
            "temporary files go into a folder of letters, digits and ./+-_",
            found=str(path),
            next_step="set TMPDIR to another",
        )
    return path


def require_in_build_files(path: Path) -> Path:
    """The path, if it can stand in a Makefile and a CMakeLists.txt without escapes.

    Raises:
        UsageError: it has a character of `BUILD_LETTERS`, or a control character.
    """
    taken = sorted(BUILD_LETTERS & set(str(require_one_line(path))))
    if taken:
        raise UsageError(
            "paths in a Makefile and a CMakeLists.txt have no letters that make, the shell or CMake read",
            found=f"{' '.join(taken)} in {path}",
            next_step="move it, or name it by a link",
        )
    return path
