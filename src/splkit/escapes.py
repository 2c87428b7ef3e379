"""Text of users in files that other programs read: written as these take it, or refused by name."""

import json
import re
import unicodedata
from pathlib import Path

from splkit.errors import UsageError

BUILD_LETTERS = frozenset("$`\"'\\#;%<>")
"""What make, the shell or CMake read as something else than a letter of a path."""


def is_printable(letter: str) -> bool:
    """Whether a letter is shown as itself: no control character, no direction mark, no lone surrogate."""
    return letter == " " or unicodedata.category(letter)[0] not in "CZ"


def on_terminal(text: str) -> str:
    """Text on one line, as a terminal may be given it: what is not printable as Python writes it, `\\x1b`."""
    return "".join(letter if is_printable(letter) else _escaped(letter) for letter in text)


def json_on_terminal(text: str) -> str:
    """JSON or lines of text: line ends stay, what else is not printable is written as in JSON: `\\u009b`."""
    return "".join(
        letter if letter == "\n" or is_printable(letter) else json.dumps(letter)[1:-1] for letter in text
    )


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


def make_value(path: Path | str) -> str:
    """A path as a value on make's command line, which expands `$`."""
    return str(path).replace("$", "$$")


def require_one_line(path: Path) -> Path:
    """The path. Raises `UsageError` where it holds control characters: no Makefile can name it."""
    if not all(map(is_printable, str(path))):
        raise UsageError(
            "make is given paths that are text on one line",
            found=repr(str(path)),
            next_step="use a path without control characters",
        )
    return path


def require_target(path: Path) -> Path:
    """The path. Raises `UsageError` where make cannot have it among its targets."""
    if not re.fullmatch(r"[\w./+-]+", str(path), re.ASCII):
        raise UsageError(
            "temporary files go into a folder of letters, digits and ./+-_",
            found=str(path),
            next_step="set TMPDIR to another",
        )
    return path


def require_in_build_files(path: Path) -> Path:
    """The path, which goes into a Makefile and a CMakeLists.txt as it is.

    Raises:
        UsageError: it holds a letter of `BUILD_LETTERS`, or a control character.
    """
    taken = sorted(BUILD_LETTERS & set(str(require_one_line(path))))
    if taken:
        raise UsageError(
            "paths in a Makefile and a CMakeLists.txt have no letters that make, the shell or CMake read",
            found=f"{' '.join(taken)} in {path}",
            next_step="move it, or name it by a link",
        )
    return path
