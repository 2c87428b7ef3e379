"""Training settles: exact statistics, steps enough for small sets, and losses that mean what they say."""

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from splkit.ecg.frontend import FrontEndConfig, means_of, run_front_end, to_counts
from splkit.ecg.simulator.record import simulate_record
from splkit.train.config import TrainConfig
from splkit.train.fit import Example, fit
from splkit.train.loss import loss_of
from splkit.train.norms import settle_norms
from splkit.train.zoo import build, dscrnn_4k, randomize

CYCLES = np.random.default_rng(4).normal(0.0, 0.4, (300, 270)).astype(np.float32)


def test_means_of_any_number_are_those_that_the_front_end_reports() -> None:
    recording = simulate_record(4.5, seed=3, duration_s=40).recording
    traces = {}
    for averaged in (1, 2, 4, 8):
        config = FrontEndConfig.for_rate(300, 5.0, averaged)
        traces[averaged] = run_front_end(to_counts(recording, config), config)
    for made_with in (1, 8):
        for averaged, trace in traces.items():
            again = means_of(traces[made_with], averaged)
            np.testing.assert_array_equal(again.cycles, trace.averaged)
            np.testing.assert_array_equal(again.completed_at, trace.averaged_beat)
    assert len(traces[8].averaged) >= 4 and len(traces[1].averaged) > 30


@pytest.mark.parametrize("order", ["conv-bn-relu", "conv-relu-bn"])
def test_every_norm_has_the_statistics_of_all_cycles(order: str) -> None:
    """Each norm's output, before its own scale and shift, has mean 0 and variance 1 over all cycles."""
    from splkit.train.backend import keras

    model = randomize(dscrnn_4k(order, seed=2), 2)  # type: ignore[arg-type]
    settle_norms(model, CYCLES)
    for name in ("norm1", "norm2", "norm3"):
        layer = model.get_layer(name)
        gamma, beta, _, variance = layer.get_weights()
        out = keras().Model(model.input, layer.output).predict(CYCLES, verbose=0)
        scaled = (out - beta) / gamma
        np.testing.assert_allclose(scaled.mean(axis=(0, 1, 2)), 0.0, atol=2e-3)
        kept = variance / (variance + layer.epsilon)
        np.testing.assert_allclose(scaled.var(axis=(0, 1, 2)), kept, rtol=5e-3)


def test_of_a_large_set_cycles_spread_evenly_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    from splkit.train import norms

    some, apart = (randomize(dscrnn_4k(seed=2), 2) for _ in range(2))
    settle_norms(apart, CYCLES[np.linspace(0, 299, 100).round().astype(int)])
    monkeypatch.setattr(norms, "MOST_CYCLES", 100)
    settle_norms(some, CYCLES)
    for ours, theirs in zip(some.get_weights(), apart.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_small_set_takes_as_many_steps_as_asked_in_whole_passes(tmp_path: Path) -> None:
    """10 steps of 32 are 320 cycles, so an epoch passes 5 times over 70 cycles: 350, in 11 steps."""
    config = TrainConfig(epochs=2, least_steps=10)
    learned = Example(CYCLES[:70], np.zeros((70, 1), np.float32), np.ones(70, np.float32))
    model = build("fnn", "4k")
    fit(model, config, learned, learned, tmp_path)
    assert int(model.optimizer.iterations.numpy()) == 2 * 11


def test_the_pinball_loss_by_hand() -> None:
    """q (t - a) below the truth, (1 - q) (a - t) above: 0.9 x 2 and 0.5 x 1; 0.1 x 1 and 0.5 x 3."""
    loss = loss_of((0.5, 0.9))
    found = loss(np.float32([[5.0], [4.0]]), np.float32([[4.0, 3.0], [7.0, 5.0]])).numpy()
    np.testing.assert_allclose(found, [(0.5 * 1 + 0.9 * 2) / 2, (0.5 * 3 + 0.1 * 1) / 2], rtol=1e-6)
    assert loss_of(()) == "mse"


def test_a_network_answers_as_many_quantiles_as_asked() -> None:
    for family in ("dscrnn", "crnn", "cnn", "rnn", "fnn"):
        one, three = (build(family, "4k", answers=answers) for answers in (1, 3))  # type: ignore[arg-type]
        last = one.get_layer("spl").get_weights()[0].shape[0]
        assert three.output_shape == (None, 3)
        assert three.count_params() == one.count_params() + 2 * (last + 1)


def test_seeds_of_patients_and_of_weights_are_apart() -> None:
    both, other = TrainConfig(seed=3), TrainConfig(seed=3, weights_seed=8)
    assert (both.seed_of_weights, other.seed_of_weights, other.seed) == (3, 8, 3)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"quantiles": (0.1, 0.9), "balance": 0}, "hold 0.5"),
        ({"quantiles": (0.9, 0.5), "balance": 0}, "quantiles rise"),
        ({"quantiles": (0.5, 0.5), "balance": 0}, "quantiles rise"),
        ({"quantiles": (0.5, 1.0), "balance": 0}, "less than 1"),
        ({"quantiles": (0.1, 0.5)}, "balance is 0 with quantiles"),
    ],
)
def test_quantiles_that_make_no_sense(changes: dict[str, object], rule: str) -> None:
    with pytest.raises(ValidationError, match=rule):
        TrainConfig.model_validate(changes)
