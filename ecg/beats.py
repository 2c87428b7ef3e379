"""R peaks of a whole recording at any rate, and what its RR intervals say."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splkit.console import Advance, ignore_progress
from splkit.ecg.frontend import FrontEndConfig, Verdict, run_front_end, to_counts
from splkit.ecg.frontend.config import FS_MAX_HZ, FS_MIN_HZ
from splkit.ecg.recording import Recording, resample

UV_PER_COUNT = 2.0
"""An int16 then spans 65 mV either way, and the smallest QRS complex that counts, 50 uV, is 25 counts."""

_TAIL_S = 2.0
"""The front end reports a beat within it; so much is appended, and no beat of a recording goes unreported."""


@dataclass(frozen=True)
class Beats:
    """The n beats of a recording.

    Attributes:
        recording: where they were found.
        sample: int64[n], R peak, index into the recording's own samples.
        rr_ms: float64[n], distance to the beat before; NaN for the first.
        amplitude_uv: float64[n], R above the isoelectric level.
        verdict: uint8[n], a `Verdict`.
        cycles: int16[m, 270], the accepted cycles, Q12.
    """

    recording: Recording
    sample: NDArray[np.int64]
    rr_ms: NDArray[np.float64]
    amplitude_uv: NDArray[np.float64]
    verdict: NDArray[np.uint8]
    cycles: NDArray[np.int16]

    @property
    def time_s(self) -> NDArray[np.float64]:
        """float64[n], R peaks in seconds."""
        return self.sample / self.recording.fs_hz

    def rows(self) -> Iterator[tuple[int, str, str, str, str]]:
        """Beat by beat: sample, seconds, RR in ms (empty for the first), amplitude in uV, verdict."""
        for at, time_s, rr_ms, amplitude_uv, verdict in zip(
            self.sample, self.time_s, self.rr_ms, self.amplitude_uv, self.verdict, strict=True
        ):
            rr = "" if np.isnan(rr_ms) else f"{rr_ms:.1f}"
            yield int(at), f"{time_s:.4f}", rr, f"{amplitude_uv:.0f}", Verdict(verdict).word


@dataclass(frozen=True)
class RrStatistics:
    """RR intervals in ms between neighbouring accepted beats.

    SDNN is their standard deviation, RMSSD the root mean square of successive differences (Task Force of the
    ESC and NASPE 1996). Figures without an interval to rest on are None.
    """

    beats: int
    verdicts: dict[str, int]
    median_ms: float | None
    shortest_ms: float | None
    longest_ms: float | None
    sdnn_ms: float | None
    rmssd_ms: float | None
    heart_rate_bpm: float | None


def find_beats(recording: Recording, advance: Advance = ignore_progress) -> Beats:
    """Finds the R peaks of a recording with the board's front end; `advance` counts beats."""
    fs_hz = float(np.clip(round(recording.fs_hz), FS_MIN_HZ, FS_MAX_HZ))
    config = FrontEndConfig.for_rate(int(fs_hz), UV_PER_COUNT)
    counts = to_counts(resample(recording, fs_hz), config)
    padded = np.concatenate([counts, np.full(round(_TAIL_S * fs_hz), counts[-1])])
    trace = run_front_end(padded, config, advance)
    kept = trace.r_sample < len(counts)
    sample = np.rint(trace.r_sample[kept] * (recording.fs_hz / fs_hz)).astype(np.int64)
    rr_ms = np.full(len(sample), np.nan)
    rr_ms[1:] = np.diff(trace.r_sample[kept]) * (1000.0 / fs_hz)
    return Beats(
        recording,
        np.minimum(sample, recording.signal_mv.size - 1),
        rr_ms,
        trace.amplitude[kept].astype(np.float64) * UV_PER_COUNT,
        trace.verdict[kept],
        trace.cycles,
    )


def rr_statistics(beats: Beats) -> RrStatistics:
    """Verdicts counted, and the statistics of the intervals between accepted beats."""
    verdicts = Counter(Verdict(verdict).word for verdict in beats.verdict)
    accepted = beats.verdict == Verdict.ACCEPTED
    normal = accepted[1:] & accepted[:-1]
    rr_ms = beats.rr_ms[1:][normal]
    successive = np.diff(beats.rr_ms[1:])[normal[1:] & normal[:-1]]
    median_ms = float(np.median(rr_ms)) if rr_ms.size else None
    return RrStatistics(
        beats=len(beats.sample),
        verdicts=dict(sorted(verdicts.items())),
        median_ms=median_ms,
        shortest_ms=float(rr_ms.min()) if rr_ms.size else None,
        longest_ms=float(rr_ms.max()) if rr_ms.size else None,
        sdnn_ms=float(rr_ms.std(ddof=1)) if rr_ms.size > 1 else None,
        rmssd_ms=float(np.sqrt(np.mean(successive**2))) if successive.size else None,
        heart_rate_bpm=60000.0 / median_ms if median_ms else None,
    )
