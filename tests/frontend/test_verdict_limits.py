"""Where a cycle is still accepted and where no more: the limits of docs/frontend.md, on ECGs made by hand.

Twin and C share these limits, so their agreement says nothing about them. Each is approached from both sides.
"""

from dataclasses import replace

import numpy as np
import pytest
from support.hand_made import FS_HZ, Beat, after, counts_of, regular, through_both, verdict_at

RR_S = 0.8


@pytest.mark.parametrize(("share", "verdict"), [(0.84, "ok"), (0.76, "ectopic")])
def test_a_beat_is_premature_under_four_fifths_of_the_usual_interval(share: float, verdict: str) -> None:
    """The sinus beats before and after it are judged by their own cycles, which it does not reach."""
    steady = regular(15)
    beats = after(steady, share * RR_S, *[RR_S] * 5)
    trace = through_both(counts_of(beats))
    assert verdict_at(trace, beats[15].r_s) == verdict
    assert [verdict_at(trace, beats[at].r_s) for at in (13, 14, 16, 18)] == ["ok"] * 4


@pytest.mark.parametrize(
    ("rr_s", "next_s", "verdict"),
    [(0.8, 0.475, "ok"), (0.8, 0.43, "cut"), (0.6, 0.445, "ok"), (0.6, 0.40, "cut")],
)
def test_a_premature_beat_may_not_reach_the_t_wave_before_it(
    rr_s: float, next_s: float, verdict: str
) -> None:
    """Its complex begins 100 ms before R; the T wave is over 240 ms and a seventh of RR after its own R."""
    beats = after(regular(15, rr_s), next_s, *[rr_s] * 5)
    beats = [replace(beat, t_after_r_s=0.24, t_sd_ms=25.0) for beat in beats]
    trace = through_both(counts_of(beats))
    assert verdict_at(trace, beats[14].r_s) == verdict
    assert verdict_at(trace, beats[15].r_s) == "ectopic"


@pytest.mark.parametrize(("s_over_r", "verdict"), [(0.0, "ok"), (0.8, "unlike")])
def test_a_beat_after_a_pause_is_judged_by_its_shape(s_over_r: float, verdict: str) -> None:
    beats = after(regular(15), 1.7 * RR_S, *[RR_S] * 5)
    beats[15] = replace(beats[15], s_over_r=s_over_r)
    trace = through_both(counts_of(beats))
    assert verdict_at(trace, beats[15].r_s) == verdict
    assert verdict_at(trace, beats[16].r_s) == "ok"


@pytest.mark.parametrize(("share", "verdict"), [(1.44, "ok"), (1.56, "unlike")])
def test_beats_after_a_pause_are_no_new_shape(share: float, verdict: str) -> None:
    """A pause is half as long again as the usual interval. Nine escape beats, one after each pause, and beats
    without a QRS complex between them: the template is theirs only if they came in time."""
    beats = regular(15)
    for _ in range(9):
        beats = after(beats, share * RR_S, *[RR_S] * 3)
        beats[-4] = replace(beats[-4], s_over_r=0.75)
        beats[-3:] = [replace(beat, sd_ms=30.0) for beat in beats[-3:]]
    beats = after(beats, RR_S)
    beats[-1] = replace(beats[-1], s_over_r=0.75)
    trace = through_both(counts_of(beats))
    assert verdict_at(trace, beats[15].r_s) == "unlike" and verdict_at(trace, beats[16].r_s) == "wide"
    assert verdict_at(trace, beats[-1].r_s) == verdict


@pytest.mark.parametrize(("rr_s", "verdict"), [(1.94, "ok"), (2.06, "rr")])
def test_an_interval_is_two_seconds_at_most(rr_s: float, verdict: str) -> None:
    beats = regular(12, rr_s)
    trace = through_both(counts_of(beats))
    assert [verdict_at(trace, beat.r_s) for beat in beats[4:]] == [verdict] * 8


@pytest.mark.parametrize(("rr_s", "verdict"), [(0.32, "ok"), (0.28, "rr")])
def test_an_interval_is_300_ms_at_least(rr_s: float, verdict: str) -> None:
    """Without T waves, which at this rate would lie on the next R."""
    trace = through_both(counts_of([Beat(beat.r_s, sd_ms=8.0, t_over_r=0.0) for beat in regular(60, rr_s)]))
    assert len(trace.r_sample) >= 50
    assert (trace.verdict[20:40] == {"ok": 0, "rr": 2}[verdict]).all()


@pytest.mark.parametrize(("r_uv", "verdict"), [(56, "ok"), (44, "noise")])
def test_an_r_wave_has_50_uv_at_least(r_uv: int, verdict: str) -> None:
    beats = [Beat(beat.r_s, r_uv / 1000, s_over_r=0.6) for beat in regular(15)]
    trace = through_both(counts_of(beats))
    assert [verdict_at(trace, beat.r_s) for beat in beats[3:14]] == [verdict] * 11


@pytest.mark.parametrize(("sd_ms", "verdict"), [(18.5, "ok"), (22.5, "wide")])
def test_r_bends_three_quarters_of_its_height_over_20_ms_at_least(sd_ms: float, verdict: str) -> None:
    """A Gaussian of SD s bends by 2 - 2 exp(-200 / s^2): 0.885 for 18.5 ms, 0.653 for 22.5 ms."""
    beats = [Beat(beat.r_s, 1.0, sd_ms) for beat in regular(15, 0.9)]
    trace = through_both(counts_of(beats))
    assert [verdict_at(trace, beat.r_s) for beat in beats[3:14]] == [verdict] * 11


def likeness(beat: Beat, first_ms: int, last_ms: int, *, of_slopes: bool = False) -> float:
    """Squared correlation of a beat with a normal one, at points 20 ms apart about R, or of their slopes."""
    time_s = np.arange(first_ms, last_ms + 1, 20) / 1000
    both = [each.uv(time_s) for each in (replace(beat, r_s=0.0), Beat(0.0))]
    return float(np.corrcoef(*(np.diff(each) if of_slopes else each for each in both))[0, 1] ** 2)


@pytest.mark.parametrize("s_over_r", [0.2, 0.3, 0.55, 0.8, 0.9])
def test_a_qrs_complex_is_like_those_before_it(s_over_r: float) -> None:
    """Its slopes correlate by 0.95 from 100 ms before R to 120 ms after it (29/32, squared)."""
    beats = regular(15)
    beats[10] = replace(beats[10], s_over_r=s_over_r)
    alike = likeness(beats[10], -100, 120, of_slopes=True)
    assert abs(alike - 29 / 32) > 0.01 and alike > 0.7 and likeness(beats[10], -300, 580) > 0.65
    verdict = verdict_at(through_both(counts_of(beats)), beats[10].r_s)
    assert verdict == ("ok" if alike > 29 / 32 else "unlike")


@pytest.mark.parametrize("t_over_r", [0.6, 0.8, 0.0, -0.1, -0.2, -0.3])
def test_a_cycle_is_like_those_before_it(t_over_r: float) -> None:
    """It correlates by 0.79 as a whole (20/32, squared), or is unlike."""
    beats = regular(15)
    beats[10] = replace(beats[10], t_over_r=t_over_r)
    alike = likeness(beats[10], -300, 580)
    assert abs(alike - 20 / 32) > 0.01 and likeness(beats[10], -100, 120) > 0.95
    verdict = verdict_at(through_both(counts_of(beats)), beats[10].r_s)
    assert verdict == ("ok" if alike > 20 / 32 else "unlike")


@pytest.mark.parametrize(("flat_s", "verdict"), [(0.66, "ok"), (0.74, "lead")])
def test_a_lead_is_off_after_700_ms_of_one_value(flat_s: float, verdict: str) -> None:
    beats = regular(12, 1.6)
    counts = counts_of(beats)
    first = round((beats[8].r_s + 0.5) * FS_HZ)
    counts[first : first + round(flat_s * FS_HZ)] = 77
    trace = through_both(counts)
    assert verdict_at(trace, beats[8].r_s) == verdict
    assert verdict_at(trace, beats[5].r_s) == verdict_at(trace, beats[10].r_s) == "ok"


def test_samples_on_the_rails_are_told_before_a_flat_stretch() -> None:
    """A lead that comes off pulls the input to a rail: `clip` names the cause."""
    beats = regular(12, 1.6)
    counts = counts_of(beats)
    first = round((beats[8].r_s + 0.5) * FS_HZ)
    counts[first : first + round(0.8 * FS_HZ)] = 32767
    assert verdict_at(through_both(counts), beats[8].r_s) == "clip"


@pytest.mark.parametrize("rail", [32767, -32767, -32768])
def test_one_sample_on_a_rail_rejects_the_cycle(rail: int) -> None:
    beats = regular(12)
    counts = counts_of(beats)
    counts[round((beats[8].r_s + 0.45) * FS_HZ)] = rail
    assert verdict_at(through_both(counts), beats[8].r_s) == "clip"
    counts[round((beats[8].r_s + 0.45) * FS_HZ)] = 0
    assert verdict_at(through_both(counts), beats[8].r_s) == "ok"


@pytest.mark.parametrize(("rejected", "means"), [(16, 1), (17, 0)])
def test_a_mean_of_8_begins_anew_after_more_than_16_rejected_beats(rejected: int, means: int) -> None:
    """7 accepted cycles, so many without a QRS complex, and one accepted cycle more.

    The first beat of the recording is rejected too, so that one wide beat less follows.
    """
    normal = regular(8)
    wide = [Beat(normal[-1].r_s + RR_S * at, 1.0, 30.0) for at in range(1, rejected)]
    beats = after([*normal, *wide], RR_S)
    trace = through_both(counts_of(beats))
    words = [verdict_at(trace, beat.r_s) for beat in beats]
    assert words == ["first"] + ["ok"] * 7 + ["wide"] * (rejected - 1) + ["ok"]
    assert len(trace.averaged) == means


@pytest.mark.parametrize(("kind", "means"), [("wide", 1), ("lead", 0)])
def test_a_lead_that_was_off_begins_a_mean_anew(kind: str, means: int) -> None:
    beats = regular(12, 1.4)
    counts = counts_of(
        [Beat(b.r_s, 1.0, 30.0) if kind == "wide" and at == 7 else b for at, b in enumerate(beats)]
    )
    if kind == "lead":
        first = round((beats[7].r_s + 0.45) * FS_HZ)
        counts[first : first + round(0.75 * FS_HZ)] = 5
    trace = through_both(counts)
    assert verdict_at(trace, beats[7].r_s) == kind
    assert len(trace.averaged) == means


def test_a_cycle_begins_300_ms_before_r_and_has_a_point_every_300th_of_a_second() -> None:
    """R lies at point 90, and a T wave 300 ms after it at point 180 of 270."""
    mean = through_both(counts_of(regular(12))).averaged[0]
    assert mean.shape == (270,)
    assert int(mean.argmax()) == 90 and mean[90] == pytest.approx(4096, abs=20)
    assert 140 + int(mean[140:].argmax()) == pytest.approx(180, abs=2)
    assert mean[140:].max() == pytest.approx(0.3 * 4096, rel=0.05)


def test_a_mean_is_not_biased() -> None:
    """Each cycle gives a rounded share; rounded down, 8 shares would be 3.5 too low on average."""
    trace = through_both(counts_of(regular(60)))
    assert len(trace.averaged) == 7
    of_each = trace.cycles[:56].reshape(7, 8, 270).astype(np.float64).mean(axis=1)
    assert abs(float((trace.averaged - of_each).mean())) < 0.75


@pytest.mark.parametrize("drift_uv_per_s", [0.0, 400.0, -700.0])
def test_a_steady_drift_leaves_a_cycle_as_it_is(drift_uv_per_s: float) -> None:
    """Level before R, T and what follows it, in the R amplitude: 0, 0.3 and 0."""
    counts = counts_of(regular(12))
    drift = (np.arange(len(counts)) / FS_HZ * drift_uv_per_s).round().astype(np.int16)
    mean = through_both(counts + drift).averaged[0] / 4096
    assert np.abs(mean[60:72]).max() < 0.01
    assert mean[90] == pytest.approx(1, abs=0.005)
    assert mean[175:186].max() == pytest.approx(0.3, abs=0.01)
    assert np.abs(mean[220:]).max() < 0.012


@pytest.mark.parametrize(
    ("t_over_r", "t_sd_ms", "t_after_r_s"),
    [(0.8, 18, 0.38), (1.0, 20, 0.37), (1.5, 25, 0.38), (2.0, 25, 0.37)],
)
def test_a_t_wave_twice_as_wide_as_r_is_no_beat(t_over_r: float, t_sd_ms: float, t_after_r_s: float) -> None:
    """So late that only sharpness times narrowness tells: 240 ms and a seventh of 1 s after R is its end."""
    t_wave = {"t_over_r": t_over_r, "t_sd_ms": t_sd_ms, "t_after_r_s": t_after_r_s}
    tall = [replace(beat, **t_wave) for beat in regular(20, 1.0)]
    trace = through_both(counts_of(tall))
    np.testing.assert_allclose(trace.r_sample / FS_HZ, [beat.r_s for beat in tall], atol=0.005)


@pytest.mark.parametrize("r_mv", [0.5, 2.0, -1.2])
def test_an_amplitude_is_that_of_r_above_the_level_before_it(r_mv: float) -> None:
    trace = through_both(counts_of([Beat(beat.r_s, r_mv) for beat in regular(12)]))
    np.testing.assert_allclose(trace.amplitude[1:10], 1000 * r_mv, rtol=0.01, atol=4)
