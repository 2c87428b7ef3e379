"""Recordings out of the bytes that a test made."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording
from splkit.errors import RecordingError


def read_made(
    folder: Path, data: bytes | str, channel: str | int | None = None, name: str = "made"
) -> Recording:
    """What splkit reads of a file of these bytes; its name says nothing, unless one is given."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_recording(path, channel)


def assert_refused(folder: Path, data: bytes | str, said: str, name: str = "made") -> None:
    """It is refused by one sentence that matches `said`, a regular expression."""
    with pytest.raises(RecordingError, match=said) as caught:
        read_made(folder, data, name=name)
    assert "\n" not in str(caught.value)


def assert_reads(recording: Recording, expected_mv: NDArray[np.float64], fs_hz: float, channel: str) -> None:
    """Samples to a hundredth of a nanovolt, rate and name."""
    assert recording.channel == channel
    assert recording.fs_hz == pytest.approx(fs_hz, rel=1e-9)
    np.testing.assert_allclose(recording.signal_mv, expected_mv, rtol=0, atol=1e-8)
