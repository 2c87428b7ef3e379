"""What the front end makes of signals that are no ECG of one lead, through the twin and the C at once."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from support.hand_made import FS_HZ, Beat, counts_of, regular, through_both

from splkit.ecg.frontend import FrontEndTrace, Verdict

RR_S = 0.83
"""No whole number of periods of the mains, and never long in step with a tap every second."""


def beats(count: int = 60) -> list[Beat]:
    return [replace(beat, s_over_r=0.3) for beat in regular(count, RR_S)]


def words(trace: FrontEndTrace) -> list[str]:
    return [Verdict(verdict).word for verdict in trace.verdict]


def away_ms(trace: FrontEndTrace, made: list[Beat]) -> NDArray[np.float64]:
    """How far each accepted cycle's R is from the nearest one that was made."""
    at_s = trace.r_sample[trace.verdict == Verdict.ACCEPTED] / FS_HZ
    away_s: NDArray[np.float64] = np.abs(at_s[:, None] - [beat.r_s for beat in made]).min(axis=1)
    return 1000 * away_s


def pulses_uv(samples: int, at_s: list[float], size_uv: float, wide_ms: float = 1.0) -> NDArray[np.float64]:
    """Pulses as a converter takes them that averages over each sample."""
    fine = np.zeros(16 * samples)
    for each in at_s:
        first = round(16 * each * FS_HZ)
        fine[first : first + round(16 * wide_ms / 1000 * FS_HZ)] = size_uv
    return fine.reshape(samples, 16).mean(axis=1)


def test_a_lead_that_is_turned_upside_down_gives_the_same_cycles() -> None:
    """A cycle is in units of its own R: only the amplitude's sign tells. One beat stands on both sides."""
    made = beats()
    counts = counts_of(made)
    middle = round((made[30].r_s - 0.4) * FS_HZ)
    trace = through_both(np.concatenate([counts[:middle], -counts[middle:]]))
    assert len(trace.r_sample) == 60 and words(trace).count("ok") >= 56
    assert away_ms(trace, made).max() < 10
    ok = trace.verdict == Verdict.ACCEPTED
    sides = np.sign(trace.amplitude[ok])
    assert (sides[:25] == 1).all() and (sides[-25:] == -1).all()
    before, after = trace.cycles[:25].mean(axis=0), trace.cycles[-25:].mean(axis=0)
    assert np.abs(before - after).max() < 0.05 * 4096


def test_another_lead_is_taken_for_it_after_eight_beats() -> None:
    """All of them are called `unlike`: the change is counted, and never in a mean with what was before."""
    made = beats()
    swapped = [replace(beat, r_mv=0.5, s_over_r=0.0, sd_ms=17.0) for beat in made]
    middle = round((made[30].r_s - 0.4) * FS_HZ)
    trace = through_both(np.concatenate([counts_of(made)[:middle], counts_of(swapped)[middle:]]))
    said = words(trace)
    assert said[30:38] == ["unlike"] * 8 and said[40:-1] == ["ok"] * (len(said) - 41)
    own = np.concatenate([trace.cycles[:28], trace.cycles[-15:]])
    for mean in trace.averaged:
        distances = np.abs(own - mean).mean(axis=1)
        assert distances.min() < 0.02 * 4096


@pytest.mark.parametrize("before_ms", [40.0, 60.0, 100.0])
def test_a_pacing_spike_is_no_r(before_ms: float) -> None:
    """20 mV over 1 ms, ten times R as they are sampled: what is cut at a spike is `unlike`, and left out."""
    made = beats()
    counts = counts_of(made)
    spikes = pulses_uv(len(counts), [beat.r_s - before_ms / 1000 for beat in made], 20_000.0)
    trace = through_both((counts + spikes).round().astype(np.int16))
    assert len(trace.r_sample) >= 55
    assert not (away_ms(trace, made) > 15).any()


def test_a_spike_away_from_r_stays_in_the_cycle() -> None:
    """A limit: R is right, and the spike before the P wave is seen by the model's distance alone."""
    made = beats()
    counts = counts_of(made)
    spikes = pulses_uv(len(counts), [beat.r_s - 0.15 for beat in made], 2_000.0)
    trace = through_both((counts + spikes).round().astype(np.int16))
    assert words(trace).count("ok") >= 50 and away_ms(trace, made).max() < 10


@pytest.mark.parametrize("hz", [49.9, 50.0, 60.0])
def test_mains_as_large_as_r_leave_no_cycle(hz: float) -> None:
    """1 mV of it. Its period is averaged away where beats are found, and not in a cycle: they are `noise`."""
    made = beats()
    counts = counts_of(made)
    mains = 1000 * np.sin(2 * np.pi * hz * np.arange(len(counts)) / FS_HZ)
    trace = through_both((counts + mains).round().astype(np.int16))
    assert len(trace.r_sample) == 60
    assert words(trace) == ["first"] + ["noise"] * 59 and len(trace.cycles) == 0


@pytest.mark.parametrize(("size_uv", "verdict"), [(90.0, "ok"), (230.0, "noise")])
def test_mains_are_noise_from_about_a_seventh_of_r_on(size_uv: float, verdict: str) -> None:
    made = [replace(beat, s_over_r=0.0) for beat in beats(30)]
    counts = counts_of(made)
    mains = size_uv * np.sin(2 * np.pi * 50 * np.arange(len(counts)) / FS_HZ)
    trace = through_both((counts + mains).round().astype(np.int16))
    assert words(trace)[3:-1] == [verdict] * (len(trace.r_sample) - 4)


@pytest.mark.parametrize("decay_ms", [10.0, 40.0])
def test_taps_as_large_as_r_move_no_accepted_cycle(decay_ms: float) -> None:
    """One a second, and the skin's potential falls back. Beats near them are left out; no cycle is there."""
    made = beats(80)
    counts = counts_of(made)
    since_s = (np.arange(len(counts)) / FS_HZ - 0.3) % 1.0
    taps = 1000 * np.exp(-since_s / (decay_ms / 1000))
    trace = through_both((counts + taps).round().astype(np.int16))
    assert len(trace.cycles) < 50
    assert not (away_ms(trace, made) > 15).any()


def test_a_strip_of_three_seconds_has_the_beats_in_its_middle() -> None:
    """The first has no interval, and the last ones are reported 1.5 s after R: three cycles of four beats."""
    made = [Beat(0.3 + 0.7 * at) for at in range(4)]
    counts = counts_of(made)[: 3 * FS_HZ]
    trace = through_both(counts)
    assert words(trace) == ["first", "ok"][: len(trace.verdict)] and len(trace.averaged) == 0
    assert away_ms(trace, made).max() < 10
