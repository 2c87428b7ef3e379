"""A recording as an exported folder's firmware takes it: one lead, at its rate, in its counts."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import to_counts
from splkit.ecg.recordings.recording import Recording, resample
from splkit.errors import RecordingError
from splkit.firmware.manifest import read_manifest

SHORTEST_S = 2.0
"""The front end learns for so long before it reports a beat."""

Respond = Callable[[str], str]
"""Called with the text of each line that a firmware writes; what to send then, newlines included."""


def listen(_line: str) -> str:
    """The `Respond` that sends nothing."""
    return ""


def counts_for(folder: Path, recording: Recording, duration_s: float | None = None) -> NDArray[np.int16]:
    """int16[n] counts of the recording's first `duration_s` seconds, resampled to the folder's rate.

    Raises:
        UsageError: not an exported folder.
        RecordingError: a recording too short to find a beat in.
    """
    manifest = read_manifest(folder)
    if recording.fs_hz != manifest.fs_hz:
        recording = resample(recording, manifest.fs_hz)
    counts = to_counts(recording, manifest.front_end)
    if duration_s is not None:
        counts = counts[: round(duration_s * manifest.fs_hz)]
    if len(counts) < SHORTEST_S * manifest.fs_hz:
        raise RecordingError(
            f"a recording lasts at least {SHORTEST_S:g} s",
            found=f"{len(counts) / manifest.fs_hz:.3g} s of {recording.source}",
            next_step="take a longer one",
        )
    return counts
