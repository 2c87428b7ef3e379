"""Results: never over another unless asked, and never half of one."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from splkit.errors import UsageError, reason


def require_free(path: Path, force: bool) -> None:
    """Raises `UsageError` where `path` exists and `force` was not given."""
    if path.exists() and not force:
        raise UsageError(
            "results go into a new file", found=f"{path} in use", next_step="name another, or add --force"
        )


def write_whole(path: Path, content: bytes) -> None:
    """Writes beside `path` and renames into it, with the permissions of any new file.

    Raises:
        UsageError: the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            Path(beside).chmod(0o666 & ~_umask())
            Path(beside).replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(beside).unlink()
    except OSError as error:
        raise UsageError(
            "results go where files can be written",
            found=f"{path} ({reason(error)})",
            next_step="name another folder",
        ) from error


def replace_folder(made: Path, place: Path) -> None:
    """Gives the folder `made` the name `place`, in the same parent; what stood there goes last."""
    if not place.exists():
        made.rename(place)
        return
    before = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    place.rename(before / place.name)
    try:
        made.rename(place)
    except BaseException:  # Ctrl-C too
        if not place.exists():
            (before / place.name).rename(place)
        raise
    finally:
        shutil.rmtree(before)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
