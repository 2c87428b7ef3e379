"""Factors to their last bit: products and quotients of scales, where float32 would give other outputs."""

import numpy as np
import pytest
from numpy.typing import NDArray
from support.kernel_model import KernelModel
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.fixed_point import multiply_by_quantized_multiplier, quantize_multiplier

VALUES = np.arange(-128, 128)
CASES = 8
NEAR_TIES = 200
"""Sums about a tie among which one may tell two factors apart."""


def as_float32(value: float) -> float:
    return float(np.float32(value))


def rounded(values: NDArray[np.int64], real: float) -> NDArray[np.int64]:
    return multiply_by_quantized_multiplier(values, *quantize_multiplier(real))


def telling_sum(exact: float, coarse: float) -> int | None:
    """A sum that the two factors round to neighbouring values."""
    for steps in range(100, 20, -1):
        tie = int((steps + 0.5) / exact)
        sums = np.arange(tie - NEAR_TIES, tie + NEAR_TIES)
        differing = sums[rounded(sums, exact) != rounded(sums, coarse)]
        if len(differing):
            return int(differing[0])
    return None


def dense(rng: np.random.Generator) -> bytes | None:
    """A bias alone, such that the product of both scales in float32 gives another output."""
    source, weight = (as_float32(scale) for scale in rng.uniform(0.002, 0.02, 2))
    output = as_float32(source * weight * 2**29 / 120)
    total = telling_sum(source * weight / output, as_float32(source * weight) / output)
    if total is None:
        return None
    tensors = [
        TensorSpec((1, 1), scales=[source]),
        TensorSpec((1, 1), scales=[weight], data=np.ones((1, 1), np.int8)),
        TensorSpec((1,), "int32", scales=[source * weight], data=np.array([total], np.int32)),
        TensorSpec((1, 1), scales=[output]),
    ]
    return build_model(
        tensors, [OperatorSpec("FULLY_CONNECTED", [0, 1, 2], [3], "FullyConnectedOptions")], 0, 3
    )


def relu(rng: np.random.Generator) -> bytes | None:
    """All inputs, of which one at least tells the quotient of the scales from the one in float32."""
    source = as_float32(rng.uniform(0.05, 0.2))
    output = as_float32(source * rng.uniform(1.0, 3.0))
    exact, coarse = (
        rounded(VALUES + 128, factor) for factor in (source / output, as_float32(source / output))
    )
    if np.array_equal(exact, coarse):
        return None
    tensors = [TensorSpec((1, 256), scales=[scale], zero_points=[-128]) for scale in (source, output)]
    return build_model(tensors, [OperatorSpec("RELU", [0], [1])], 0, 1)


def difference(rng: np.random.Generator) -> bytes | None:
    """All inputs less a constant."""
    first, second, output = (as_float32(scale) for scale in rng.uniform(0.004, 0.02, 3))
    value, largest = int(rng.integers(-127, 128)), max(first, second)
    results = []
    for number in (float, as_float32):
        ratios = [number(scale / (2 * largest)) for scale in (first, second)]
        parts = [
            rounded(np.asarray(each, np.int64) << 20, ratio)
            for each, ratio in zip((VALUES, value), ratios, strict=True)
        ]
        results.append(rounded(parts[0] - parts[1], number(2 * largest / (2**20 * output))))
    if np.array_equal(*results):
        return None
    tensors = [
        TensorSpec((1, 256), scales=[first]),
        TensorSpec((1,), scales=[second], data=np.array([value], np.int8)),
        TensorSpec((1, 256), scales=[output]),
    ]
    return build_model(tensors, [OperatorSpec("SUB", [0, 1], [2], "SubOptions")], 0, 2)


@pytest.mark.parametrize("make", [dense, relu, difference])
def test_equals_the_oracle_where_float32_would_not(make):
    rng, told = np.random.default_rng(5), 0
    while told < CASES:
        content = make(rng)
        if content is not None:
            built = KernelModel(content)
            inputs = VALUES if built.model.input_size == len(VALUES) else np.zeros(1)
            assert built.mismatches(inputs.astype(np.int8)[np.newaxis]) == 0
            told += 1
