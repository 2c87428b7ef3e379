"""Times of samples, as wearables write them: rounded, and with gaps where a packet was lost."""

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.formats.support import refusal

_GAP = 1.5  # steps; more from one sample to the next is a gap
_MAX_MISSING = 0.5  # of all samples: a file of gaps is no recording
_MAX_DRIFT_STEPS = 8  # that a sample may be off its place between gaps, beyond the rounding of the times


def on_grid(times_s: NDArray[np.float64], rounding_s: float, source: str) -> tuple[float, NDArray[np.int64]]:
    """The rate, and for each sample its place on a grid of that rate.

    Args:
        times_s: float64[n], n >= 2, of the samples, in s.
        rounding_s: the step in which the times are written (0.001 for ms): two samples may have the same
            time, or lie so much more than a step apart.
        source: for messages.

    Raises:
        RecordingError: the times fall, or they have no common step.
    """
    steps_s = np.diff(times_s)
    if not steps_s.size or not np.isfinite(times_s).all():
        raise refusal("every sample has a time", f"{times_s.size} samples in {source}")
    typical_s = float(np.median(steps_s[steps_s > 0])) if (steps_s > 0).any() else 0.0
    near = steps_s <= max(_GAP * typical_s, typical_s + 1.05 * rounding_s)
    if not typical_s > 0 or steps_s.min() < -rounding_s or not near.any():
        raise refusal(
            "the times of samples rise from one to the next",
            f"steps from {steps_s.min():g} to {steps_s.max():g} s in {source}",
            "sort them, or leave the times out and give the rate",
        )
    step_s = float(steps_s[near].mean())
    jumps = np.where(near, 1, np.maximum(np.round(steps_s / step_s), 1))
    _check_drift(times_s, near, step_s, rounding_s, source)
    if jumps.sum() + 1 > times_s.size / (1 - _MAX_MISSING):
        raise refusal(
            "at most half of a recording is missing",
            f"{times_s.size} samples at {1 / step_s:g} Hz in {times_s[-1] - times_s[0]:g} s of {source}",
            "cut out a part without gaps",
        )
    return 1.0 / step_s, np.concatenate([[0], np.cumsum(jumps.astype(np.int64))])


def _check_drift(
    times_s: NDArray[np.float64], near: NDArray[np.bool_], step_s: float, rounding_s: float, source: str
) -> None:
    """Hold the samples between gaps to their common step."""
    for run in np.split(times_s, np.flatnonzero(~near) + 1):
        off_s = run - run[0] - step_s * np.arange(run.size)
        if np.ptp(off_s) > _MAX_DRIFT_STEPS * step_s + 2 * rounding_s:
            raise refusal(
                "samples come at one rate between gaps",
                f"times up to {np.ptp(off_s):g} s off {1 / step_s:g} Hz in {source}",
                "leave the times out and give the rate, if it is known",
            )


def spread(values: NDArray[np.float64], places: NDArray[np.int64]) -> NDArray[np.float64]:
    """The samples on their grid, NaN where one is missing."""
    placed = np.full(places[-1] + 1, np.nan)
    placed[places] = values
    return placed
