"""The files that a recording is read from, and whether they are still the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from splkit.ecg.recordings.readers import NAMED, file_of
from splkit.ecg.recordings.remote import is_remote, remote_state, remote_states
from splkit.ecg.recordings.wfdb_header import read_header
from splkit.errors import SplkitError


class FileState(NamedTuple):
    """What tells a file from an earlier one of its name without reading it.

    Attributes:
        path: of the file, or its URL.
        bytes: its length.
        changed: when it was written, in ns; of a URL, what its server says that changes with it.
    """

    path: str
    bytes: int
    changed: int | str


def files_of(name: str | Path) -> Iterator[Path]:
    """The files of a recording on this machine: of a WFDB record the header and all that it names.

    Raises:
        RecordingError: it is not there, or its header cannot be read.
    """
    if str(name) in NAMED:
        return
    file = file_of(Path(name))
    yield file
    if file.suffix == ".hea":
        yield from _of_record(file)
    elif file.name.endswith(".hea.gz"):
        yield from file.parent.glob(f"{file.name.removesuffix('.hea.gz')}.*")


def states_of(name: str | Path) -> tuple[FileState, ...]:
    """The states of a recording's files, each once.

    Raises:
        RecordingError: a file is not there, or a header cannot be read.
        OSError: a file cannot be looked at.
    """
    if is_remote(name):
        return tuple(FileState(*state) for state in remote_states(str(name)))
    return tuple(_state(path) for path in dict.fromkeys(files_of(name)))


def are_the_same(states: tuple[FileState, ...]) -> bool:
    """Whether files are as they were when `states_of` looked at them."""
    try:
        return all(_seen_again(state) == state for state in states)
    except (OSError, SplkitError):
        return False


def _seen_again(state: FileState) -> FileState:
    if is_remote(state.path):
        return FileState(*remote_state(state.path))
    return _state(Path(state.path))


def _state(path: Path) -> FileState:
    status = path.stat()
    return FileState(str(path), status.st_size, status.st_mtime_ns)


def _of_record(header: Path) -> Iterator[Path]:
    said = read_header(header)
    yield from (header.with_name(signal.file) for signal in said.signals if signal.file != "~")
    for name, _ in said.segments:
        if name != "~":
            part = header.with_name(f"{name}.hea")
            yield part
            yield from _of_record(part)
