"""Filters whose sums just fit the fields of a packed word, and those that no longer do."""

import numpy as np
import pytest
from support.core_model import CoreModel
from support.kernel_model import KernelModel
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.codegen.operators.depthwise_conv_2d import FIELD

LARGEST = 127 * 255
"""Of the products of a weight and an activation's distance from a zero point of -128."""
FITS = (FIELD - 1) // LARGEST
"""Taps of such products that a field holds."""
SIGNS = {"positive": [1], "negative": [-1], "alternating": [1, -1], "in pairs": [1, 1, -1, -1]}
LENGTH = 90


def depthwise(taps: int, signs: list[int]) -> bytes:
    """One filter of the largest weights, whose outputs neither saturate nor vanish."""
    weights = (np.resize(signs, taps) * 127).astype(np.int8).reshape(1, taps, 1, 1)
    tensors = [
        TensorSpec((1, LENGTH, 1, 1), scales=[0.01], zero_points=[-128]),
        TensorSpec((1, taps, 1, 1), scales=[0.01], axis=3, data=weights),
        TensorSpec((1, LENGTH, 1, 1), scales=[taps * LARGEST * 1e-4 / 120]),
    ]  # fmt: skip
    options = {"StrideH": 1, "StrideW": 1, "Padding": 0, "DepthMultiplier": 1, "DilationHFactor": 1,
               "DilationWFactor": 1}  # fmt: skip
    operator = OperatorSpec("DEPTHWISE_CONV_2D", [0, 1], [2], "DepthwiseConv2DOptions", options)
    return build_model(tensors, [operator], 0, 2)


def inputs() -> np.ndarray:
    """Both ends of the range, in stretches that take sums and parts of them to their limits."""
    points = np.arange(LENGTH)
    rows = [np.full(LENGTH, 127), np.full(LENGTH, -128)]
    rows += [
        np.where((points + shift) // run % 2, 127, -128) for run in (1, 2, 3, 32, 64) for shift in (0, 1)
    ]
    return np.array(rows, np.int8)


@pytest.mark.parametrize("target", [KernelModel, CoreModel])
@pytest.mark.parametrize("signs", SIGNS)
@pytest.mark.parametrize("taps", [FITS, FITS + 1])
def test_equals_the_oracle_on_both_sides_of_the_limit(taps, signs, target, tmp_path):
    built = target(depthwise(taps, SIGNS[signs]), tmp_path)
    packed = built.model.kernels == ["spl_depthwise_conv_1d_s8"]
    assert packed == (taps == FITS)
    assert built.mismatches(inputs()) == 0
