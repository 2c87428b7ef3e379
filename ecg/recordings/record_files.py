"""Lists the files of a recording, and tells whether they have changed since."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from splkit.ecg.recordings.readers import NAMED, file_of
from splkit.ecg.recordings.remote import is_remote, remote_state, remote_states
from splkit.ecg.recordings.wfdb_header import read_header
from splkit.errors import SplkitError


class FileState(NamedTuple):
    """Facts that show, without reading a file, whether it has changed.

    Attributes:
        path: the path or the URL of the file.
        bytes: its length.
        changed: the time of its last change in ns. For a URL, a mark that the server changes with the file.
    """

    path: str
    bytes: int
    changed: int | str


def files_of(name: str | Path) -> Iterator[Path]:
    """The files of a recording on this machine. A WFDB record has its header and all files that it names.

    Raises:
        RecordingError: the recording is missing, or its header cannot be read.
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
    """The state of each file of a recording. Each file occurs once.

    Raises:
        RecordingError: a file is missing, or a header cannot be read.
        OSError: the state of a file cannot be read.
    """
    if is_remote(name):
        return tuple(FileState(*state) for state in remote_states(str(name)))
    return tuple(_state(path) for path in dict.fromkeys(files_of(name)))


def are_the_same(states: tuple[FileState, ...]) -> bool:
    """Whether the files are unchanged since `states_of` was called."""
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
