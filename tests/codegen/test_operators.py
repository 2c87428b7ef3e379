"""Each operator, and each chain that one kernel computes, against the oracle: host and Cortex-M4F."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import chain_models, operator_models
from support.core_model import CoreModel
from support.host_model import HostModel

INPUTS = 24
OPERATORS = (
    *("conv", "depthwise_conv", "max_pool", "fully_connected", "mul", "add", "lstm"),
    *("relu", "relu6", "quantize", "logistic", "tanh", "average_pool", "mean"),
    *("add_two", "sub_two", "mul_two"),
)
CHAINS = ("pooled_conv", "separable")


def random_inputs(size: int) -> np.ndarray:
    rng = np.random.default_rng(size)
    extremes = np.stack([np.full(size, -128), np.full(size, 127), np.tile([-128, 127], size)[:size]])
    return np.concatenate([extremes, rng.integers(-128, 128, (INPUTS - 3, size))]).astype(np.int8)


@pytest.mark.parametrize("target", [HostModel, CoreModel])
@pytest.mark.parametrize("kind", [*OPERATORS, *CHAINS])
def test_equals_the_oracle(kind, target, tmp_path_factory):
    strategy = getattr(operator_models if kind in OPERATORS else chain_models, kind)
    models: st.SearchStrategy[bytes] = strategy() if callable(strategy) else strategy

    @settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(models)
    def check(content):
        built = target(content, tmp_path_factory.mktemp(kind))
        assert built.mismatches(random_inputs(built.model.input_size)) == 0

    check()
