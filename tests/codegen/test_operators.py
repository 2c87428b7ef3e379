"""Each operator by itself against the oracle, over random shapes, scales, zero points and paddings."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import operator_models
from support.host_model import HostModel

INPUTS = 24


def random_inputs(size: int) -> np.ndarray:
    rng = np.random.default_rng(size)
    extremes = np.stack([np.full(size, -128), np.full(size, 127), np.tile([-128, 127], size)[:size]])
    return np.concatenate([extremes, rng.integers(-128, 128, (INPUTS - 3, size))]).astype(np.int8)


@pytest.mark.parametrize(
    "kind", ["conv", "depthwise_conv", "max_pool", "fully_connected", "mul", "add", "lstm"]
)
def test_operator_equals_the_oracle(kind, tmp_path_factory):
    strategy = getattr(operator_models, kind)
    models: st.SearchStrategy[bytes] = strategy() if callable(strategy) else strategy

    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(models)
    def check(content):
        host = HostModel(content, tmp_path_factory.mktemp(kind))
        assert host.mismatches(random_inputs(host.model.input_size)) == 0

    check()
