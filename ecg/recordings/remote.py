"""Recordings behind a URL, in a bucket or on a server. The package fsspec fetches their files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from splkit.ecg.recordings.files import MAX_FILE_BYTES
from splkit.ecg.recordings.wfdb_header import read_header
from splkit.errors import RecordingError, SplkitError, ToolError, reason
from splkit.optional import optional

State = tuple[str, int, str]
"""The URL of a file, its length in bytes, and a mark that changes when the file changes."""


def is_remote(name: str | Path) -> bool:
    """Whether a name is a URL such as `s3://bucket/records/a1`, which fsspec can read."""
    return "://" in str(name)


@contextmanager
def fetched(url: str) -> Iterator[Path]:
    """A local copy of the recording's file, with all files that a WFDB header names.

    The copy is removed when the block ends.

    Raises:
        RecordingError: the file is missing, cannot be fetched, or is larger than a recording may be.
        ToolError: the package for this kind of URL is not installed.
    """
    with TemporaryDirectory(prefix="splkit-") as folder:
        with _reaching(url):
            files, at = _file_system(url)
            at = _found(files, at, url)
            local = Path(folder) / PurePosixPath(at).name
            for each in _fetch(files, at, local):
                _fetch_one(files, each, local.with_name(PurePosixPath(each).name))
        yield local


def remote_states(url: str) -> list[State]:
    """The state of each file of a recording, the header first.

    Raises:
        RecordingError: as `fetched`.
        ToolError: as `fetched`.
    """
    with TemporaryDirectory(prefix="splkit-") as folder, _reaching(url):
        files, at = _file_system(url)
        at = _found(files, at, url)
        local = Path(folder) / PurePosixPath(at).name
        return [_state(files, each) for each in (at, *_fetch(files, at, local))]


def remote_state(url: str) -> State:
    """The state of one file."""
    with _reaching(url):
        files, at = _file_system(url)
        return _state(files, at)


def remote_bytes(url: str) -> bytes:
    """The content of a whole file, such as a table.

    Raises:
        RecordingError: as `fetched`.
        ToolError: as `fetched`.
    """
    with _reaching(url):
        files, at = _file_system(url)
        if not files.exists(at):
            raise RecordingError(
                "a file behind a URL is there", found=f"no {url}", next_step="check the address"
            )
        return bytes(files.cat_file(at))


def _file_system(url: str) -> tuple[Any, str]:
    fsspec = optional("fsspec", "files behind a URL are fetched by fsspec")
    files, at = fsspec.core.url_to_fs(url)
    return files, at


def _found(files: Any, at: str, url: str) -> str:
    """The object to read: the URL itself, or the header if it names a WFDB record without its extension."""
    for each in (f"{at}.hea", at):
        if files.exists(each):
            return each
    raise RecordingError(
        "a recording behind a URL is there", found=f"no {url} and no {url}.hea", next_step="check the address"
    )


def _fetch(files: Any, at: str, local: Path) -> list[str]:
    """Fetches a file and the headers that it names. Returns the signal files, which are not fetched yet."""
    _fetch_one(files, at, local)
    if local.suffix != ".hea":
        return []
    header, beside = read_header(local), at.rpartition("/")[0]
    signals = dict.fromkeys(f"{beside}/{signal.file}" for signal in header.signals if signal.file != "~")
    for name in dict.fromkeys(name for name, _ in header.segments if name != "~"):
        segment = f"{beside}/{name}.hea"
        signals |= dict.fromkeys((segment, *_fetch(files, segment, local.with_name(f"{name}.hea"))))
    return list(signals)


def _fetch_one(files: Any, at: str, local: Path) -> None:
    if local.exists():
        return
    size = files.size(at) or 0
    if size > MAX_FILE_BYTES:
        raise RecordingError(
            f"a recording has at most {MAX_FILE_BYTES >> 30} GiB",
            found=f"{size / (1 << 30):.1f} GiB in {at}",
            next_step="cut it into parts",
        )
    files.get_file(at, str(local))


def _state(files: Any, at: str) -> State:
    return files.unstrip_protocol(at), int(files.size(at) or 0), str(files.ukey(at))


@contextmanager
def _reaching(url: str) -> Iterator[None]:
    """Turns any exception of a file system into one sentence about the URL."""
    try:
        yield
    except SplkitError:
        raise
    except ImportError as error:
        raise ToolError(
            "a URL is read with the package of its kind",
            found=f"{reason(error)} ({url})",
            next_step="install that package, such as s3fs or gcsfs",
        ) from error
    except Exception as error:  # each file system has exceptions of its own
        raise RecordingError(
            "a file behind a URL can be fetched",
            found=f"{url} ({type(error).__name__}: {reason(error)})",
            next_step="check the address, your access to it, and the network",
        ) from error
