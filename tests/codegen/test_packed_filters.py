"""Filters whose sums just fit the fields of a packed word, and those that are multiplied in parts."""

import numpy as np
import pytest
from numpy.typing import NDArray
from support.core_model import CoreModel
from support.kernel_model import KernelModel
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.codegen.operators.base import Layer
from splkit.codegen.operators.depthwise_conv_2d import FIELD

LARGEST = 127 * 255
"""Of the products of a weight and an activation's distance from a zero point of -128."""
FITS = (FIELD - 1) // LARGEST
"""Taps of such products that a field holds."""
SIGNS = {"positive": [1], "negative": [-1], "alternating": [1, -1], "in pairs": [1, 1, -1, -1]}
LENGTH = 90
MOST_A_MAC = 2
"""Instructions that a multiply-accumulate of any long filter may cost."""


def depthwise(signs: NDArray[np.int64], length: int = LENGTH) -> bytes:
    """Filters of the largest weights, [taps, channels], whose outputs neither saturate nor vanish."""
    taps, channels = signs.shape
    tensors = [
        TensorSpec((1, length, 1, channels), scales=[0.01], zero_points=[-128]),
        TensorSpec(
            (1, taps, 1, channels),
            scales=[0.01] * channels,
            zero_points=[0] * channels,
            axis=3,
            data=(signs * 127).astype(np.int8).reshape(1, taps, 1, channels),
        ),
        TensorSpec((1, length, 1, channels), scales=[taps * LARGEST * 1e-4 / 120]),
    ]
    options = {"StrideH": 1, "StrideW": 1, "Padding": 0, "DepthMultiplier": 1, "DilationHFactor": 1,
               "DilationWFactor": 1}  # fmt: skip
    operator = OperatorSpec("DEPTHWISE_CONV_2D", [0, 1], [2], "DepthwiseConv2DOptions", options)
    return build_model(tensors, [operator], 0, 2)


def inputs(channels: int = 1, length: int = LENGTH) -> NDArray[np.int8]:
    """Both ends of the range, in stretches that take sums and parts of them to their limits."""
    points = np.arange(length)
    rows = [np.full(length, 127), np.full(length, -128)]
    rows += [
        np.where((points + shift) // run % 2, 127, -128) for run in (1, 2, 3, 32, 64) for shift in (0, 1)
    ]
    return np.repeat(np.array(rows, np.int8), channels, axis=1)


def only_layer(built: KernelModel | CoreModel) -> Layer:
    (layer,) = built.model.all_layers
    return layer


@pytest.mark.parametrize("target", [KernelModel, CoreModel])
@pytest.mark.parametrize("signs", SIGNS)
@pytest.mark.parametrize("taps", [FITS, FITS + 1])
def test_equals_the_oracle_on_both_sides_of_the_limit(taps, signs, target, tmp_path):
    built = target(depthwise(np.resize(SIGNS[signs], (taps, 1))), tmp_path)
    layer = only_layer(built)
    assert layer.kernel == "spl_depthwise_conv_1d_s8"
    assert (layer.variant, layer.slower) == ("", "") or taps > FITS
    assert layer.variant == "" or "21 bits" in layer.slower
    assert (layer.variant == "_in_parts") == (taps > FITS)
    assert built.mismatches(inputs()) == 0


@pytest.mark.parametrize("target", [KernelModel, CoreModel])
@pytest.mark.parametrize("taps", [65, 200, 333])
def test_parts_equal_the_oracle_where_channels_differ(taps, target, tmp_path):
    """Channels of opposite signs leave each part half of the field."""
    signs = np.stack([np.resize(each, taps) for each in (*SIGNS.values(), [1] * 40 + [-1] * 40)], axis=1)
    built = target(depthwise(signs, 210), tmp_path)
    assert only_layer(built).function == "spl_depthwise_conv_1d_s8_in_parts"
    assert built.mismatches(inputs(signs.shape[1], 210)) == 0


@pytest.mark.parametrize("taps, channels", [(FITS, 6), (FITS + 1, 6), (128, 6), (200, 6), (1000, 2)])
def test_a_long_filter_costs_no_more_than_its_bar(taps, channels, tmp_path):
    """Beside the largest weights on both sides of the field: no cliff between them."""
    built = CoreModel(depthwise(np.resize([1], (taps, channels)), 270), tmp_path)
    cost = built.count(inputs(channels, 270)[2]).instructions
    assert cost <= MOST_A_MAC * built.model.macs
