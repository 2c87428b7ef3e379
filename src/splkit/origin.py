"""Where this splkit was installed from, and the command that installs its extras."""

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
    """The command that installs `extras` into this Python, such as `pip install -e '.[train]'`.

    If splkit was installed from a folder or a file, the command names this folder or file. A package index
    may have no package of this name, or another one.
    """
    names = ",".join(sorted(set(extras)))
    return f"{_pip()} install {_requirement(names)}"


def _pip() -> str:
    """`pip` if the pip on PATH belongs to this Python, else a command that runs this Python's pip."""
    pip, python = shutil.which("pip"), Path(sys.executable)
    return "pip" if pip and Path(pip).parent == python.parent else f"{shlex.quote(_shown(python))} -m pip"


def _requirement(extras: str) -> str:
    """The requirement for pip. PEP 610's record says what pip was given when splkit was installed."""
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
    """PEP 610's record. It is empty if splkit was installed from a package index."""
    record = _installed("direct_url.json")
    return json.loads(record) if record else {}


def _installed(name: str) -> str | None:
    """A file that pip keeps of splkit. The metadata in the folder of a clone does not have it."""
    texts = (each.read_text(name) for each in distributions(name="splkit"))
    return next((text for text in texts if text), None)


def _shown(path: Path) -> str:
    """The path relative to the working folder if it is inside, else the whole path."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
