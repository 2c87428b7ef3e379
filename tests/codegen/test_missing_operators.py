"""What is refused by name says why, and its reason is the oracle's own."""

import numpy as np
import pytest
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.codegen.compile import compile_model
from splkit.codegen.operators.missing import FLOAT_IN_TFLM, NOT_IN_TFLM
from splkit.codegen.operators.registry import ENTRIES
from splkit.errors import ModelError
from splkit.quantize.oracle import TflmOracle

OPTIONS = {"GELU": "GeluOptions"}


def one_operator(kind: str, inputs: int = 1) -> bytes:
    tensors = [TensorSpec((1, 4), scales=[0.1]) for _ in range(inputs + 1)]
    operator = OperatorSpec(kind, list(range(inputs)), [inputs], OPTIONS.get(kind, "NONE"))
    return build_model(tensors, [operator], list(range(inputs)), inputs)


@pytest.mark.parametrize("kind", sorted(NOT_IN_TFLM))
def test_the_oracle_has_no_kernel_for_it_either(kind, capfd):
    with pytest.raises(ModelError, match=f"{kind}, which TensorFlow Lite Micro has no kernel for"):
        compile_model(one_operator(kind), "model")
    with pytest.raises(ModelError):
        TflmOracle(one_operator(kind)).run(np.zeros((1, 4), np.int8))
    assert f"Didn't find op for builtin opcode '{kind}'" in capfd.readouterr().err


@pytest.mark.parametrize("kind", sorted(FLOAT_IN_TFLM))
def test_the_oracle_has_no_int8_of_it_either(kind, capfd):
    inputs = 2 if kind.startswith("FLOOR_") else 1
    with pytest.raises(ModelError, match=f"{kind}, which TensorFlow Lite Micro has no int8 of"):
        compile_model(one_operator(kind, inputs), "model")
    with pytest.raises((ModelError, RuntimeError)):
        TflmOracle(one_operator(kind, inputs)).run(np.zeros((1, 4 * inputs), np.int8))
    said = capfd.readouterr().err
    assert f"Node {kind} " in said and "Didn't find op" not in said


def test_no_reason_is_left_of_what_is_compiled():
    assert not (NOT_IN_TFLM | FLOAT_IN_TFLM) & ENTRIES.keys()


def test_the_advice_of_a_state_and_of_gelu():
    for kind, words in (("SVDF", "a convolution over"), ("GELU", "to HARD_SWISH")):
        with pytest.raises(ModelError, match=words):
            compile_model(one_operator(kind), "model")


@pytest.mark.parametrize("shapes", [((2, 4), (2, 4)), ((1, 4), (2, 2))])
def test_a_batch_is_named_with_what_to_do(shapes):
    tensors = [TensorSpec(shape, scales=[0.1]) for shape in shapes]
    content = build_model(tensors, [OperatorSpec("RESHAPE", [0], [1])], 0, 1)
    with pytest.raises(ModelError, match=r"whose first axis is the batch.*spl_infer once for each"):
        compile_model(content, "model")


def div(*divisors: int) -> bytes:
    tensors = [
        TensorSpec((1, 4), scales=[0.1]),
        TensorSpec((len(divisors),), scales=[0.01], zero_points=[3], data=np.array(divisors, np.int8)),
        TensorSpec((1, 4), scales=[0.1]),
    ]
    return build_model(tensors, [OperatorSpec("DIV", [0, 1], [2], "DivOptions")], 0, 2)


@pytest.mark.parametrize("divisors, words", [([3], "0 as divisor"), ([4, 5, 6, 7], "4 divisors")])
def test_a_divisor_is_one_value_and_not_0(divisors, words):
    with pytest.raises(ModelError, match=words):
        compile_model(div(*divisors), "model")


def test_a_computed_divisor_may_be_0():
    tensors = [TensorSpec((1, 4), scales=[0.1]) for _ in range(3)]
    content = build_model(tensors, [OperatorSpec("DIV", [0, 1], [2], "DivOptions")], [0, 1], 2)
    with pytest.raises(ModelError, match="computed, and may be 0"):
        compile_model(content, "model")


def test_a_quotient_that_the_last_bits_of_a_reciprocal_decide_is_refused():
    """13 / 52 of scales whose quotient is 250 lies between two outputs, 62.5 apart from the zero point."""
    scales = ([0.03099999949336052], [0.004000000189989805], [0.03099999949336052])
    tensors = [
        TensorSpec((1, 4), scales=scales[0], zero_points=[61]),
        TensorSpec((1,), scales=scales[1], data=np.array([-52], np.int8)),
        TensorSpec((1, 4), scales=scales[2], zero_points=[82]),
    ]
    content = build_model(tensors, [OperatorSpec("DIV", [0, 1], [2], "DivOptions")], 0, 2)
    with pytest.raises(ModelError, match="without ties"):
        compile_model(content, "model")


@pytest.mark.parametrize("scale", [1e-38, 1e-45])
def test_a_quotient_of_scales_beyond_float32_is_refused(scale):
    tensors = [
        TensorSpec((1, 4), scales=[0.1]),
        TensorSpec((1,), scales=[scale], data=np.array([5], np.int8)),
        TensorSpec((1, 4), scales=[0.1]),
    ]
    content = build_model(tensors, [OperatorSpec("DIV", [0, 1], [2], "DivOptions")], 0, 2)
    with pytest.raises(ModelError):
        compile_model(content, "model")


@pytest.mark.parametrize("alpha", [np.inf, np.nan, -0.5])
def test_leaky_relu_has_a_finite_alpha(alpha):
    tensors = [TensorSpec((1, 4), scales=[0.1]), TensorSpec((1, 4), scales=[0.1])]
    operator = OperatorSpec("LEAKY_RELU", [0], [1], "LeakyReluOptions", {"Alpha": float(alpha)})
    with pytest.raises(ModelError, match="alpha"):
        compile_model(build_model(tensors, [operator], 0, 1), "model")


@pytest.mark.parametrize("kind", ["TRANSPOSE_CONV", "CONV_2D"])
def test_a_stride_that_tflm_holds_in_16_bits_is_refused(kind):
    """Of 65,536 it makes 0, as the fuzzer found."""
    filters = TensorSpec(
        (5, 1, 5, 2), scales=[0.01] * 5, zero_points=[0] * 5, data=np.ones((5, 1, 5, 2), np.int8)
    )
    options = {"Padding": 1, "StrideW": 1 << 16, "StrideH": 1}
    if kind == "CONV_2D":
        source, output = TensorSpec((1, 1, 9, 2), scales=[0.1]), TensorSpec((1, 1, 1, 5), scales=[0.1])
        options |= {"DilationWFactor": 1, "DilationHFactor": 1}
        tensors, inputs, name = [source, filters, output], [0, 1], "Conv2DOptions"
    else:
        source, output = TensorSpec((1, 1, 3, 2), scales=[0.1]), TensorSpec((1, 1, 9, 5), scales=[0.1])
        shape = TensorSpec((4,), "int32", data=np.array([1, 1, 9, 5], np.int32))
        tensors, inputs, name = [source, filters, output, shape], [3, 1, 0], "TransposeConvOptions"
    content = build_model(tensors, [OperatorSpec(kind, inputs, [2], name, options)], 0, 2)
    with pytest.raises(ModelError, match="stride"):
        compile_model(content, "model")
