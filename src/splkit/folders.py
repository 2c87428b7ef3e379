"""Folders that splkit makes: whole or not at all, and replaced only where they hold nothing of the user's."""

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
"""Files that a refusal names; the others it counts."""


def own_place(folder: Path, what: str) -> Path:
    """Where a folder of results really is, links followed.

    Args:
        folder: as the user named it.
        what: of the results, for the message ("an export").

    Raises:
        UsageError: it is the working folder, one above it, or nothing that a folder can be.
    """
    try:
        place, here = folder.resolve(), Path.cwd()
    except (OSError, ValueError, RuntimeError) as error:  # a loop of links, a NUL
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
    """A folder beside `place` that takes its place if all goes well, and vanishes otherwise.

    The place is taken at the start. With `force` it may hold files that splkit made and nobody changed.
    It is the verb's whole result: once it has its name, signals are ignored.

    Args:
        place: of `own_place`.
        what: of the results, for messages.
        force: replace what is there.
        known: SHA-256 of the files that splkit made in a folder, by path; a `UsageError` where it made none.

    Raises:
        UsageError: the place is in use, holds anything of the user's, or cannot be written to.
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
    """A folder for temporary files, which is gone at the end."""
    with tidied(lambda: Path(tempfile.mkdtemp(prefix="splkit-")), _remove) as folder:
        yield folder


def replace_folder(made: Path, place: Path, check: Callable[[Path], None] = lambda _: None) -> None:
    """Gives the folder `made` the name `place`, in the same parent; what stood there goes last.

    `check` sees what stood there when nobody finds it by its name any more; if it raises, all is as it was.
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
    """The SHA-256 of every file of a folder, by its path in it."""
    return {name: digest(folder / name) for name in entries(folder) if (folder / name).is_file()}


def entries(folder: Path) -> list[str]:
    """All files and links below a folder, by their paths in it, sorted. Links are not followed."""
    found = []
    for at, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(at) / name).is_symlink()]
        found += [(Path(at) / name).relative_to(folder).as_posix() for name in (*files, *links)]
    return sorted(found)


def strangers(folder: Path, known: Mapping[str, str]) -> list[str]:
    """What a folder holds beside the files in `known`, and those of them whose SHA-256 is another now."""

    def is_known(name: str) -> bool:
        path = folder / name
        return name in known and path.is_file() and not path.is_symlink() and digest(path) == known[name]

    return [name for name in entries(folder) if not is_known(name)]


def refuse_strangers(folder: Path, known: Mapping[str, str], place: Path) -> None:
    """Raises `UsageError` by name where a folder, called `place`, holds more than splkit made."""
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
    """What a process that was killed has left of a replacement: its first half is undone, its second done."""
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
