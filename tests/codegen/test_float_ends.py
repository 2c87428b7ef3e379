"""Networks with float32 ends: the int8 network between them is compiled, and says what the floats are."""

from pathlib import Path

import numpy as np
import pytest
from support.host_model import HostModel
from support.kernel_model import KernelModel
from support.tflite_builder import OperatorSpec, TensorSpec, build_model
from tflite_micro import runtime

from splkit.codegen.compile import compile_model
from splkit.codegen.faults import faults
from splkit.errors import ModelError
from splkit.quantize.carried import card_for

SHAPE = (1, 7)
QUANTIZE, DEQUANTIZE = ("QuantizeOptions", "DequantizeOptions")


def network(quantizes: int = 1, kind: str = "QUANTIZE") -> bytes:
    """float -> int8, and int8 besides -> their sum -> both as floats and the sum as it is."""
    tensors = [
        TensorSpec(SHAPE, "float32"),
        TensorSpec(SHAPE, scales=[0.03], zero_points=[17]),
        TensorSpec(SHAPE, scales=[0.05], zero_points=[-90]),
        TensorSpec(SHAPE, scales=[0.07], zero_points=[5]),
        TensorSpec(SHAPE, "float32"),
        TensorSpec(SHAPE, scales=[0.02], zero_points=[0]),
    ]
    operators = [
        OperatorSpec(kind, [0], [1]),
        OperatorSpec("ADD", [1, 2], [3], "AddOptions"),
        OperatorSpec("DEQUANTIZE", [3], [4]),
    ]
    operators += [OperatorSpec("QUANTIZE", [0], [5])] * (quantizes - 1)
    return build_model(tensors, operators, [0, 2], [4, 3])


@pytest.mark.parametrize("target", [KernelModel, HostModel])
def test_it_equals_the_oracle(target, tmp_path):
    built = target(network(), tmp_path)
    assert [end.tensor.dtype for end in (*built.model.inputs, *built.model.outputs)] == ["int8"] * 4
    assert (built.model.inputs[0].tensor.zero_point, built.model.outputs[0].tensor.zero_point) == (17, 5)
    every = np.stack(
        [np.resize(np.arange(-128, 128), 14) + 0, *np.random.default_rng(1).integers(-128, 128, (40, 14))]
    )
    assert built.mismatches(every.astype(np.int8)) == 0


def test_its_outputs_are_what_the_floats_of_the_file_say(tmp_path):
    """TensorFlow Lite Micro on real numbers, without anything of the oracle's."""
    built = KernelModel(network(), tmp_path)
    interpreter = runtime.Interpreter.from_bytes(network())
    for row in np.random.default_rng(2).integers(-128, 128, (30, 14)):
        reals = (np.float32(0.03) * (row[:7] - 17)).astype(np.float32)
        interpreter.set_input(reals.reshape(SHAPE), 0)
        interpreter.set_input(row[7:].astype(np.int8).reshape(SHAPE), 1)
        interpreter.invoke()
        found = built.run(row.astype(np.int8)[np.newaxis])[0]
        expected = np.ravel(interpreter.get_output(0))
        assert np.allclose(np.float32(0.07) * (found[:7].astype(float) - 5), expected, atol=1e-6)
        assert np.array_equal(found[7:], np.ravel(interpreter.get_output(1)))


def test_operators_keep_their_numbers_in_messages():
    broken = network(kind="COS")
    said = [str(error) for error in faults(broken, "m.tflite")]
    assert any("operator 0 (COS" in each for each in said) and any(
        "the input tensor1" in each for each in said
    )
    with pytest.raises(ModelError, match="int8 inputs and outputs"):
        compile_model(broken, "m.tflite")


def test_an_input_that_two_quantize_is_refused():
    with pytest.raises(ModelError, match="the input tensor1, float32 1x7"):
        compile_model(network(quantizes=2), "m.tflite")


def test_a_card_is_of_an_int8_network(tmp_path: Path):
    path = tmp_path / "float.tflite"
    path.write_bytes(network())
    with pytest.raises(ModelError):
        card_for(path)


@pytest.mark.parametrize("sizes", [(7, 1), (1, 7)])
def test_ends_of_two_sizes_are_not_left_to_the_caller(sizes):
    """Which the fuzzer made: the network between would read another input than the file does."""
    tensors = [TensorSpec((1, sizes[0]), "float32"), TensorSpec((1, sizes[1]), scales=[0.03])]
    with pytest.raises(ModelError, match="float32"):
        compile_model(build_model(tensors, [OperatorSpec("QUANTIZE", [0], [1])], 0, 1), "model")
