"""Functions that the format modules share: whole files, leads from arrays, refusals."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Lead
from splkit.errors import RecordingError


def refusal(rule: str, found: str, next_step: str = "export the recording again") -> RecordingError:
    """An error about a file. The caller raises it."""
    return RecordingError(rule, found=found, next_step=next_step)


def whole_file(path: Path, source: str, most_bytes: int) -> bytes:
    """All bytes of a file. Only for formats with small files.

    Raises:
        RecordingError: the file has more than `most_bytes` bytes.
    """
    size = path.stat().st_size
    if size > most_bytes:
        raise refusal(
            f"such a file has at most {most_bytes >> 20} MiB",
            f"{size >> 20} MiB in {source}",
            "check the file",
        )
    return path.read_bytes()


def lead(name: str, unit: str | None, fs_hz: float | None, values: NDArray[np.floating]) -> Lead:
    """A lead with samples that are already in memory."""
    return Lead(name, unit, fs_hz, lambda: np.asarray(values, np.float64), values.size)
