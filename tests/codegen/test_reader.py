"""The reader takes good models and refuses everything else in one sentence."""

from struct import calcsize

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.codegen.compile import compile_model
from splkit.codegen.tflite_file.reader import parse_model
from splkit.codegen.tflite_file.structure import walk
from splkit.errors import ModelError
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model

MODEL = reference_model().read_bytes()


def test_the_bundled_model_is_read_whole():
    graph = parse_model(MODEL, "model")
    kinds = [operator.kind for operator in graph.operators]
    assert kinds.count("DEPTHWISE_CONV_2D") == 3 and kinds.count("UNIDIRECTIONAL_SEQUENCE_LSTM") == 1
    assert graph.input.shape == (1, 270, 1) and graph.output.size == 7
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


def one(
    kind: str,
    source: TensorSpec,
    output: TensorSpec,
    *more: TensorSpec,
    options: str = "NONE",
    **values: float,
) -> bytes:
    """A model of one operator: its input, its output, and what else it reads."""
    inputs = [0, *range(2, 2 + len(more))]
    return build_model([source, output, *more], [OperatorSpec(kind, inputs, [1], options, values)], 0, 1)


def reshape(source: TensorSpec, output: TensorSpec) -> bytes:
    return one("RESHAPE", source, output)


def pool(**values: float) -> bytes:
    shape = TensorSpec((1, 8, 1, 1))
    known = {"Padding": 1, "StrideH": 1, "StrideW": 1, "FilterHeight": 1, "FilterWidth": 1}
    return one("MAX_POOL_2D", shape, shape, options="Pool2DOptions", **(known | values))


ROW = TensorSpec((1, 4))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "TFL3"),
        (reshape(TensorSpec((1, 4), scales=[0.0]), ROW), "scales"),
        (reshape(TensorSpec((1, 4), scales=[np.nan]), ROW), "scales"),
        (reshape(TensorSpec((1, 4), scales=[np.inf]), ROW), "scales"),
        (reshape(TensorSpec((1, 4), scales=[1e-30]), ROW), "scale 1e-30"),
        (reshape(TensorSpec((1, 4), zero_points=[]), ROW), "its zero point"),
        (reshape(TensorSpec((1, 4), zero_points=[999]), ROW), "999"),
        (
            reshape(TensorSpec((1, 4), scales=[1.0, 1.0], zero_points=[0, 0], axis=1), ROW),
            "one scale a channel",
        ),
        (reshape(TensorSpec((2, 4)), TensorSpec((2, 4))), "batch 1"),
        (reshape(ROW, TensorSpec((1, 5))), "as many elements"),
        (reshape(TensorSpec((1, 0)), TensorSpec((1, 0))), "1x0"),
        (reshape(TensorSpec((1, 1 << 20, 1 << 20)), ROW), "elements"),
        (reshape(TensorSpec((1, -4)), ROW), "none negative"),
        (reshape(TensorSpec((1, 4), data=np.zeros((1, 4), np.int8)), ROW), "neither constant"),
        (one("COS", ROW, ROW), "COS, which TensorFlow Lite Micro has no int8 of"),
        (one("SOFTMAX", ROW, ROW), "SoftmaxOptions"),
        (one("SOFTMAX", ROW, ROW, options="SoftmaxOptions", Beta=1.0), "output scale"),
        (one("RESHAPE", ROW, TensorSpec((1, 4), data=np.zeros((1, 4), np.int8))), "written twice"),
        (one("PAD", ROW, ROW, TensorSpec((1, 4))), "execution order"),
        (build_model([ROW, ROW], [OperatorSpec("RESHAPE", [1], [1])], 0, 1), "execution order"),
        (build_model([ROW, ROW], [OperatorSpec("RESHAPE", [7], [1])], 0, 1), "inside"),
        (
            build_model([ROW, ROW, ROW], [OperatorSpec("RESHAPE", [0], [1], intermediates=[2])], 0, 1),
            "intermediate",
        ),
        (pool(StrideH=0), "stride 0"),
        (pool(FilterHeight=1 << 30), "taps"),
        (pool(Padding=2), "padding 2"),
        (pool(FusedActivationFunction=4), "TANH"),
        (pool(FilterHeight=3), "6 points"),
    ],
)
def test_what_is_wrong_is_named(content, words):
    with pytest.raises(ModelError) as refusal:
        compile_model(content, "bad.tflite")
    assert words in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_constant_that_many_operators_share_is_refused_at_once():
    shared = TensorSpec((1 << 10, 1 << 10), data=np.ones((1 << 10, 1 << 10), np.int8))
    rows = [TensorSpec((1, 1 << 10)) for _ in range(33)]
    operators = [
        OperatorSpec("FULLY_CONNECTED", [i, 33], [i + 1], "FullyConnectedOptions")
        for i in range(len(rows) - 1)
    ]
    with pytest.raises(ModelError, match="found 32 and 33554432"):
        compile_model(build_model([*rows, shared], operators, 0, 32), "test.tflite")


def test_a_name_does_no_harm_to_a_message():
    content = MODEL.replace(b"as_sequence", b"as\n\x1b[31m\xff*/")
    assert content != MODEL
    for operator in parse_model(content, "model").operators:
        assert operator.label.isprintable()


def test_every_field_that_is_walked_lies_inside():
    fields = list(walk(MODEL))
    assert {"Tensor.0", "Buffer.0", "UnidirectionalSequenceLSTMOptions.1"} <= {field.name for field in fields}
    assert max(field.at + calcsize(f"<{field.format}") * field.values for field in fields) <= len(MODEL)


def test_a_shared_state_is_refused():
    state = TensorSpec((1, 4), variable=True)
    operators = [
        OperatorSpec("ADD", [0, 2], [1], "AddOptions"),
        OperatorSpec("ADD", [1, 2], [3], "AddOptions"),
    ]
    with pytest.raises(ModelError, match="a state for each operator alone"):
        compile_model(build_model([ROW, ROW, state, ROW], operators, 0, 3), "test.tflite")


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
