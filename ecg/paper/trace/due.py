"""A beat that is due where a bar hides a lead, and that no other lead tells of."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import find_peaks

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Array

Mask = npt.NDArray[np.bool_]

HIDES_MS: Final = 40.0
"""Less hides no more than a flank of a QRS."""
AT_END_MS: Final = 80.0
"""Bars stand so near to the ends of a lead."""
BEAT: Final = 0.5
"""Steepness of a beat, of that of the steepest one;"""
NO_BEAT: Final = 0.35
"""and of what is none."""
APART_MS: Final = 250.0
"""Beats of one heart are farther apart."""
EARLY: Final = 0.2
"""A beat comes so much earlier or later than the last ones say, as a share of their distance."""


def beat_due(steepness: Array, seen: Mask) -> float:
    """How much of a lead's signal a beat would hold that is due where it is hidden, 0 to 1; 0 where none is.

    Args:
        steepness: (samples,) of the lead, at SEGMENT_FS_HZ, averaged over a beat.
        seen: (samples,) whether ink shows it.
    """
    per_ms = SEGMENT_FS_HZ / 1000
    top = float(steepness.max(initial=0.0))
    beats = find_peaks(steepness, BEAT * top, distance=APART_MS * per_ms)[0] if top > 0 else np.zeros(0)
    if len(beats) < 2:
        return 0.0
    apart = float(np.median(np.diff(beats)))
    slack = EARLY * apart
    for first, end in _hidden_at_ends(seen, per_ms):
        due = beats[0] - apart if first < len(seen) / 2 else beats[-1] + apart
        empty = steepness[first:end].max() < NO_BEAT * top
        if empty and first - slack <= due <= end + slack:
            return 1 / (len(beats) + 1)
    return 0.0


def _hidden_at_ends(seen: Mask, per_ms: float) -> list[tuple[int, int]]:
    """First and end of each span that is long enough to hide a beat, near one end of the lead."""
    edges = np.flatnonzero(np.diff(np.r_[False, ~seen, False].astype(np.int8)))
    near = AT_END_MS * per_ms
    return [
        (first, end)
        for first, end in edges.reshape(-1, 2).tolist()
        if end - first >= HIDES_MS * per_ms and (end < near or first > len(seen) - near)
    ]
