"""Checks a file before it is read, and unpacks .gz files within a limit.

A pipe or device that never ends, or a file that is too large, is refused before anything is read.
"""

import gzip
import stat
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from splkit.errors import RecordingError, reason

MAX_FILE_BYTES = 4 << 30
"""Largest file. A 24-hour Holter of 12 leads at 1000 Hz has 2 GiB."""

MAX_UNPACKED_BYTES = 1 << 30
"""Largest content of a .gz file. A 24-hour Holter of 3 leads at 1000 Hz has 0.5 GiB."""

HEAD_BYTES = 4096
"""Bytes from the start of a file that are enough to recognize every format."""

_GZIP = b"\x1f\x8b"
_BLOCK_BYTES = 1 << 20
_MAX_FILES = 20  # files of one record: a header, signals, annotations


def require_readable(path: Path, source: str) -> None:
    """Check that `path` is a regular file of an acceptable size, without reading it.

    Raises:
        RecordingError: it is missing, larger than `MAX_FILE_BYTES`, or a folder, pipe, socket or device.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        raise RecordingError(
            "a recording is a file that can be read",
            found=f"{source}: {reason(error)}",
            next_step="check the path",
        ) from error
    if not stat.S_ISREG(status.st_mode):
        raise RecordingError(
            "a recording is a file",
            found=f"{source}, which is {_kind(status.st_mode)}",
            next_step="check the path, or save it to a file first",
        )
    if status.st_size > MAX_FILE_BYTES:
        raise RecordingError(
            f"a recording has at most {MAX_FILE_BYTES >> 30} GiB",
            found=f"{status.st_size / (1 << 30):.1f} GiB in {source}",
            next_step="cut it into parts",
        )


def head(path: Path, source: str) -> bytes:
    """The first bytes of a file.

    Raises:
        RecordingError: as in `require_readable`, or the file cannot be opened.
    """
    require_readable(path, source)
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError as error:
        raise RecordingError(
            "a recording is a file that can be read",
            found=f"{source}: {reason(error)}",
            next_step="check the path and its permissions",
        ) from error


@contextmanager
def unpacked(path: Path, source: str) -> Iterator[Path]:
    """The file itself or, for a .gz file, its unpacked content in a temporary folder.

    The temporary folder is removed when the block ends.

    Raises:
        RecordingError: the file cannot be read, is damaged, or unpacks to more than `MAX_UNPACKED_BYTES`.
    """
    if not head(path, source).startswith(_GZIP):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="splkit-") as folder:
        name = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
        plain = Path(folder) / (name or "recording")
        _unpack(path, plain, source)
        _bring_record(path, Path(folder), source)
        yield plain


def _bring_record(path: Path, folder: Path, source: str) -> None:
    """Puts the other files of a WFDB record beside the file that was unpacked. They may be packed or not."""
    stem = path.name.split(".")[0]
    others = [each for each in sorted(path.parent.glob(f"{escape(stem)}.*")) if each != path]
    if not any(each.name in (f"{stem}.hea", f"{stem}.hea.gz") for each in (path, *others)):
        return
    for other in others[:_MAX_FILES]:
        target = folder / other.name.removesuffix(".gz")
        if target.exists() or not other.is_file():
            continue
        if other.suffix == ".gz":
            _unpack(other, target, source)
        else:
            target.symlink_to(other.resolve())


def _unpack(path: Path, plain: Path, source: str) -> None:
    try:
        with gzip.open(path, "rb") as packed, plain.open("wb") as stream:
            size = 0
            while block := packed.read(_BLOCK_BYTES):
                size += len(block)
                if size > MAX_UNPACKED_BYTES:
                    raise RecordingError(
                        f"a .gz file holds at most {MAX_UNPACKED_BYTES >> 30} GiB",
                        found=f"more in {source}",
                        next_step="unpack it, check what it is, and cut it into parts",
                    )
                stream.write(block)
    except (OSError, EOFError, zlib.error) as error:
        raise RecordingError(
            "a .gz file can be unpacked whole",
            found=f"{source}: {reason(error)}",
            next_step="fetch it again",
        ) from error


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a named pipe"
    return "a device" if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) else "no regular file"
