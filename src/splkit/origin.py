"""Where this splkit was installed from, and the command that installs its extras."""

import json
import shlex
import shutil
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


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


def _origin() -> Any:
    """PEP 610's record. It is empty if splkit was installed from a package index."""
    try:
        record = distribution("splkit").read_text("direct_url.json")
    except PackageNotFoundError:
        record = None
    return json.loads(record) if record else {}


def _shown(path: Path) -> str:
    """The path relative to the working folder if it is inside, else the whole path."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
