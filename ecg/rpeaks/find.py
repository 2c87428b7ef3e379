"""R peaks of a whole recording at any rate, and what its RR intervals say."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import CYCLE, FrontEndConfig, Verdict, Window, run_front_end, to_counts
from splkit.ecg.frontend.config import FS_MAX_HZ, FS_MIN_HZ
from splkit.ecg.recordings.recording import Recording, resample
from splkit.progress import Advance, ignore_progress

UV_PER_COUNT = 2.0
"""An int16 then spans 65 mV either way, and the smallest QRS complex that counts, 50 uV, is 25 counts."""

_TAIL_S = 2.5
"""The front end reports a beat within it; so much is appended, and no beat of a recording goes unreported."""

_MARGIN_S = 0.01
"""What a cycle or a window takes up before and after its points: 5 ms of alignment, and taps."""


@dataclass(frozen=True)
class RPeaks:
    """The n beats of a recording.

    Attributes:
        recording: where they were found.
        sample: int64[n], R peak, index into the recording's own samples.
        rr_ms: float64[n], distance to the beat before; NaN for the first.
        amplitude_uv: float64[n], R above the isoelectric level.
        verdict: uint8[n], a `Verdict`.
        cycles: int16[m, 270], the accepted cycles, Q12; with their windows, where others were asked for.
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
    """Beats by verdict, and RR intervals in ms between neighbouring accepted beats.

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


def find_r_peaks(recording: Recording, advance: Advance = ignore_progress, window: Window = CYCLE) -> RPeaks:
    """Finds the R peaks of a recording with the board's front end; `advance` counts beats.

    Rates that the front end does not take are resampled to the nearest that it does; a rate that is no whole
    number is taken for the nearest one, 0.4 % off at most. A cycle that reaches out of the recording is cut,
    one that reaches into a gap counts as lead off, and a beat inside a gap is none. With another `window`
    than the cycle that must be whole.
    """
    fs_hz = float(np.clip(recording.fs_hz, FS_MIN_HZ, FS_MAX_HZ))
    config = FrontEndConfig.for_rate(round(fs_hz), UV_PER_COUNT, 1, window)
    resampled = resample(recording, fs_hz)
    signal_mv = resampled.signal_mv - np.median(resampled.signal_mv)
    counts = to_counts(replace(resampled, signal_mv=signal_mv, fs_hz=float(config.fs_hz)), config)
    # The last bit of the tail toggles: a lead that is on is never quite still.
    tail = counts[-1] ^ (np.arange(round(_TAIL_S * fs_hz)) & 1).astype(np.int16)
    trace = run_front_end(np.concatenate([counts, tail]), config, advance)
    inside, ended, whole = _inside(trace.r_sample, resampled, window)
    accepted = trace.verdict == Verdict.ACCEPTED
    shaped = np.isin(trace.verdict, (Verdict.ACCEPTED, Verdict.UNLIKE, Verdict.WIDE))
    verdict = np.where(accepted & ~whole, Verdict.LEAD_OFF, trace.verdict)
    verdict = np.where(shaped & ended, Verdict.CUT, verdict).astype(np.uint8)
    r_sample, amplitude = trace.r_sample[inside], trace.amplitude[inside]
    rr_ms = np.full(len(r_sample), np.nan)
    rr_ms[1:] = np.diff(r_sample) * (1000.0 / fs_hz)
    return RPeaks(
        recording,
        _in_own_samples(r_sample, amplitude, recording, fs_hz),
        rr_ms,
        amplitude.astype(np.float64) * UV_PER_COUNT,
        verdict[inside],
        trace.cycles[whole[accepted]],
    )


def _inside(
    r_sample: NDArray[np.int64], recording: Recording, window: Window
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which R peaks lie in the recording and in no gap, of which its end cuts the window off, and of which
    the window lies in it and in no gap: bool[n] each."""
    reach_s = (abs(end_s) + _MARGIN_S for end_s in window.span_s)
    before, after = (math.ceil(seconds * recording.fs_hz) for seconds in reach_s)
    length = recording.signal_mv.size
    inside = r_sample < length
    ended = r_sample + after >= length
    whole = ~ended
    for first, last in recording.gaps:
        inside &= (r_sample < first) | (r_sample > last)
        whole &= (r_sample + after < first) | (r_sample - before > last)
    return inside, ended, inside & whole


def _in_own_samples(
    r_sample: NDArray[np.int64], amplitude: NDArray[np.int16], recording: Recording, fs_hz: float
) -> NDArray[np.int64]:
    """R peaks in the recording's own samples: where it was resampled, at its extremum nearby."""
    if fs_hz == recording.fs_hz:
        return r_sample
    ratio, last = recording.fs_hz / fs_hz, recording.signal_mv.size - 1
    reach = math.ceil(ratio)
    around = np.rint(r_sample[:, None] * ratio).astype(np.int64) + np.arange(-reach, reach + 1)
    around = np.clip(around, 0, last)
    size = recording.signal_mv[around] * np.where(amplitude < 0, -1, 1)[:, None]
    return np.asarray(around[np.arange(len(around)), size.argmax(axis=1)], np.int64)


def rr_statistics(beats: RPeaks) -> RrStatistics:
    """Verdicts counted, and the statistics of the intervals between accepted beats."""
    verdicts = {verdict.word: int((beats.verdict == verdict).sum()) for verdict in Verdict}
    accepted = beats.verdict == Verdict.ACCEPTED
    normal = accepted[1:] & accepted[:-1]
    rr_ms = beats.rr_ms[1:][normal]
    successive = np.diff(beats.rr_ms[1:])[normal[1:] & normal[:-1]]
    median_ms = float(np.median(rr_ms)) if rr_ms.size else None
    return RrStatistics(
        beats=len(beats.sample),
        verdicts=verdicts,
        median_ms=median_ms,
        shortest_ms=float(rr_ms.min()) if rr_ms.size else None,
        longest_ms=float(rr_ms.max()) if rr_ms.size else None,
        sdnn_ms=float(rr_ms.std(ddof=1)) if rr_ms.size > 1 else None,
        rmssd_ms=float(np.sqrt(np.mean(successive**2))) if successive.size else None,
        heart_rate_bpm=60000.0 / median_ms if median_ms else None,
    )
