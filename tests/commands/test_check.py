"""`splkit operators` and `splkit check`: what is compiled, and all that stands in the way of one model."""

import json
import re

import numpy as np
import pytest
from support.command_line import splkit, splkit_json
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.codegen.operators.registry import ENTRIES, REGISTRY
from splkit.codegen.tflm import _REGISTRATIONS
from splkit.quantize.reference import reference_model

SHAPE = (1, 4)


def troubled() -> bytes:
    """A float end, a broken scale, an unknown operator, two beyond their limits, and one that is sound."""
    tensors = [
        TensorSpec(SHAPE, "float32"),
        TensorSpec(SHAPE, scales=[0.5]),
        TensorSpec(SHAPE, scales=[-1.0]),
        TensorSpec(SHAPE, scales=[0.25]),
        TensorSpec(SHAPE, scales=[0.25]),
        TensorSpec((1, 5), scales=[0.25]),
    ]
    operators = [
        OperatorSpec("COS", [0], [1]),
        OperatorSpec("ABS", [1], [2]),
        OperatorSpec("RELU", [1], [3]),
        OperatorSpec("SOFTMAX", [3], [4], "SoftmaxOptions", {"Beta": 1.0}),
        OperatorSpec("RESHAPE", [4], [5]),
    ]
    return build_model(tensors, operators, 0, 5)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "troubled.tflite"
    path.write_bytes(troubled())
    return path


def test_all_that_is_refused_is_said_at_once_the_culprit_first(path):
    done = splkit("check", str(path), "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 2 and not said["compiles"] and done.stderr.count("\n") == 1
    rules = [each["rule"] for each in said["refused"]]
    culprits = [
        'tensor "tensor3"',
        "troubled.tflite",
        "operator 0 (COS",
        "operator 3 (SOFTMAX",
        "operator 4 (RESHAPE",
    ]
    assert [rule.startswith(culprit) for rule, culprit in zip(rules, culprits, strict=True)] == [True] * 5
    # The operator that reads the broken tensor is not blamed for it, nor is the one that is sound.
    assert not any("ABS" in rule or "RELU" in rule for rule in rules)
    found = [each["found"] for each in said["refused"]]
    assert (
        "tensor1, float32 1x4" in found[1]
        and "output scale 0.25" in found[3]
        and "1x4 -> int8 1x5" in found[4]
    )
    assert (
        "int8" in said["refused"][1]["next_step"]
        and "splkit operators SOFTMAX" in said["refused"][3]["next_step"]
    )


def test_in_words_each_is_a_line_and_advice_comes_once(path):
    done = splkit("check", str(path))
    lines = done.stdout.splitlines()
    assert sum("; found " in line for line in lines) == 5
    assert sum(" of them: " in line for line in lines) == len(
        {line for line in lines if " of them: " in line}
    )
    assert "found 5 refusals in troubled.tflite" in done.stderr


def test_a_model_that_compiles_says_so():
    said = splkit_json("check", str(reference_model()))
    assert said["compiles"] and said["refused"] == [] and said["macs"] > 100_000
    assert "splkit compile" in splkit("check", str(reference_model())).stdout


@pytest.mark.parametrize("content", [b"", b"no model at all", troubled()[:-40]])
def test_a_file_that_is_no_model_is_one_refusal(tmp_path, content):
    path = tmp_path / "broken.tflite"
    path.write_bytes(content)
    said = json.loads(splkit("check", str(path), "--json").stdout)
    assert len(said["refused"]) == 1 and not said["compiles"]


def test_operators_are_those_of_the_compiler():
    listed = splkit_json("operators")
    assert {each["operator"] for each in listed} == set(ENTRIES)
    assert all(each["types"] == ["int8"] and each["limits"] for each in listed)
    assert [each["operator"] for each in splkit_json("operators", "tanh", "PAD")] == ["TANH", "PAD"]
    unknown = splkit("operators", "COS")
    assert unknown.returncode == 2 and "COS" in unknown.stderr


def test_the_documentation_has_the_same_table(root):
    page = (root / "docs" / "operators.md").read_text()
    rows = re.findall(
        r"^\| ([A-Z][A-Z0-9_, ]+) \| (.+) \|$", page.partition("\nTensors have up to")[0], re.MULTILINE
    )
    assert rows == [(", ".join(entry.kinds), entry.limits) for entry in REGISTRY]


def test_the_other_runtime_registers_all_of_them():
    assert set(_REGISTRATIONS) == set(ENTRIES)


def test_dead_weights_are_no_reason(tmp_path):
    """What a converter leaves of a channel that died: no weights, a bias of 2^30."""
    tensors = [
        TensorSpec((1, 3), scales=[0.1]),
        TensorSpec(
            (2, 3), scales=[0.01, 1e-10], zero_points=[0, 0], data=np.array([[1, 2, 3], [0, 0, 0]], np.int8)
        ),
        TensorSpec((2,), "int32", data=np.array([5, 1 << 30], np.int32)),
        TensorSpec((1, 2), scales=[0.05]),
    ]
    dense = OperatorSpec("FULLY_CONNECTED", [0, 1, 2], [3], "FullyConnectedOptions")
    path = tmp_path / "dead.tflite"
    path.write_bytes(build_model(tensors, [dense], 0, 3))
    assert splkit_json("check", str(path))["compiles"]
