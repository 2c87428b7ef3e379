"""From millivolts to the int16 counts that an analogue-to-digital converter would deliver."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.config import FrontEndConfig
from splkit.errors import RecordingError


class Signal(Protocol):
    """What `to_counts` needs of a recording."""

    @property
    def signal_mv(self) -> NDArray[np.float64]:
        """One lead, mV, float64[n]."""

    @property
    def fs_hz(self) -> float:
        """Sampling rate, Hz."""


def to_counts(recording: Signal, config: FrontEndConfig) -> NDArray[np.int16]:
    """The recording in counts of `config.uv_per_count`, int16[n], rounded to the nearest and saturated.

    Raises:
        RecordingError: the recording's rate is not the front end's, or a sample is not finite.
    """
    if recording.fs_hz != config.fs_hz:
        raise RecordingError(
            f"the front end made for {config.fs_hz} Hz takes recordings at that rate",
            found=f"{recording.fs_hz:g} Hz",
            next_step="resample the recording, or make the front end for its rate",
        )
    counts = np.rint(recording.signal_mv * (1000.0 / config.uv_per_count))
    if not np.isfinite(counts).all():
        raise RecordingError(
            "a recording holds finite samples only",
            found=f"a NaN or infinity at sample {int(np.argmin(np.isfinite(counts)))}",
            next_step="cut the gap out, or interpolate it",
        )
    limits = np.iinfo(np.int16)
    return np.clip(counts, limits.min, limits.max).astype(np.int16)
