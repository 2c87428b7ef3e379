"""Each operator, and each chain that one kernel computes, against the oracle: host and Cortex-M4F."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from support.core_model import CoreModel
from support.kernel_model import KernelModel
from support.model_strategies import MODELS
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

INPUTS = 24
EXAMPLES = {KernelModel: 25, CoreModel: 4}


def random_inputs(size: int) -> np.ndarray:
    rng = np.random.default_rng(size)
    extremes = np.stack([np.full(size, -128), np.full(size, 127), np.tile([-128, 127], size)[:size]])
    return np.concatenate([extremes, rng.integers(-128, 128, (INPUTS - 3, size))]).astype(np.int8)


def over_models(name: str, target: type, check: Callable[[bytes], None]) -> None:
    """Calls `check` with random models of one kind, the same ones every time."""
    options = settings(
        max_examples=EXAMPLES[target],
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    options(given(MODELS[name])(check))()


@pytest.mark.parametrize("target", [KernelModel, CoreModel])
@pytest.mark.parametrize("name", MODELS)
def test_equals_the_oracle(name, target, tmp_path_factory):
    def check(content: bytes) -> None:
        built = target(content, tmp_path_factory.mktemp("model"))
        assert built.mismatches(random_inputs(built.model.input_size)) == 0

    over_models(name, target, check)


@pytest.mark.parametrize("target", [KernelModel, CoreModel])
@pytest.mark.parametrize("name", ["separable", "scaled_separable", "lstm", "lstm_layers"])
def test_the_plan_of_least_ram_equals_the_oracle(name, target, tmp_path_factory):
    """Chunks of a separable block, and LSTMs step by step."""
    variants = set()

    def check(content: bytes) -> None:
        built = target(content, tmp_path_factory.mktemp("model"), ram_bytes=0)
        variants.update(layer.variant for layer in built.model.all_layers if layer.kernel)
        assert built.mismatches(random_inputs(built.model.input_size)) == 0

    over_models(name, target, check)
    assert "_in_batches" not in variants


@pytest.mark.parametrize("window", [1, 2])
def test_ties_before_a_falling_factor(window: int, tmp_path) -> None:
    """A quarter of 2 lies between two outputs, and a factor is negative; one point is no pool."""
    length, scale = 12, [1 / 64]
    whole, pooled = (1, length, 1, 2), (1, length // window, 1, 2)
    weights = np.ones((2, 1, 1, 1), np.int8)
    tensors = [
        TensorSpec((1, length, 1, 1), scales=scale),
        TensorSpec((2,), "int32", data=np.zeros(2, np.int32)),
        TensorSpec(weights.shape, scales=[0.25, 0.25], zero_points=[0, 0], data=weights),
        TensorSpec(whole, scales=scale),
        TensorSpec((2,), scales=[0.5], data=np.array([-2, 2], np.int8)),
        TensorSpec(whole, scales=scale),
        TensorSpec((2,), scales=scale, data=np.array([3, 3], np.int8)),
        TensorSpec(whole, scales=scale),
        TensorSpec(pooled, scales=scale),
    ]
    conv = {"StrideW": 1, "StrideH": 1, "DilationWFactor": 1, "DilationHFactor": 1}
    pool = {"StrideW": 1, "StrideH": window, "FilterWidth": 1, "FilterHeight": window}
    operators = [
        OperatorSpec("CONV_2D", [0, 2, 1], [3], "Conv2DOptions", conv),
        OperatorSpec("MUL", [3, 4], [5], "MulOptions"),
        OperatorSpec("ADD", [5, 6], [7], "AddOptions"),
        OperatorSpec("MAX_POOL_2D", [7], [8], "Pool2DOptions", pool),
    ]
    built = KernelModel(build_model(tensors, operators, 0, 8), tmp_path)
    every = np.resize(np.arange(-128, 128), (24, length)).astype(np.int8)
    assert "CONV_2D + MAX_POOL_2D" in built.model.layers[0].title
    assert built.mismatches(every) == 0
