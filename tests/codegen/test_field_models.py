"""Networks of the shapes of the field's benchmark models: equal to the oracle, within their bars."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from support.field_models import FIELD_MODELS
from support.kernel_model import KernelModel
from support.plain_model import inputs_for

BENCH = Path(__file__).parents[2] / "bench" / "field_models.py"


def test_every_network_meets_its_bar_and_is_below_tflm() -> None:
    command = [sys.executable, str(BENCH), "--inputs", "2", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = json.loads(done.stdout)
    rivals = {row["name"]: row for row in tomllib.loads((BENCH.parent / "tflm.toml").read_text())["field"]}
    assert said["bars"].keys() == rivals.keys() == FIELD_MODELS.keys()
    assert [cost["network"] for cost in said["costs"]] == list(FIELD_MODELS)
    for cost in said["costs"]:
        rival = rivals[cost["network"]]
        assert cost["differ"] == 0
        assert 0 < cost["instructions"] <= said["bars"][cost["network"]] < rival["instructions"]
        assert cost["arena_bytes"] < rival.get("arena_bytes", sys.maxsize)
        assert 0 < sum(cost["layers"].values()) <= cost["instructions"]
    assert done.returncode == 0


@pytest.mark.parametrize("name", ["keyword spotting ds-cnn", "micro_speech"])
def test_random_weights_tell_inputs_apart(name: str) -> None:
    """What is constant would equal anything."""
    content = FIELD_MODELS[name]()
    outputs = KernelModel(content).run(inputs_for(content, 12))
    assert len(np.unique(outputs, axis=0)) > 3
