"""Makes folders of results safely.

A folder is made completely or not at all. An existing one is replaced only if it holds nothing of the user's.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from splkit.errors import UsageError, reason
from splkit.files import place_taken
from splkit.interrupts import end, held, tidied

NAMED = 4
"""How many files a refusal names. The others are only counted."""


def own_place(folder: Path, what: str) -> Path:
    """The real path of a folder of results, with all links followed.

    Args:
        folder: the path that the user gave.
        what: what the results are, for the message ("an export").

    Raises:
        UsageError: it is the working folder or a parent of it, or it cannot be a folder.
    """
    try:
        place, here = folder.resolve(), Path.cwd()
    except (OSError, ValueError, RuntimeError) as error:  # a loop of links, or a NUL in the path
        raise _refused(what, f"{folder} ({reason(error)})") from error
    if place == here or place in here.parents:
        raise _refused(what, f"{folder}, where you are")
    if place.exists() and not place.is_dir():
        raise _refused(what, f"{folder}, a file")
    return place


@contextmanager
def new_folder(
    place: Path, what: str, *, force: bool, known: Callable[[Path], Mapping[str, str]]
) -> Iterator[Path]:
    """Gives a new folder beside `place`: renamed to `place` if the block succeeds, otherwise removed.

    The name `place` is reserved from the start. With `force`, a folder at `place` is replaced, if it holds
    only files that splkit made and nobody has changed. The folder is the whole result of a verb. Signals are
    ignored once it has its name.

    Args:
        place: a path from `own_place`.
        what: what the results are, for messages.
        force: whether to replace an existing folder.
        known: returns the SHA-256 of the files that splkit made in a folder, by path. It raises
            `UsageError` if splkit did not make the folder.

    Raises:
        UsageError: `place` is in use, holds something of the user's, or is not writable.
    """
    stage, before = (place.with_name(f".{place.name}.splkit-{word}") for word in ("new", "old"))

    def check(folder: Path) -> None:
        if folder.exists() and any(folder.iterdir()):
            _require_forced(place, what, force)
            refuse_strangers(folder, known(folder), place)

    with place_taken(place):
        _take_up(place, before, known)
        check(place)
        with tidied(lambda: _fresh(stage, what), _remove):
            yield stage
            with held():
                replace_folder(stage, place, check)
                end()


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for temporary files. It is removed when the block ends."""
    with tidied(lambda: Path(tempfile.mkdtemp(prefix="splkit-")), _remove) as folder:
        yield folder


def replace_folder(made: Path, place: Path, check: Callable[[Path], None] = lambda _: None) -> None:
    """Renames the folder `made` to `place`, in the same parent. The old folder at `place` is removed last.

    `check` is called with the old folder after it was renamed, so that nobody changes it meanwhile. If
    `check` raises, everything is restored.
    """
    with held():
        if not place.exists():
            made.rename(place)
            return
        before = place.with_name(f".{place.name}.splkit-old")
        place.rename(before)
        try:
            check(before)
            made.rename(place)
        except BaseException:
            before.rename(place)
            raise
        _remove(before)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in a folder, by its relative path."""
    return {name: digest(folder / name) for name in entries(folder) if (folder / name).is_file()}


def entries(folder: Path) -> list[str]:
    """The sorted relative paths of all files and links below a folder. Links are not followed."""
    found = []
    for at, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(at) / name).is_symlink()]
        found += [(Path(at) / name).relative_to(folder).as_posix() for name in (*files, *links)]
    return sorted(found)


def strangers(folder: Path, known: Mapping[str, str]) -> list[str]:
    """The files of a folder that are not in `known`, and those that have another SHA-256 than in `known`."""

    def is_known(name: str) -> bool:
        path = folder / name
        return name in known and path.is_file() and not path.is_symlink() and digest(path) == known[name]

    return [name for name in entries(folder) if not is_known(name)]


def refuse_strangers(folder: Path, known: Mapping[str, str], place: Path) -> None:
    """Raises `UsageError` if a folder holds more than splkit made.

    The message names the files and `place`.
    """
    found = strangers(folder, known)
    if found:
        rest = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        raise UsageError(
            "--force replaces what splkit made and nobody changed",
            found=f"{', '.join(found[:NAMED])}{rest} in {place}",
            next_step="move them elsewhere, or name another folder",
        )


def _require_forced(place: Path, what: str, force: bool) -> None:
    if not force:
        raise UsageError(
            f"{what} goes into a new folder",
            found=f"{place} in use",
            next_step="name another, or add --force",
        )


def _take_up(place: Path, before: Path, known: Callable[[Path], Mapping[str, str]]) -> None:
    """Repairs a replacement during which a process was killed.

    If only the old folder was renamed, it gets its name back. If the new folder has its name already, the old
    one is removed.
    """
    with held():
        if before.exists():
            if not place.exists():
                before.rename(place)
                return
            refuse_strangers(before, known(before), before)
            _remove(before)


def _fresh(folder: Path, what: str) -> Path:
    _remove(folder)
    try:
        folder.mkdir()
    except OSError as error:
        raise _refused(what, f"{folder} ({reason(error)})") from error
    return folder


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _refused(what: str, found: str) -> UsageError:
    return UsageError(
        f"{what} goes into a folder of its own", found=found, next_step="name one, like firmware"
    )
