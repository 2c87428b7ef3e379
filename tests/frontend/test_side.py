"""R stays on one side of a complex whose two deflections are about as large, and of no other complex."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from support.hand_made import Beat, after, counts_of, regular, through_both

EVEN = 1.55
"""S, 30 ms after R and so many times as large, weighs as much as R, which is favoured by a fifth."""


def signs(beats: list[Beat]) -> NDArray[np.int64]:
    """The side of each beat's R, 1 or -1; the amplitude of a beat says where it was measured."""
    trace = through_both(counts_of(beats))
    assert len(trace.r_sample) == len(beats)
    return np.sign(trace.amplitude).astype(np.int64)


def breathing(count: int, s_over_r: float, depth: float) -> list[Beat]:
    """Beats whose S grows and shrinks by a share, over five beats."""
    waves = np.sin(2 * np.pi * np.arange(count) / 5)
    beats = regular(count)
    return [
        replace(beat, s_over_r=s_over_r * (1 + depth * wave)) for beat, wave in zip(beats, waves, strict=True)
    ]


@pytest.mark.parametrize("s_over_r", [0.96 * EVEN, EVEN, 1.04 * EVEN])
def test_breathing_does_not_change_the_side_of_r(s_over_r: float) -> None:
    found = signs(breathing(40, s_over_r, 0.15))
    assert len(set(found.tolist())) == 1


@pytest.mark.parametrize(("s_over_r", "side"), [(0.7 * EVEN, 1), (1.4 * EVEN, -1)])
def test_r_is_on_the_side_of_the_larger_deflection(s_over_r: float, side: int) -> None:
    assert (signs(breathing(20, s_over_r, 0.1)) == side).all()


def test_a_premature_beat_that_points_down_has_its_own_side() -> None:
    beats = after(regular(12), 0.5, 1.1, *[0.8] * 6)
    beats[12] = replace(beats[12], r_mv=-1.3)
    found = signs(beats)
    assert found[12] == -1 and (np.delete(found, 12) == 1).all()


def test_a_complex_that_stays_is_the_usual_one_after_eight() -> None:
    """A block of the bundle branch comes: its R has a side of its own, and breathing keeps it there."""
    block = [replace(beat, r_s=beat.r_s + 16) for beat in breathing(30, EVEN, 0.15)]
    found = signs([*regular(20), *block])
    assert (found[:20] == 1).all()
    assert len(set(found[28:].tolist())) == 1


def test_r_changes_sides_once_where_the_other_deflection_slowly_grows() -> None:
    beats = regular(120)
    shares = np.linspace(0.6, 2.2, len(beats)) * (1 + 0.08 * np.sin(2 * np.pi * np.arange(len(beats)) / 5))
    found = signs([replace(beat, s_over_r=EVEN * share) for beat, share in zip(beats, shares, strict=True)])
    assert found[0] == 1 and found[-1] == -1
    assert np.count_nonzero(np.diff(found)) == 1


def test_a_beat_that_leans_clearly_to_the_other_side_has_r_there() -> None:
    """S as large as R can be in breathing leaves R where it is; half as large again is another matter."""
    beats = breathing(30, EVEN, 0.05)
    beats[20] = replace(beats[20], s_over_r=0.6 * EVEN)
    beats[25] = replace(beats[25], s_over_r=1.5 * EVEN)
    found = signs(beats)
    usual = set(np.delete(found, [20, 25]).tolist())
    assert len(usual) == 1
    assert (found[20], found[25]) == (1, -1)


@pytest.mark.parametrize(("share", "side"), [(0.5, 1), (0.8, -1)])
def test_r_is_not_favoured_in_a_complex_unlike_the_usual_one(share: float, side: int) -> None:
    """A premature beat whose S is larger than its R by less than R is favoured by."""
    beats = after(regular(12), 0.5, 1.1, *[0.8] * 6)
    beats[12] = replace(beats[12], s_over_r=share * EVEN)
    found = signs(beats)
    assert found[12] == side
