"""Networks with branches, views and shared operands: planned, generated and run, equal to the oracle."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from support.branched_models import branched
from support.host_model import HostModel
from support.kernel_model import KernelModel

from splkit.codegen.compile import CompiledModel

EXAMPLES = {KernelModel: 300, HostModel: 12}
INPUTS = 4


@pytest.mark.parametrize("target", [KernelModel, HostModel])
def test_equals_the_oracle(target, tmp_path_factory):
    drawn: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES[target],
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # a smaller example takes minutes to find
    )
    @given(branched())
    def check(content):
        built = target(content, tmp_path_factory.mktemp("model"))
        rng = np.random.default_rng(len(content))
        inputs = rng.integers(-128, 128, (INPUTS, built.model.input_size), np.int8)
        assert built.mismatches(inputs) == 0
        drawn.update(traits(built.model))

    check()
    # The tests say nothing of what is never drawn.
    assert min(drawn[trait] for trait in TRAITS) * 20 >= EXAMPLES[target], drawn


TRAITS = ("a view read after its source", "read by several", "read twice by one", "written in place")


def traits(model: CompiledModel) -> set[str]:
    """What of all that a planner may get wrong there is in a model."""
    layers, plan = model.all_layers, model.plan
    readers = Counter(index for layer in layers for index in {tensor.index for tensor in layer.inputs})
    last_read = {tensor.index: i for i, layer in enumerate(layers) for tensor in layer.inputs}
    held = {
        "a view read after its source": any(
            not layer.kernel and last_read.get(layer.output.index, 0) > last_read[layer.input.index] >= i
            for i, layer in enumerate(layers)
        ),
        "read by several": max(readers.values()) > 1,
        "read twice by one": any(
            len({tensor.index for tensor in layer.inputs}) < len(layer.inputs) for layer in layers
        ),
        "written in place": any(
            layer.kernel and plan.outputs[i] in plan.inputs[i] for i, layer in enumerate(layers)
        ),
    }
    return {trait for trait, holds in held.items() if holds}
