"""Cycles of a short strip, as paper shows them: 2.5 s have 2 to 4 beats, and the front end learns for 2 s."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import CYCLE, Window
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.rpeaks.find import RPeaks, find_r_peaks

LEAD_IN_S = 6.0
"""A beat of the strip, repeated before it: the front end learns on it, and no cycle is cut from it."""
MIN_STRETCH_S = 1.5
"""Less holds no cycle of 0.9 s beside a neighbour."""
BEFORE_R_S = 0.35
"""Where one copy ends and the next begins: before P, where the trace is flat."""


def strip_beats(recording: Recording, window: Window = CYCLE) -> list[RPeaks]:
    """The beats of each stretch that was read, their accepted cycles or other windows wholly inside it."""
    return [
        max(
            (find_r_peaks(way, window=window) for way in (each, _with_lead_in(each))),
            key=lambda beats: len(beats.cycles),
        )
        for each in recording.stretches(MIN_STRETCH_S)
    ]


def cycles_of(stretches: Sequence[RPeaks], window: Window = CYCLE) -> NDArray[np.int16]:
    """The accepted cycles of the beats of several stretches, int16[m, 270], Q12, or rows with that window."""
    return np.concatenate([*(each.cycles for each in stretches), np.zeros((0, window.row_size), np.int16)])


def _with_lead_in(strip: Recording) -> Recording:
    """The strip after copies of the one of its beats whose RR interval is the median, marked as a gap."""
    peaks = find_r_peaks(strip).sample
    if len(peaks) < 2:
        return strip
    intervals = np.diff(peaks)
    middle = int(np.argsort(intervals, kind="stable")[(len(intervals) - 1) // 2])
    back = min(round(BEFORE_R_S * strip.fs_hz), int(intervals[middle]) // 2, int(peaks[0]))
    beat = strip.signal_mv[peaks[middle] - back : peaks[middle + 1] - back]
    lead_in = np.tile(beat, math.ceil(LEAD_IN_S * strip.fs_hz / len(beat)))
    signal_mv = np.concatenate([lead_in, strip.signal_mv[peaks[0] - back :]])
    return Recording(signal_mv, strip.fs_hz, strip.channel, strip.source, ((0, len(lead_in) - 1),))
