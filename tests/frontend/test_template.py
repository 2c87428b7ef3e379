"""What the template makes of noise: it outlives it, and takes cycles as unlike it as the noise makes all."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from support.hand_made import FS_HZ, Beat, after, counts_of, regular, through_both, verdict_at

from splkit.ecg.frontend import Verdict


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
        replace(each, s_over_r=1.1) if at % 2 else replace(each, sd_ms=17.0) for at, each in enumerate(beats)
    ]
    trace = through_both(counts_of([*beats[:14], *others[14:26], *beats[26:]]))
    assert [verdict_at(trace, beat.r_s) for beat in beats[14:26]] == ["ectopic"] * 12
    assert [verdict_at(trace, beat.r_s) for beat in beats[26:38]] == ["ok"] * 12


def test_eight_cycles_like_each_other_are_the_template() -> None:
    """The lead has moved: the ninth is accepted."""
    moved = after(regular(14), *[0.8] * 20)
    moved[14:] = [replace(beat, s_over_r=0.9, t_over_r=-0.2) for beat in moved[14:]]
    trace = through_both(counts_of(moved))
    words = [verdict_at(trace, beat.r_s) for beat in moved[14:-1]]
    assert words == ["ectopic"] * 8 + ["ok"] * 11


@pytest.mark.parametrize(("rms_uv", "verdict"), [(0.0, "ectopic"), (130.0, "ok")])
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
