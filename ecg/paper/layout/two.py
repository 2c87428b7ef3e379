"""Two ECGs on one page: the same labels stand on it twice, equally far from each other."""

from itertools import combinations
from typing import Final

import numpy as np

from splkit.ecg.paper.layout.known import CERTAIN, places
from splkit.ecg.paper.layout.marks import Marks
from splkit.errors import RecordingError

TWICE: Final = 4
"""So many leads that are labelled twice are no strips: a page has at most three of those."""
APART_MM: Final = 50.0
"""Two ECGs stand so far from each other, by the labels of one lead,"""
ALIKE_MM: Final = 6.0
"""and all their leads do so equally, to so much."""


def require_one_ecg(marks: Marks) -> None:
    """Raises `RecordingError` where the labels of a second ECG are on the page."""
    sure = [
        w for w in places(marks.words) if w.word.log_p.max() > CERTAIN and w.lead not in ("I", "II", "III")
    ]
    leads: list[str] = []
    ways: list[tuple[float, float]] = []
    for a, b in combinations(sure, 2):
        if a.lead == b.lead:
            way = (b.x - a.x) / marks.mm_x, (b.y - a.y) / marks.mm_y
            leads.append(a.lead)
            ways.append(way if way >= (0, 0) else (-way[0], -way[1]))
    for across, down in ways:
        alike = np.abs(np.array(ways) - (across, down)).max(axis=1) < ALIKE_MM
        twice = {lead for lead, same in zip(leads, alike.tolist(), strict=True) if same}
        if len(twice) >= TWICE and max(abs(across), abs(down)) > APART_MM:
            far = f"{max(abs(across), abs(down)):.0f} mm apart"
            raise RecordingError(
                "a page shows one ECG",
                found=f"two ECGs on one page: {len(twice)} leads are labelled twice, {far}",
                next_step="cut them apart, and read each by itself",
            )
