"""Each operator, and each chain that one kernel computes, against the oracle: host and Cortex-M4F."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from support.core_model import CoreModel
from support.kernel_model import KernelModel
from support.model_strategies import MODELS

INPUTS = 24
EXAMPLES = {KernelModel: 40, CoreModel: 6}


def random_inputs(size: int) -> np.ndarray:
    rng = np.random.default_rng(size)
    extremes = np.stack([np.full(size, -128), np.full(size, 127), np.tile([-128, 127], size)[:size]])
    return np.concatenate([extremes, rng.integers(-128, 128, (INPUTS - 3, size))]).astype(np.int8)


@pytest.mark.parametrize("target", [KernelModel, CoreModel])
@pytest.mark.parametrize("name", MODELS)
def test_equals_the_oracle(name, target, tmp_path_factory):
    @settings(
        max_examples=EXAMPLES[target],
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(MODELS[name])
    def check(content):
        built = target(content, tmp_path_factory.mktemp("model"))
        assert built.mismatches(random_inputs(built.model.input_size)) == 0

    check()
