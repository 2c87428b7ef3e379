"""Short depthwise filters over time: every variant against the oracle, what they cost, who takes them."""

import numpy as np
import pytest
from support.core_model import CoreModel
from support.depthwise_models import depthwise
from support.kernel_model import KernelModel

LENGTHS = (16, 17, 18, 19)
"""Points of the output in whole fours and one, two and three more."""


def inputs(size: int) -> np.ndarray:
    extremes = [np.full(size, -128), np.full(size, 127), np.tile([-128, 127], size)[:size]]
    return np.array([*extremes, np.random.default_rng(size).integers(-128, 128, size)], np.int8)


@pytest.mark.parametrize("stride, infix", [(1, ""), (2, "_by_2"), (3, "_by_any"), (7, "_by_any")])
@pytest.mark.parametrize("taps", range(1, 17))
def test_every_variant_equals_the_oracle(taps, stride, infix, tmp_path):
    variant = f"spl_short_filter_1d_s8{infix}_of_{max((taps + 1) // 2, 2)}"
    for channels, multiplier in ((1, 1), (3, 1), (2, 2)):
        for length in LENGTHS:
            content = depthwise(taps, channels, stride, multiplier, length * stride)
            built = KernelModel(content)
            assert built.model.all_layers[0].function == variant
            assert built.mismatches(inputs(built.model.input_size)) == 0
    core = CoreModel(content, tmp_path)
    assert core.mismatches(inputs(core.model.input_size)) == 0


@pytest.mark.parametrize("taps", [12, 15, 16])
def test_they_meet_the_bar_of_two_a_mac(taps, tmp_path):
    assert a_mac(tmp_path, taps, 6, 1, 1) <= 2


@pytest.mark.parametrize("taps, stride, multiplier", [(9, 2, 1), (7, 1, 2), (5, 1, 4), (16, 3, 1)])
def test_strides_and_multipliers_meet_the_bar_of_three(taps, stride, multiplier, tmp_path):
    assert a_mac(tmp_path, taps, 6, stride, multiplier) <= 3


def a_mac(folder, *sizes: int) -> float:
    built = CoreModel(depthwise(*sizes, 270), folder)
    return built.count(inputs(built.model.input_size)[3]).instructions / built.model.macs


def test_a_far_shift_is_left_to_a_kernel_that_takes_any(tmp_path):
    built = KernelModel(depthwise(5, 2, 2, 1, 40, output_scale=1e-5), tmp_path)
    (layer,) = built.model.all_layers
    assert layer.kernel == "spl_depthwise_conv_2d_s8" and "shift" in layer.slower
    assert built.mismatches(inputs(built.model.input_size)) == 0
