"""Each operator, and each chain that one kernel computes, against the oracle: host and Cortex-M4F."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import chain_models, image_models, operator_models, sequence_models, shape_models
from support.core_model import CoreModel
from support.kernel_model import KernelModel

INPUTS = 24
EXAMPLES = {KernelModel: 40, CoreModel: 6}
MODELS: dict[str, st.SearchStrategy[bytes]] = {
    f"{module.__name__.removeprefix('support.')}-{name}": getattr(module, name)
    for module, names in (
        (operator_models, "conv depthwise_conv max_pool average_pool fully_connected mul add mean"),
        (operator_models, "relu relu6 quantize logistic tanh add_two sub_two mul_two lstm"),
        (image_models, "conv_2d depthwise_2d max_pool_2d average_pool_2d"),
        (shape_models, "pad concatenation strided_slice reshaped softmax mean_of_axes"),
        (shape_models, "fully_connected_rows broadcast constant_broadcast"),
        (sequence_models, "lstm_layers"),
        (chain_models, "pooled_conv separable"),
    )
    for name in names.split()
}


def random_inputs(size: int) -> np.ndarray:
    rng = np.random.default_rng(size)
    extremes = np.stack([np.full(size, -128), np.full(size, 127), np.tile([-128, 127], size)[:size]])
    return np.concatenate([extremes, rng.integers(-128, 128, (INPUTS - 3, size))]).astype(np.int8)


@pytest.mark.parametrize("target", [KernelModel, CoreModel])
@pytest.mark.parametrize("name", MODELS)
def test_equals_the_oracle(name, target, tmp_path_factory):
    models = MODELS[name]

    @settings(
        max_examples=EXAMPLES[target],
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(models() if callable(models) else models)
    def check(content):
        built = target(content, tmp_path_factory.mktemp("model"))
        assert built.mismatches(random_inputs(built.model.input_size)) == 0

    check()
