"""made.json lists the files that splkit wrote into a folder, so that --force replaces only those."""

import json
from collections.abc import Iterable
from pathlib import Path

from splkit.errors import UsageError, reason
from splkit.files import write_whole
from splkit.folders import digest, digests, entries

LISTING = "made.json"


def list_made(folder: Path) -> None:
    """Writes the list of all files of a folder that has just been made, with their SHA-256."""
    _write(folder, digests(folder))


def add_made(folder: Path, paths: Iterable[Path]) -> None:
    """Adds files that were made later to the lists of their folders, where there is such a list."""
    if (folder / LISTING).is_file():
        inside = [path.resolve() for path in paths if path.resolve().is_relative_to(folder.resolve())]
        new = {path.relative_to(folder.resolve()).as_posix(): digest(path) for path in inside}
        _write(folder, _read(folder) | new)


def made(folder: Path) -> dict[str, str]:
    """SHA-256 of the files that splkit made in a folder, by path.

    Raises:
        UsageError: the folder has no list, so that it is not known who made its files.
    """
    return _read(folder) | {LISTING: digest(folder / LISTING)}


def refuse_unknown(folder: Path, names: Iterable[str]) -> None:
    """Raises `UsageError` if a folder that is about to be replaced holds other files than `names`."""
    found = sorted(set(entries(folder)) - set(names)) if folder.is_dir() else []
    if found:
        raise UsageError(
            f"{folder} is made anew and holds nothing else",
            found=found[0],
            next_step="move it elsewhere",
        )


def _read(folder: Path) -> dict[str, str]:
    try:
        listed = json.loads((folder / LISTING).read_bytes())
        if not isinstance(listed, dict):
            raise ValueError("no table of files")
        return {str(name): str(value) for name, value in listed.items()}
    except (OSError, ValueError) as error:
        raise UsageError(
            "--force replaces a folder that lists what splkit made",
            found=f"{folder / LISTING}: {reason(error)}",
            next_step="name another folder, or remove this one yourself",
        ) from error


def _write(folder: Path, files: dict[str, str]) -> None:
    write_whole(folder / LISTING, (json.dumps(dict(sorted(files.items())), indent=2) + "\n").encode())
