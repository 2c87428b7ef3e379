"""What the template makes of noise: it outlives it, and takes cycles as unlike it as the noise makes all."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from support.hand_made import FS_HZ, Beat, after, counts_of, regular, through_both, verdict_at

from splkit.ecg.frontend import Verdict
from splkit.ecg.frontend.shape import Template


def motion_uv(samples: int, rms_uv: float, seed: int = 1) -> NDArray[np.float64]:
    """Noise of 1 to 6 Hz, as electrodes in motion make it, float64[samples]."""
    random, time_s = np.random.default_rng(seed), np.arange(samples) / FS_HZ
    waves = [
        np.sin(2 * np.pi * (hz * time_s + phase))
        for hz, phase in zip(random.uniform(1, 6, 40), random.uniform(0, 1, 40), strict=True)
    ]
    total = np.sum(waves, axis=0)
    return np.asarray(rms_uv * total / total.std())


def test_cycles_that_are_unlike_each_other_leave_the_template() -> None:
    """Twelve beats, in turn of two other shapes: none is like the one before, and the usual one stays."""
    beats = regular(40)
    others = [
        replace(each, s_over_r=0.75) if at % 2 else replace(each, sd_ms=17.0) for at, each in enumerate(beats)
    ]
    trace = through_both(counts_of([*beats[:14], *others[14:26], *beats[26:]]))
    assert [verdict_at(trace, beat.r_s) for beat in beats[14:26]] == ["unlike"] * 12
    assert [verdict_at(trace, beat.r_s) for beat in beats[26:38]] == ["ok"] * 12


def test_eight_cycles_like_each_other_are_the_template() -> None:
    """The lead has moved: the ninth is accepted."""
    moved = after(regular(14), *[0.8] * 20)
    moved[14:] = [replace(beat, s_over_r=0.75, t_over_r=-0.2) for beat in moved[14:]]
    trace = through_both(counts_of(moved))
    words = [verdict_at(trace, beat.r_s) for beat in moved[14:-1]]
    assert words == ["unlike"] * 8 + ["ok"] * 11


def test_shapes_that_come_and_go_do_not_add_up() -> None:
    """Seven of another shape, a usual one, and seven again: eight in a row they are not."""
    beats = after(regular(14), *[0.8] * 24)
    for at in range(14, 38):
        beats[at] = replace(beats[at], s_over_r=0.75 if at % 8 else 0.0)
    trace = through_both(counts_of(beats))
    words = [verdict_at(trace, beat.r_s) for beat in beats[14:-1]]
    assert words == ["ok" if at % 8 == 0 else "unlike" for at in range(14, 37)]


def bigeminy(beats: list[Beat], pairs: int, s_over_r: float) -> list[Beat]:
    """The beats, and so many pairs of a sinus beat with an S wave and a premature one after it."""
    beats = after(beats, *[1.1, 0.5] * pairs)
    for at in range(len(beats) - 2 * pairs, len(beats), 2):
        beats[at] = replace(beats[at], s_over_r=s_over_r)
    return beats


def test_beats_before_premature_ones_are_no_new_shape() -> None:
    """Twelve sinus beats of another shape, a premature beat after each: the usual shape stays."""
    trace = through_both(counts_of(after(bigeminy(regular(14), 12, s_over_r=0.75), *[0.8] * 9)))
    words = [Verdict(verdict).word for verdict in trace.verdict]
    assert words[14:38] == ["unlike", "ectopic"] * 12 and words[-5:] == ["ok"] * 5


def test_a_template_begins_with_a_beat_that_has_no_premature_one_beside_it() -> None:
    trace = through_both(counts_of(after(bigeminy(regular(1), 10, s_over_r=0.0), *[0.8] * 12)))
    words = [Verdict(verdict).word for verdict in trace.verdict]
    assert "ok" not in words[:21] and words[-6:] == ["ok"] * 6


def test_what_lies_beyond_the_next_beat_is_neither_compared_nor_taken_in() -> None:
    """A template with a late wave, and a cycle that a next beat masks from point 30 of 45 on."""
    usual = np.zeros(45, np.int64)
    usual[[14, 15, 16, 36, 37, 38]] = 1000, 4096, 1000, 2500, 4000, 2500
    masked = np.where(np.arange(45) < 30, usual, 0)
    template = Template()
    template.follow(usual, 45)
    assert not template.is_usual(masked, 45, 2000, beside=True)
    for _ in range(20):
        assert template.is_usual(masked, 30, 2000, beside=True)
        template.follow(masked, 30)
    assert template.is_usual(usual, 45, 2000, beside=False)


def test_noise_that_hides_the_cycle_leaves_few() -> None:
    """Twice as large as the cycle's waves: a squared correlation of 8/32 is asked, however usual less is."""
    counts = counts_of(regular(400))
    trace = through_both((counts + motion_uv(len(counts), 400.0)).round().astype(np.int16))
    assert 10 < len(trace.cycles) < 0.1 * 400


@pytest.mark.parametrize(("rms_uv", "verdict"), [(0.0, "unlike"), (130.0, "ok")])
def test_a_cycle_may_be_less_like_the_template_where_all_are(rms_uv: float, verdict: str) -> None:
    """An inverted T wave is seen where there is no noise, not under motion that bends all cycles as much."""
    beats = regular(80)
    beats[70] = replace(beats[70], t_over_r=-0.25)
    counts = counts_of(beats)
    trace = through_both((counts + motion_uv(len(counts), rms_uv)).round().astype(np.int16))
    at = int(np.abs(trace.r_sample - beats[70].r_s * FS_HZ).argmin())
    assert Verdict(trace.verdict[at]).word == verdict


def test_motion_leaves_most_cycles() -> None:
    """Noise of an eighth of R, slower than R: three quarters of the cycles, and nothing between beats."""
    beats = regular(150)
    counts = counts_of(beats)
    trace = through_both((counts + motion_uv(len(counts), 125.0)).round().astype(np.int16))
    accepted = trace.r_sample[trace.verdict == Verdict.ACCEPTED] / FS_HZ
    away_s = np.abs(accepted[:, None] - [beat.r_s for beat in beats]).min(axis=1)
    assert len(accepted) > 0.75 * len(beats) and away_s.max() < 0.02


def test_a_template_of_before_survives_a_wide_rhythm() -> None:
    """Beats without a QRS complex are compared with nothing: the template is as it was."""
    wide = after(regular(14), *[0.8] * 10)
    wide[14:] = [Beat(beat.r_s, 1.0, 30.0) for beat in wide[14:]]
    trace = through_both(counts_of(after(wide, *[0.8] * 4)))
    words = [Verdict(verdict).word for verdict in trace.verdict]
    assert words[14:24] == ["wide"] * 10 and words[25:27] == ["ok"] * 2


FUSED = {"r_mv": 1.3, "sd_ms": 13.0, "t_over_r": 0.2}
"""A beat about which little is other than usual, but all of it at once."""


@pytest.mark.parametrize(
    ("as_usual", "verdict"),
    [((), "unlike"), (("r_mv",), "ok"), (("sd_ms",), "ok"), (("t_over_r", "sd_ms"), "ok")],
)
def test_a_larger_beat_of_other_slopes_is_a_fusion_beat(as_usual: tuple[str, ...], verdict: str) -> None:
    beats = regular(40)
    beats[30] = replace(beats[30], **{name: size for name, size in FUSED.items() if name not in as_usual})
    assert verdict_at(through_both(counts_of(beats)), beats[30].r_s) == verdict


def test_complexes_that_stay_larger_are_the_usual_ones() -> None:
    """Of another amplitude and shape from now on: eight are left out, and what comes after is accepted."""
    beats = regular(40)
    beats[20:] = [replace(beat, **FUSED) for beat in beats[20:]]
    trace = through_both(counts_of(beats))
    words = [verdict_at(trace, beat.r_s) for beat in beats[14:-1]]
    assert words == ["ok"] * 6 + ["unlike"] * 8 + ["ok"] * 11
