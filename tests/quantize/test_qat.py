"""Quantization-aware training: it trains what the board computes, and what it trained is in the result."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from support.distance_models import learned, set_of

from splkit.ecg.frontend import quantize_cycles
from splkit.errors import ModelError
from splkit.quantize.convert import calibrate, convert_model, quantized_sites, with_ranges
from splkit.quantize.deviation import NOISE_CYCLES, estimate_int8
from splkit.quantize.equalize import equalize
from splkit.quantize.facts import ends
from splkit.quantize.finetune import Trained, fine_tuned, representative
from splkit.quantize.noise import noise_by_layer
from splkit.quantize.packing import unpacked
from splkit.quantize.ranges import Range, int8_scale
from splkit.quantize.sites import sites
from splkit.quantize.start import starting_ranges
from splkit.quantize.values import layer_values, observed_ranges
from splkit.train.config import FineTune, TrainConfig
from splkit.train.cycle_set import CycleSet
from splkit.train.folder import Run
from splkit.train.run import train_run
from splkit.train.zoo import dscrnn_4k, randomize

INT16_STEPS = 1 << 15


class Tuned(NamedTuple):
    """A run, its fine-tuned model and that model in int8."""

    run: Run
    trained: Trained
    content: bytes

    @property
    def train(self) -> CycleSet:
        return self.run.cycles("train")


@pytest.fixture(scope="module")
def tuned(run_dir: Path, fine_tune: FineTune) -> Tuned:
    run = Run.load(run_dir)
    trained = fine_tuned(run, fine_tune)
    return Tuned(run, trained, convert_model(trained.model, run.cycles("train").inputs[:5], trained.ranges))


def test_every_trained_range_is_in_the_result_to_the_last_digit(tuned: Tuned) -> None:
    graph = unpacked(tuned.content)
    found = sites(graph, tuned.trained.model)
    assert {site.value for site in found} == set(tuned.trained.ranges)
    for site in found:
        quantization = graph.subgraphs[0].tensors[site.tensor].quantization
        scale, zero_point = int8_scale(tuned.trained.ranges[site.value])
        if site.value.endswith("/cell"):
            scale, zero_point = tuned.trained.ranges[site.value].high / INT16_STEPS, 0
        assert (float(quantization.scale[0]), int(quantization.zeroPoint[0])) == (scale, zero_point), site


def test_the_same_weights_give_the_same_bytes_with_any_calibration_set(tuned: Tuned) -> None:
    model, ranges = tuned.trained
    assert convert_model(model, tuned.train.inputs[-3:] * 2, ranges) == tuned.content


@pytest.fixture(scope="module")
def twin(tuned: Tuned) -> Any:
    """The twin that was trained is gone; a fresh one with its weights and ranges stands in."""
    from splkit.quantize.aware import aware_model

    return aware_model(tuned.trained.model, tuned.trained.ranges)


def test_training_sees_what_the_oracle_computes(tuned: Tuned, twin: Any) -> None:
    from splkit.quantize.aware import trained_ranges

    ranges = tuned.trained.ranges
    assert trained_ranges(twin) == {name: one for name, one in ranges.items() if not name.startswith("ecg/")}
    source, sink = ends(tuned.content)
    rounded = quantize_cycles(tuned.train.averaged, source.scale, source.zero_point)
    inputs = (rounded.astype(np.float32) - source.zero_point) * np.float32(source.scale)
    computed = estimate_int8(tuned.content, tuned.train.averaged, 0.0)[:, 0]
    apart, unrounded = (
        np.abs(one.predict(inputs, verbose=0)[:, 0] - computed) for one in (twin, tuned.trained.model)
    )
    assert apart.mean() < 0.5 * unrounded.mean() and apart.max() < 6 * sink.scale


def test_a_range_holds_0_however_its_ends_have_learned(twin: Any) -> None:
    from splkit.quantize.aware import trained_ranges

    one_sided = {"spl/output": Range(0.4, 0.3), "relu1/output": Range(-0.5, -0.25)}
    before = move_ranges(twin, one_sided)
    learned = trained_ranges(twin)
    move_ranges(twin, before)
    assert learned["spl/output"] == pytest.approx((0.0, 0.3))
    assert learned["relu1/output"] == pytest.approx((-0.5, 0.0))


def move_ranges(twin: Any, ranges: Mapping[str, Range]) -> dict[str, Range]:
    """Give a twin's values other ranges; those that they had."""
    named = {variable.name: variable for variable in twin.variables}
    before = {}
    for value, one in ranges.items():
        ends = [named[f"quant_{value}_{end}:0"] for end in ("low", "high")]
        before[value] = Range(*(float(end.numpy()) for end in ends))
        for end, to in zip(ends, one, strict=True):
            end.assign(to)
    return before


@pytest.fixture
def small(tiny: TrainConfig, tmp_path: Path) -> Path:
    """A run of the network that TensorFlow traces fastest."""
    train_run(tiny.model_copy(update={"model": "fnn_4k", "least_steps": 1}), tmp_path / "run")
    return tmp_path / "run"


def test_fine_tuning_is_kept_and_taken_up_again(small: Path, fine_tune: FineTune, tmp_path: Path) -> None:
    copy = shutil.copytree(small, tmp_path / "copy")
    with pytest.raises(KeyboardInterrupt):
        fine_tuned(Run.load(copy), fine_tune, _interrupt)
    assert not (copy / "qat").exists() and (copy / "qat.partial" / "checkpoint.npz").exists()
    whole, gone_on = (fine_tuned(Run.load(folder), fine_tune) for folder in (small, copy))
    assert gone_on.ranges == whole.ranges and not (copy / "qat.partial").exists()
    for ours, theirs in zip(gone_on.model.get_weights(), whole.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    before = (copy / "qat" / "weights.h5").stat().st_mtime_ns
    fine_tuned(Run.load(copy), fine_tune)
    assert (copy / "qat" / "weights.h5").stat().st_mtime_ns == before
    (copy / "qat" / "weights.h5").write_bytes(b"nothing")
    with pytest.raises(
        ModelError, match=r"fine-tuned weights are what splkit quantize left; found .*weights\.h5"
    ):
        fine_tuned(Run.load(copy), fine_tune)


def test_noise_is_told_by_layer(tuned: Tuned) -> None:
    some = tuned.train.where(np.arange(len(tuned.train.patient)) < NOISE_CYCLES)
    source = ends(tuned.content)[0]
    rounded = quantize_cycles(some.averaged, source.scale, source.zero_point)
    noise = noise_by_layer(tuned.content, tuned.trained.model, some.inputs, rounded)
    assert list(noise)[:2] == ["ecg/output", "depthwise1/output"] and list(noise)[-1] == "spl/output"
    assert set(noise) == {name for name in tuned.trained.ranges if not name.endswith("/cell")}
    assert all(np.isfinite(decibels) for decibels in noise.values())
    assert 30 < noise["ecg/output"] < 60 and 20 < noise["relu1/output"] < 50
    coarser = noise_by_layer(tuned.content, tuned.trained.model, some.inputs, rounded // 16 * 16)
    assert all(coarser[name] < noise[name] - 3 for name in ("ecg/output", "depthwise1/output"))


def _interrupt(steps: int) -> None:
    if steps:
        raise KeyboardInterrupt


@pytest.fixture(scope="module")
def inputs() -> np.ndarray:
    return np.random.default_rng(5).normal(0.0, 0.3, (40, 270)).astype(np.float32)


def test_equalizing_changes_ranges_and_nothing_else(inputs: np.ndarray) -> None:
    model = randomize(dscrnn_4k(seed=3), 3)
    before = model.predict(inputs, verbose=0)
    equalize(model, inputs)
    np.testing.assert_allclose(model.predict(inputs, verbose=0), before, atol=2e-5)
    values = next(layer_values(model, inputs))
    channels = np.abs(values["depthwise2/output"]).max(axis=(0, 1, 2))
    np.testing.assert_allclose(channels, channels.max(), rtol=1e-4)


def test_a_channel_that_is_nearly_silent_stays_quiet(inputs: np.ndarray) -> None:
    """A dead channel of a run was raised 5,000 times: one int8 step of it then moved answers by 1.8 mEq/L."""
    model = randomize(dscrnn_4k(seed=3), 3)
    layer = model.get_layer("depthwise2")
    faint = np.where(np.arange(16) == 4, 1e-4, 1.0)
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel * faint[:, np.newaxis], bias * faint])
    own, before = layer.get_weights()[0], model.predict(inputs, verbose=0)
    equalize(model, inputs)
    np.testing.assert_allclose(model.predict(inputs, verbose=0), before, atol=2e-5)
    np.testing.assert_allclose(layer.get_weights()[0][:, :, 4], 32 * own[:, :, 4], rtol=1e-6)
    values = np.abs(next(layer_values(model, inputs))["depthwise2/output"]).max(axis=(0, 1, 2))
    np.testing.assert_allclose(np.delete(values, 4), values.max(), rtol=1e-4)


def test_values_inside_are_those_of_the_layers(inputs: np.ndarray) -> None:
    model = randomize(dscrnn_4k("conv-relu-bn", seed=3), 3)
    values = next(layer_values(model, inputs))
    np.testing.assert_allclose(values["spl/output"], model.predict(inputs, verbose=0), atol=1e-5)
    last = values["lstm/output"][:, -1] @ model.get_layer("spl").get_weights()[0]
    np.testing.assert_allclose(
        last + model.get_layer("spl").get_weights()[1], values["spl/output"], atol=1e-5
    )
    shift = values["norm1/output"] - values["norm1/scaled"]
    np.testing.assert_allclose(shift, np.broadcast_to(shift[0, 0, 0], shift.shape), atol=1e-5)


def test_training_starts_from_the_ranges_of_least_error() -> None:
    model = randomize(dscrnn_4k(seed=3), 3)
    wild = np.random.default_rng(2).uniform(-1, 1, (740, 270)).astype(np.float32)
    wild[0, 0] = 1.5
    wanted = {"ecg/output", "spl/output", "lstm/cell"}
    observed, start = observed_ranges(model, wild, wanted), starting_ranges(model, wild, wanted)
    assert start["spl/output"] == observed["spl/output"]
    assert 0.99 < start["ecg/output"].high < 1.1 and observed["ecg/output"].high == 1.5
    assert rounding_error(wild, start["ecg/output"]) < 0.9 * rounding_error(wild, observed["ecg/output"])
    cell = start["lstm/cell"]
    assert cell.high == -cell.low == 2.0 ** np.round(np.log2(cell.high))
    assert cell.high >= max(-observed["lstm/cell"].low, observed["lstm/cell"].high) > cell.high / 2


def test_cycles_that_a_device_refuses_do_not_widen_the_ranges() -> None:
    usual = learned(300)
    wild = set_of(np.roll(usual.averaged[:4], 40, axis=1) * 5, np.arange(4))
    both = CycleSet.together([usual, wild])
    run: Any = SimpleNamespace(learned=lambda: both, cycles=lambda _: usual)
    assert np.abs(both.inputs).max() > 4.5 and np.abs(usual.inputs).max() < 1.2
    assert np.abs(representative(run)).max() < 1.2 and len(representative(run)) >= 0.98 * len(usual.patient)


def rounding_error(values: np.ndarray, one: Range) -> float:
    scale, zero_point = int8_scale(one)
    rounded = np.clip(np.round(values / scale) + zero_point, -128, 127)
    return float(np.mean((values - scale * (rounded - zero_point)) ** 2))


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        ({"relu1/output": Range(0.0, 0.0)}, r"0\.0 to 0\.0, nothing between them at relu1/output"),
        ({"relu1/output": Range(0.0, float("nan"))}, r"0\.0 to nan at relu1/output"),
        ({"relu1/output": Range(1.0, -1.0)}, r"1\.0 to -1\.0, inverted at relu1/output"),
        ({}, "none for relu1/output"),
    ],
)
def test_ranges_that_cannot_be_quantized(calibrated: bytes, broken: Mapping[str, Range], found: str) -> None:
    model = randomize(dscrnn_4k(seed=3), 3)
    good = {site.value: Range(-1.0, 1.0) for site in quantized_sites(calibrated, model)}
    del good["relu1/output"]
    with pytest.raises(ModelError, match=found):
        with_ranges(calibrated, model, {**good, **broken})


@pytest.fixture(scope="module")
def calibrated(inputs: np.ndarray) -> bytes:
    return calibrate(randomize(dscrnn_4k(seed=3), 3), inputs)
