"""`Recording`: a single-lead ECG in millivolts.

It is checked when it is made, so that others may rely on it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Self

import numpy as np
from numpy.typing import NDArray

from splkit.errors import RecordingError

MIN_RATE_HZ, MAX_RATE_HZ = 50.0, 10_000.0
"""Range of the sampling rate.

Below 50 Hz, a QRS complex of 90 ms has fewer than 5 samples. No electrocardiograph samples above 10,000 Hz.
"""

_MAX_RATIO_TERM = 10_000


@dataclass(frozen=True)
class Recording:
    """One lead of an ECG.

    Attributes:
        signal_mv: float64[n], n >= 2, finite, not constant.
        fs_hz: sampling rate in Hz.
        channel: name of the lead, as in its file.
        source: where the recording comes from, for messages.
        gaps: the first and the last sample of each gap. A straight line fills a gap in `signal_mv`.

    Raises:
        RecordingError: the signal or the rate cannot be used.
    """

    signal_mv: NDArray[np.float64]
    fs_hz: float
    channel: str
    source: str
    gaps: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        signal = self.signal_mv
        if signal.ndim != 1 or signal.size < 2:
            raise RecordingError(
                "a recording is one lead of two samples or more",
                found=f"{self.source} with an array of shape {signal.shape}",
                next_step="check that the file is complete",
            )
        check_rate(self.fs_hz, self.source)
        if not np.isfinite(signal).all():
            first = int(np.argmin(np.isfinite(signal)))
            raise RecordingError(
                "a recording holds finite samples only",
                found=f"{signal[first]} at sample {first} of {self.source}",
                next_step="cut the gap out or interpolate it",
            )
        if np.ptp(signal) == 0:
            raise RecordingError(
                "a recording is more than a flat line",
                found=f"{signal[0]:g} mV in all {signal.size} samples of {self.source}",
                next_step="check the lead, or choose another channel",
            )

    @classmethod
    def with_gaps(cls, signal_mv: NDArray[np.float64], fs_hz: float, channel: str, source: str) -> Self:
        """A recording from a signal in which NaN marks the missing samples.

        Raises:
            RecordingError: the signal or the rate cannot be used.
        """
        missing = np.isnan(signal_mv)
        if not missing.any():
            return cls(signal_mv, fs_hz, channel, source)
        if missing.all():
            raise RecordingError(
                "a recording holds samples",
                found=f"all of {channel} missing in {source}",
                next_step="choose another channel",
            )
        edges = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]])))
        gaps = tuple((int(first), int(end) - 1) for first, end in edges.reshape(-1, 2))
        index = np.arange(signal_mv.size)
        filled = np.interp(index, index[~missing], signal_mv[~missing])
        return cls(filled, fs_hz, channel, source, gaps)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.signal_mv.size / self.fs_hz

    @property
    def missing_s(self) -> float:
        """Length of all gaps in seconds."""
        return sum(last - first + 1 for first, last in self.gaps) / self.fs_hz

    def held(self, duration_s: float) -> Self:
        """The recording, extended by its last value for `duration_s` seconds.

        The front end reports a beat some time after its R peak. The extension gives it the time to report the
        last beats.
        """
        last_mv = np.full(round(duration_s * self.fs_hz), self.signal_mv[-1])
        return replace(self, signal_mv=np.concatenate([self.signal_mv, last_mv]))

    def stretches(self, least_s: float) -> Iterator[Self]:
        """The parts between the gaps, as recordings without gaps.

        Parts that are shorter than `least_s` or flat are left out.
        """
        return (stretch for _, stretch in self.placed_stretches(least_s))

    def placed_stretches(self, least_s: float) -> Iterator[tuple[int, Self]]:
        """The same parts, each as a pair: the index of its first sample in this recording, and the part."""
        starts = [0, *(last + 1 for _, last in self.gaps)]
        ends = [*(first for first, _ in self.gaps), self.signal_mv.size]
        for start, end in zip(starts, ends, strict=True):
            signal_mv = self.signal_mv[start:end]
            if end - start >= least_s * self.fs_hz and np.ptp(signal_mv) > 0:
                yield start, replace(self, signal_mv=signal_mv, gaps=())


def check_rate(fs_hz: float, source: str) -> None:
    """Check that a sampling rate is one that an ECG can have.

    Raises:
        RecordingError: it is outside `MIN_RATE_HZ` to `MAX_RATE_HZ`.
    """
    if not MIN_RATE_HZ <= fs_hz <= MAX_RATE_HZ:
        raise RecordingError(
            f"the sampling rate of an ECG is {MIN_RATE_HZ:g} to {MAX_RATE_HZ:g} Hz",
            found=f"{fs_hz:g} Hz for {source}",
            next_step="give the rate in Hz, and times in s or ms",
        )


def resample(recording: Recording, fs_hz: float) -> Recording:
    """The same recording at another sampling rate.

    The filter is a polyphase FIR low-pass. At the edges the signal is continued along a straight line.

    Raises:
        RecordingError: an ECG cannot have the rate `fs_hz`.
    """
    check_rate(fs_hz, recording.source)
    if fs_hz == recording.fs_hz:
        return recording
    from scipy.signal import resample_poly

    ratio = Fraction(fs_hz / recording.fs_hz).limit_denominator(_MAX_RATIO_TERM)
    signal = resample_poly(recording.signal_mv, ratio.numerator, ratio.denominator, padtype="line")
    gaps = tuple(
        (int(first * ratio), min(math.ceil(last * ratio), len(signal) - 1)) for first, last in recording.gaps
    )
    return Recording(np.asarray(signal, np.float64), fs_hz, recording.channel, recording.source, gaps)
