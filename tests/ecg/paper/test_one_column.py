"""Where time begins in one column of leads: by both ends of the ink, which may contradict each other."""

import numpy as np
import pytest

from splkit.ecg.paper.layout.columns import AGREED_MM, _whole
from splkit.ecg.paper.layout.span import Span

MM, PX_PER_S = 10.0, 250.0
LEFT, RIGHT = 200.0, 2699.5
"""Ten seconds, the last sample 2 ms short of them."""


def span(rows_right: list[float], left_seen: bool = False, right: float | None = None) -> Span:
    ends = np.array(rows_right)
    return Span(
        LEFT, float(np.median(ends)) if right is None else right, left_seen, True, ends, 3.0, AGREED_MM * MM
    )


def test_rows_that_end_within_a_beat_do_not_move_time() -> None:
    """Nine of twelve rows end 2 mm early, as a QRS leaves their place; three end where ten seconds do."""
    found = _whole(span([RIGHT] * 3 + [RIGHT - 20, RIGHT - 16, RIGHT - 24] * 3), PX_PER_S, MM)
    assert found.lefts[0] == pytest.approx(LEFT, abs=0.5)
    assert found.width == pytest.approx(10 * PX_PER_S)
    assert found.time_agreed


def test_ends_that_contradict_a_pulse_are_no_time() -> None:
    """All rows end too early, each elsewhere: time begins beside the pulse, and nothing is called good."""
    found = _whole(span(list(RIGHT - np.linspace(10, 34, 12))), PX_PER_S, MM)
    assert found.lefts[0] == LEFT
    assert not found.time_agreed


def test_what_stands_behind_the_traces_does_not_move_time() -> None:
    """A pulse on the right that was not found: 10.5 s are no usual time."""
    found = _whole(span([RIGHT + 135.0] * 12), PX_PER_S, MM)
    assert found.lefts[0] == LEFT
    assert not found.time_agreed


def test_sharp_ends_tell_time_where_a_foot_is_longer_behind_its_pulse() -> None:
    found = _whole(span([RIGHT - 15] * 12), PX_PER_S, MM)
    assert found.lefts[0] == pytest.approx(LEFT - 15)
    assert found.time_agreed
