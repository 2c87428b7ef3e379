"""The reader takes good models and refuses everything else in one sentence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.codegen.compile import compile_model
from splkit.codegen.reader import parse_model
from splkit.errors import ModelError
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model

MODEL = reference_model().read_bytes()


def test_the_bundled_model_is_read_whole():
    graph = parse_model(MODEL, "model")
    kinds = [operator.kind for operator in graph.operators]
    assert kinds.count("DEPTHWISE_CONV_2D") == 3 and kinds.count("UNIDIRECTIONAL_SEQUENCE_LSTM") == 1
    assert graph.input.shape == (1, 270, 1) and graph.output.size == 1
    assert {tensor.dtype for operator in graph.operators for tensor in operator.outputs} == {"int8"}


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(MODEL) - 1))
def test_a_model_cut_anywhere_is_refused(length):
    with pytest.raises(ModelError, match="found"):
        compile_model(MODEL[:length], "cut")


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(MODEL) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_damaged_model_is_refused_or_still_a_model(damage):
    content = bytearray(MODEL)
    for position, value in damage:
        content[position] = value
    try:
        model = compile_model(bytes(content), "damaged")
    except ModelError as error:
        assert error.found
    else:
        assert model.arena_bytes < 1 << 24


def one(tensor: TensorSpec, output: TensorSpec, operator: OperatorSpec) -> bytes:
    return build_model([tensor, output], [operator], 0, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "TFL3"),
        (
            one(TensorSpec((1, 4), scales=[0.0]), TensorSpec((1, 4)), OperatorSpec("RESHAPE", [0], [1])),
            "scales",
        ),
        (
            one(TensorSpec((1, 4), scales=[np.nan]), TensorSpec((1, 4)), OperatorSpec("RESHAPE", [0], [1])),
            "scales",
        ),
        (one(TensorSpec((2, 4)), TensorSpec((2, 4)), OperatorSpec("RESHAPE", [0], [1])), "batch 1"),
        (one(TensorSpec((1, 4)), TensorSpec((1, 5)), OperatorSpec("RESHAPE", [0], [1])), "as many elements"),
        (
            one(TensorSpec((1, 1 << 20, 1 << 20)), TensorSpec((1, 4)), OperatorSpec("RESHAPE", [0], [1])),
            "elements",
        ),
        (
            one(TensorSpec((1, 4), zero_points=[999]), TensorSpec((1, 4)), OperatorSpec("RESHAPE", [0], [1])),
            "999",
        ),
        (one(TensorSpec((1, 4)), TensorSpec((1, 4)), OperatorSpec("SOFTMAX", [0], [1])), "SOFTMAX"),
        (one(TensorSpec((1, 4)), TensorSpec((1, 4)), OperatorSpec("RESHAPE", [1], [1])), "execution order"),
        (one(TensorSpec((1, 4)), TensorSpec((1, 4)), OperatorSpec("RESHAPE", [7], [1])), "inside"),
    ],
)
def test_what_is_wrong_is_named(content, words):
    with pytest.raises(ModelError) as refusal:
        compile_model(content, "bad.tflite")
    assert words in str(refusal.value)


def test_a_bias_at_another_scale_is_refused_as_the_oracle_does():
    tensors = [
        TensorSpec((1, 2), scales=[0.5]),
        TensorSpec((1, 2), scales=[0.5], data=np.ones((1, 2), np.int8)),
        TensorSpec((1,), "int32", scales=[0.5], data=np.ones(1, np.int32)),
        TensorSpec((1, 1), scales=[1.0]),
    ]
    dense = OperatorSpec("FULLY_CONNECTED", [0, 1, 2], [3], "FullyConnectedOptions", {})
    content = build_model(tensors, [dense], 0, 3)
    with pytest.raises(ModelError, match=r"bias of scale 0\.5"):
        compile_model(content, "test.tflite")
    with pytest.raises(Exception):  # noqa: B017
        TflmOracle(content).run(np.zeros((1, 2), np.int8))
