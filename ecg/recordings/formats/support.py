"""What the modules of formats share: whole files, leads out of arrays, refusals."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Lead
from splkit.errors import RecordingError


def refusal(rule: str, found: str, next_step: str = "export the recording again") -> RecordingError:
    """An error about a file; whoever finds the fault raises it."""
    return RecordingError(rule, found=found, next_step=next_step)


def whole_file(path: Path, source: str, most_bytes: int) -> bytes:
    """All bytes of a file of a format whose files are small.

    Raises:
        RecordingError: it has more than `most_bytes`.
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
    """A lead whose samples are in memory already."""
    return Lead(name, unit, fs_hz, lambda: np.asarray(values, np.float64), values.size)
