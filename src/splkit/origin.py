"""Where this splkit was installed from, and the command that adds to it."""

import json
import shlex
import shutil
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from splkit.errors import ToolError


def install_command(*extras: str) -> str:
    """The command that adds `extras` to this Python, such as `pip install -e '.[train]'`.

    A splkit that came from a folder or a file is named by it: of that name alone a package index might hold
    nothing, or something else.
    """
    names = ",".join(sorted(set(extras)))
    return f"{_pip()} install {_requirement(names)}"


def _pip() -> str:
    """`pip` where that is this Python's, else this Python's own."""
    pip, python = shutil.which("pip"), Path(sys.executable)
    return "pip" if pip and Path(pip).parent == python.parent else f"{shlex.quote(_shown(python))} -m pip"


def _requirement(extras: str) -> str:
    """What pip is told, by PEP 610's record of what it was told before."""
    origin = _origin()
    if "url" not in origin:
        return shlex.quote(f"splkit[{extras}]")
    place = Path(unquote(urlsplit(origin["url"]).path))
    if "dir_info" in origin:
        folder = "." if place == Path.cwd() else str(place)
        flag = "-e " if origin["dir_info"].get("editable") else ""
        return f"{flag}{shlex.quote(f'{folder}[{extras}]')}"
    return shlex.quote(f"splkit[{extras}] @ {origin['url']}")


def licence_text() -> str:
    """The licence that splkit, and the C that it writes, are under.

    Raises:
        ToolError: what is installed of splkit lacks it.
    """
    text = _installed("licenses/LICENSE")
    if text is None:
        raise ToolError(
            "splkit is installed with its licence",
            found="none in what is installed",
            next_step="install it again, with pip",
        )
    return text


def _origin() -> Any:
    """The record; empty where splkit came from a package index."""
    record = _installed("direct_url.json")
    return json.loads(record) if record else {}


def _installed(name: str) -> str | None:
    """A file of what pip installed; the folder of a clone has some metadata, too, but not this."""
    texts = (each.read_text(name) for each in distributions(name="splkit"))
    return next((text for text in texts if text), None)


def _shown(path: Path) -> str:
    """From the working folder where it lies in it, else whole."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
