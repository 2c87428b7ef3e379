"""Writes files of results safely.

An existing file is replaced only if the user asks for it. Two processes never write the same file. A file is
never left half written.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from splkit.errors import UsageError, reason
from splkit.interrupts import held, tidied

NEW_FILE = 0o666
"""Permissions of a new file, before the umask."""


def require_free(path: Path, force: bool) -> None:
    """Raises `UsageError` if `path` exists and `force` is False, or if it exists and is no file."""
    if path.exists() and not path.is_file():
        raise UsageError("results go into a file", found=f"{path}, which is none", next_step="name another")
    if path.exists() and not force:
        raise UsageError(
            "results go into a new file", found=f"{path} in use", next_step="name another, or add --force"
        )


@contextmanager
def taking(*paths: Path | None, force: bool) -> Iterator[None]:
    """Reserves the files that the block will write. At its start they must be free.

    Raises:
        UsageError: a file exists and `force` is False, another splkit process is about to write it, or its
            folder is not writable.
    """
    with ExitStack() as stack:
        for path in filter(None, paths):
            stack.enter_context(place_taken(path))
            require_free(path, force)
        yield


@contextmanager
def place_taken(path: Path) -> Iterator[None]:
    """Reserves the name `path` for this process until the block ends.

    A lock file beside `path` marks the reservation. It ends with the process, even if the process is killed.
    Missing parent folders are made. Those that are still empty at the end are removed.

    Raises:
        UsageError: another splkit process has reserved it, or its folder is not writable.
    """
    lock = path.with_name(f".{path.name}.splkit-lock")
    with tidied(lambda: _make_folders(path.parent), _remove_empty):
        try:
            with tidied(lambda: _lock(lock, path), lambda descriptor: _unlock(lock, descriptor)):
                yield
        except _NoLockError as error:
            raise _refused(path, error.cause) from error


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file beside `path` and renames it to `path`, with the permissions of a new file.

    Raises:
        UsageError: the folder is not writable.
    """
    write_all({path: content})


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Writes files that belong together. All are complete before the first one gets its name.

    Raises:
        UsageError: a folder is not writable.
    """
    beside = {path: path.with_name(f".{path.name}.{secrets.token_hex(4)}.splkit-new") for path in contents}
    with ExitStack() as stack:
        for path, content in contents.items():
            with _refusing(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                stack.enter_context(tidied(partial(_new_file, beside[path]), _remove)).write_bytes(content)
        with held():
            for path, made in beside.items():
                with _refusing(path):
                    made.replace(path)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _refused(path, error) from error


class _NoLockError(Exception):
    def __init__(self, cause: OSError) -> None:
        self.cause = cause


def _make_folders(folder: Path) -> list[Path]:
    """Makes a folder and its parents. Returns those that did not exist, the innermost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_empty(missing)
        raise _refused(folder, error) from error
    return missing


def _remove_empty(folders: list[Path]) -> None:
    for each in folders:
        with suppress(OSError):
            each.rmdir()


def _lock(lock: Path, path: Path) -> int:
    """The descriptor of the locked file `lock`. A lock ends when its process dies."""
    try:
        while True:
            descriptor = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, NEW_FILE)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(descriptor), lock.stat()):
                    return descriptor
            except FileNotFoundError:
                pass  # another process has just released it: try again
            except OSError:
                os.close(descriptor)
                raise
            os.close(descriptor)
    except BlockingIOError as error:
        raise UsageError(
            "one splkit at a time writes to a place",
            found=f"another at work on {path}",
            next_step="wait for it, or name another place",
        ) from error
    except OSError as error:
        raise _NoLockError(error) from error


def _unlock(lock: Path, descriptor: int) -> None:
    _remove(lock)
    os.close(descriptor)


def _new_file(path: Path) -> Path:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, NEW_FILE))
    return path


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _refused(path: Path, error: OSError) -> UsageError:
    return UsageError(
        "results go where files can be written",
        found=f"{path} ({reason(error)})",
        next_step="name another folder",
    )
