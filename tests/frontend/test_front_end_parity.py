"""The numpy twin and the generated C agree bit for bit."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from support.host_front_end import host_front_end, model_of

from splkit.ecg.frontend import (
    TWO_SECONDS,
    AveragedCycles,
    FrontEndConfig,
    Verdict,
    quantize_cycles,
    run_front_end,
    to_counts,
)
from splkit.ecg.recordings.readers import read_recording

RATES = (125, 250, 300, 360, 500, 1000)


def assert_parity(counts: NDArray[np.int16], config: FrontEndConfig) -> int:
    """Every field of every beat and every quantized cycle or window; returns how many means were compared."""
    twin, host = run_front_end(counts, config), host_front_end(config).front_end(counts)
    model_input = model_of(config)[0].graph.input
    beats, means = ("r_sample", "rr_samples", "amplitude", "verdict"), ("beat", "count", "grown")
    for name in (*beats, *(f"averaged_{mean}" for mean in means)):
        np.testing.assert_array_equal(getattr(host, name), getattr(twin, name), err_msg=name)
    expected = quantize_cycles(twin.averaged, model_input.scale, model_input.zero_point)
    np.testing.assert_array_equal(host.cycles, expected)
    return len(host.cycles)


@pytest.mark.parametrize(("name", "means"), [("101", 8), ("119", 2), ("203", 4), ("207", 6)])
def test_record_of_mitdb(data_dir: Path, name: str, means: int) -> None:
    config = FrontEndConfig.for_rate(360, uv_per_count=5.0)
    recording = read_recording(data_dir / "mitdb" / name)
    assert assert_parity(to_counts(recording, config), config) >= means


def test_toy_ecg() -> None:
    config = FrontEndConfig.for_rate(360, uv_per_count=2.5)
    assert assert_parity(to_counts(read_recording("toy"), config), config) > 10


@pytest.mark.parametrize("least_cycles", [1, 2])
def test_early_means(data_dir: Path, least_cycles: AveragedCycles) -> None:
    """Of records whose rhythm leaves too few cycles for whole ones, and of a lead that comes back."""
    config = FrontEndConfig.for_rate(360, 5.0, 8, least_cycles=least_cycles)
    counts = [to_counts(read_recording(data_dir / "mitdb" / name), config) for name in ("203", "207")]
    counts = [*counts, np.zeros(30 * 360, np.int16), counts[0]]
    assert assert_parity(np.concatenate(counts), config) > 10
    trace = run_front_end(np.concatenate(counts), config)
    assert {least_cycles, 2, 4, 8} == set(trace.averaged_count.tolist())
    assert trace.averaged_grown.any() and not trace.averaged_grown.all()


@pytest.mark.parametrize("averaged_cycles", get_args(AveragedCycles))
def test_means_of_any_number_of_cycles(averaged_cycles: AveragedCycles) -> None:
    config = FrontEndConfig.for_rate(360, 2.5, averaged_cycles)
    toy = to_counts(read_recording("toy"), config)
    assert assert_parity(toy, config) >= 256 // averaged_cycles
    loud = signal(
        [("beats", 30.0, 40_000, 50), ("noise", 5.0, 1000, 0), ("beats", 30.0, 900, 50)], 360, seed=0
    )
    assert_parity(np.concatenate([loud, toy[:20_000], loud]), config)


SEGMENTS = st.lists(
    st.tuples(
        st.sampled_from(["noise", "wander", "constant", "rails", "beats", "square"]),
        st.floats(0.2, 6.0),  # s
        st.sampled_from([1, 30, 1000, 20_000, 40_000]),  # counts
        st.integers(-32768, 32767),
    ),
    min_size=1,
    max_size=8,
)


def signal(segments: list[tuple[str, float, int, int]], fs_hz: int, seed: int) -> NDArray[np.int16]:
    """Stretches of everything a converter can deliver, one after another."""
    random = np.random.default_rng(seed)
    parts = []
    for kind, duration_s, size, level in segments:
        time_s = np.arange(int(duration_s * fs_hz)) / fs_hz
        shape = {
            "noise": lambda t=time_s: random.normal(size=len(t)),
            "wander": lambda t=time_s: np.cumsum(random.normal(size=len(t))) / 8,
            "constant": lambda t=time_s: np.zeros(len(t)),
            "rails": lambda t=time_s: random.choice([-8.0, 8.0], len(t)),
            "beats": lambda t=time_s: np.exp(-((((t + 0.4) % 0.8 - 0.4) / 0.012) ** 2)) + t % 0.1,
            "square": lambda t=time_s: np.sign(np.sin(2 * np.pi * 1.7 * t)),
        }[kind]()
        parts.append(shape * size + level)
    return np.concatenate(parts).round().clip(-32768, 32767).astype(np.int16)


@pytest.mark.parametrize("fs_hz", RATES)
@settings(deadline=None, max_examples=25)
@given(segments=SEGMENTS, seed=st.integers(0, 2**32 - 1))
def test_anything_a_converter_delivers(
    fs_hz: int, segments: list[tuple[str, float, int, int]], seed: int
) -> None:
    assert_parity(signal(segments, fs_hz, seed), FrontEndConfig.for_rate(fs_hz, uv_per_count=2.0))


@pytest.mark.parametrize("fs_hz", RATES)
def test_steady_beats_at_every_rate(fs_hz: int) -> None:
    counts = signal([("beats", 40.0, 1000, 50)], fs_hz, seed=0)
    assert assert_parity(counts, FrontEndConfig.for_rate(fs_hz, uv_per_count=1.0)) >= 4


@pytest.mark.parametrize("length", [0, 1, 2, 100, 700])
def test_short_signals(length: int) -> None:
    counts = signal([("noise", 10.0, 1000, 0)], 300, seed=1)[:length]
    assert assert_parity(counts, FrontEndConfig.for_rate(300, uv_per_count=1.0)) == 0


def two_seconds(fs_hz: int, uv_per_count: float = 1.0) -> FrontEndConfig:
    return FrontEndConfig.for_rate(fs_hz, uv_per_count, 1, TWO_SECONDS)


@pytest.mark.parametrize("fs_hz", [125, 257, 300, 1000])
@settings(deadline=None, max_examples=8)
@given(segments=SEGMENTS, seed=st.integers(0, 2**32 - 1))
def test_windows_of_anything(fs_hz: int, segments: list[tuple[str, float, int, int]], seed: int) -> None:
    beats = ("beats", 9.0, 1000, 50)
    assert_parity(signal([beats, *segments, beats], fs_hz, seed), two_seconds(fs_hz))


def test_windows_of_records(data_dir: Path) -> None:
    recordings = [read_recording(data_dir / "mitdb" / name) for name in ("101", "207")]
    means = [assert_parity(to_counts(each, two_seconds(360)), two_seconds(360)) for each in recordings]
    assert min(means) > 40


@pytest.mark.parametrize(
    ("rr_s", "width_s", "height", "wander_hz", "wander"),
    [(0.31, 0.012, 6000, 0.6, 24_000), (0.302, 0.01, 6000, 0.98, 20_000)],
)
def test_windows_over_a_baseline_too_steep_to_go_on(
    rr_s: float, width_s: float, height: int, wander_hz: float, wander: int
) -> None:
    """Of quick beats at the lowest rate: without a bound C would overflow; cycles know none (the second)."""
    config, time_s = two_seconds(125), np.arange(40 * 125) / 125
    beats = height * np.exp(-((((time_s + rr_s / 2) % rr_s - rr_s / 2) / width_s) ** 2))
    counts = beats + wander * np.sin(2 * np.pi * wander_hz * time_s)
    assert assert_parity(counts.clip(-32_700, 32_700).round().astype(np.int16), config) >= 5
    steep = 2 * wander * 2 * np.pi * wander_hz / 300 * 4096  # half counts a point, Q12
    assert steep > config.steepest


def test_every_verdict_occurs_where_parity_is_shown(data_dir: Path) -> None:
    config = FrontEndConfig.for_rate(360, uv_per_count=5.0)
    counts = to_counts(read_recording(data_dir / "mitdb" / "207"), config)
    counts = np.concatenate([counts, np.full(8000, 32767, np.int16), counts])
    counts[30_000:30_400] = counts[30_000]
    assert_parity(counts, config)
    assert set(run_front_end(counts, config).verdict) == set(Verdict)
