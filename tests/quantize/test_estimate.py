"""An estimate of a short strip is the model's answer to the very beats that the strip shows."""

import numpy as np
import pytest
from support.hand_made import Beat
from support.single_answer import single_answer_model

from splkit.ecg.frontend import quantize_cycles
from splkit.ecg.recordings.recording import Recording, resample
from splkit.ecg.rpeaks.find import find_r_peaks
from splkit.ecg.rpeaks.strip import cycles_of, strip_beats
from splkit.quantize.carried import card_for
from splkit.quantize.estimate import estimate
from splkit.quantize.oracle import TflmOracle

pytest.importorskip("tflite_micro", reason="the oracle, of the extra [verify], is not installed")

FS_HZ = 500


def beats(count: int, seconds: float, first_s: float = 0.4, rr_s: float = 0.8) -> Recording:
    time_s = np.arange(round(seconds * FS_HZ)) / FS_HZ
    rng = np.random.default_rng(0)
    signal_uv = rng.normal(0, 1.0, len(time_s))
    for index in range(count):
        signal_uv += Beat(first_s + index * rr_s, r_mv=1.2, t_over_r=0.4).uv(time_s)
    return Recording(signal_uv / 1000, FS_HZ, "V5", "made by hand")


def test_all_beats_of_a_strip_count_that_are_whole():
    """Of R peaks at 0.4, 1.2 and 2.0 s of 2.5 s, the last has no 0.6 s behind it."""
    assert len(cycles_of(strip_beats(resample(beats(3, 2.5), 300.0)))) == 2


def test_the_answer_is_that_of_the_same_beats_in_a_long_recording():
    """Beats all alike: of 2 or of 16, the mean is the same, and the answer to a step or two of the output."""
    long = resample(beats(20, 17.0), 300.0)
    cycle = find_r_peaks(long).cycles.mean(axis=0).round().astype(np.int16)
    card = card_for(single_answer_model())
    oracle = TflmOracle(single_answer_model().read_bytes())
    code = int(oracle.run(quantize_cycles(cycle[None], card.input.scale, card.input.zero_point))[0, 0])
    found = estimate(beats(3, 2.5), single_answer_model())
    assert found.beats == 2
    assert found.value == pytest.approx(4.9 + 0.019050689 * (code + 21), abs=2.01 * 0.0190507)
    assert found.interval == pytest.approx((found.value - 1.14, found.value + 1.14))
    assert "from 2 beats of V5, not 8" in found.words
    assert "trained on simulated potassium" in found.words


def test_what_is_missing_gives_no_beat():
    signal_mv = beats(3, 2.5).signal_mv.copy()
    signal_mv[600:620] = np.nan  # R at 1.2 s
    hidden = Recording.with_gaps(signal_mv, FS_HZ, "V5", "made by hand")
    found = estimate(hidden, single_answer_model())
    assert (found.beats, found.value) == (0, None)
    assert found.words.startswith("no estimate: no accepted beat of V5")


def test_noise_gives_no_estimate():
    noise = Recording(np.random.default_rng(1).normal(0, 0.2, 1250), FS_HZ, "V5", "noise")
    found = estimate(noise, single_answer_model())
    assert found.value is None and found.words.startswith("no estimate")
