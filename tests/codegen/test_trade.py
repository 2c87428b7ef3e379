"""RAM for instructions: the fastest plan that fits a budget, what it costs, and when there is none."""

from pathlib import Path

import numpy as np
import pytest
from support.core_model import CoreModel
from support.plain_model import inputs_for

from splkit.codegen.budget import RAM_BYTES
from splkit.codegen.compile import compile_model

BUDGETS = (1_932, 2_400, 2_700, 4_500)


@pytest.fixture(scope="module")
def anchor(anchor_dir: Path) -> bytes:
    return (anchor_dir / "dscrnn_4k_int8.tflite").read_bytes()


def test_more_ram_costs_fewer_instructions_and_the_same_bits(anchor, tmp_path):
    costs = []
    values = inputs_for(anchor, 8)
    for budget in BUDGETS:
        folder = tmp_path / str(budget)
        folder.mkdir()
        built = CoreModel(anchor, folder, ram_bytes=budget)
        assert built.model.ram_bytes <= budget
        assert built.mismatches(values) == 0
        costs.append(built.count(values[-1]).instructions)
    assert costs == sorted(costs, reverse=True) and len(set(costs)) == len(costs)
    assert costs[2] <= 345_000 and costs[3] <= 325_000


def test_the_estimate_ranks_plans_as_their_counts_do(anchor):
    estimates = [compile_model(anchor, "model", budget).extra for budget in BUDGETS]
    assert estimates == sorted(estimates, reverse=True) and estimates[-1] == 0


def test_without_a_budget_it_is_the_default_one(anchor):
    sizes = {compile_model(anchor, "model", budget).ram_bytes for budget in (None, RAM_BYTES)}
    assert len(sizes) == 1 and sizes.pop() <= RAM_BYTES


def test_where_nothing_fits_it_is_the_least(anchor):
    least = compile_model(anchor, "model", 0)
    assert least.ram_bytes == compile_model(anchor, "model", least.ram_bytes).ram_bytes
    assert least.ram_bytes < compile_model(anchor, "model", BUDGETS[-1]).ram_bytes
    assert np.all([each.size > 0 for each in least.plan.allocations])
