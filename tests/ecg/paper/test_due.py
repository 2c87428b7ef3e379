"""A beat that is due where a bar hides a lead: told by the lead's own rhythm, where no other lead is seen."""

import numpy as np
import pytest

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Quality, Segment
from splkit.ecg.paper.trace.confidence import MOST_HIDDEN
from splkit.ecg.paper.trace.evidence import beat_hidden

UNJUDGED = Quality(1.0, 0.05, 0.0)
SECONDS = 2.5


def lead(beats_s: tuple[float, ...]) -> np.ndarray:
    """QRS of 1 mV and some 40 ms at these times."""
    time_s = np.arange(round(SECONDS * SEGMENT_FS_HZ)) / SEGMENT_FS_HZ
    return np.sum([np.exp(-(((time_s - at) / 0.015) ** 2)) for at in beats_s], axis=0)


@pytest.mark.parametrize(
    ("beats_s", "hidden_s", "is_due"),
    [
        ((0.82, 1.62, 2.42), (0.0, 0.06), True),
        ((0.92, 1.72), (2.44, 2.5), True),
        ((0.42, 1.22, 2.02), (0.0, 0.06), False),
        ((0.82, 1.62, 2.42), (0.0, 0.02), False),
        ((1.62,), (0.0, 0.06), False),
    ],
)
def test_a_beat_that_is_due_where_a_bar_is(
    beats_s: tuple[float, ...], hidden_s: tuple[float, float], is_due: bool
) -> None:
    """It is told from beats that come elsewhere, a bar too thin to hide one, and a lead without a rhythm."""
    signal = lead(beats_s)
    seen = np.ones(len(signal), bool)
    seen[slice(*(round(at * SEGMENT_FS_HZ) for at in hidden_s))] = False
    found = beat_hidden(0, (Segment("V5", False, 7.5, signal, UNJUDGED),), [seen])
    assert (found > MOST_HIDDEN) == is_due


def test_another_lead_that_is_seen_there_knows_better_than_the_rhythm() -> None:
    signal = lead((0.82, 1.62, 2.42))
    seen = np.ones(len(signal), bool)
    seen[:30] = False
    strip = Segment("II", True, 7.5, signal, UNJUDGED)
    segments = (Segment("V5", False, 7.5, signal, UNJUDGED), strip)
    assert beat_hidden(0, segments, [seen, np.ones(len(signal), bool)]) < MOST_HIDDEN
