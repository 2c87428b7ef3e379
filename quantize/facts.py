"""What must hold of a converted model, read from the flatbuffer itself; no TensorFlow."""

import struct
from collections.abc import Iterator

import tflite

from splkit.errors import ModelError
from splkit.quantize.card import Quantization

EXPECTED_OPERATORS = frozenset(
    {
        "ADD",
        "CONV_2D",
        "DEPTHWISE_CONV_2D",
        "FULLY_CONNECTED",
        "LOGISTIC",
        "MAX_POOL_2D",
        "MEAN",
        "MUL",
        "RESHAPE",
        "STRIDED_SLICE",
        "UNIDIRECTIONAL_SEQUENCE_LSTM",
    }
)


def _names(codes: type) -> dict[int, str]:
    return {value: name for name, value in vars(codes).items() if isinstance(value, int)}


OPERATOR_NAMES = _names(tflite.BuiltinOperator)
_TYPE_NAMES = _names(tflite.TensorType)
_FLOATS = frozenset({"FLOAT16", "FLOAT32", "FLOAT64", "BFLOAT16"})


_IDENTIFIER, _SCHEMA_VERSION = b"TFL3", 3


def main_subgraph(model: bytes) -> tflite.SubGraph:
    """The one subgraph of a .tflite, with an input and an output.

    Raises:
        ModelError: the bytes are no .tflite, or there is not one subgraph.
    """
    try:
        root = tflite.Model.GetRootAs(model, 0)
        if model[4:8] != _IDENTIFIER or root.Version() != _SCHEMA_VERSION:
            raise _no_model(f"{len(model)} bytes that do not begin like one")
        subgraphs = root.SubgraphsLength()
        if subgraphs != 1:
            raise _refused("has one subgraph", f"{subgraphs} subgraphs")
        subgraph = root.Subgraphs(0)
        for end in (subgraph.Inputs(0), subgraph.Outputs(0)):
            subgraph.Tensors(end).ShapeAsNumpy()
    except (struct.error, IndexError, TypeError, ValueError) as error:
        raise _no_model(f"{len(model)} bytes that end or point astray") from error
    return subgraph


def ends(model: bytes) -> tuple[Quantization, Quantization]:
    """Scale and zero point of an int8 model's input and output.

    Raises:
        ModelError: the bytes are no .tflite, or there is not one subgraph.
    """
    subgraph = main_subgraph(model)
    tensors = (subgraph.Tensors(subgraph.Inputs(0)), subgraph.Tensors(subgraph.Outputs(0)))
    first, last = (
        Quantization(scale=float(of.Scale(0)), zero_point=int(of.ZeroPoint(0)))
        for of in (tensor.Quantization() for tensor in tensors)
    )
    return first, last


def operators(model: bytes) -> list[str]:
    """Names of the operators of a .tflite, in order of execution."""
    root = tflite.Model.GetRootAs(model, 0)
    subgraph = root.Subgraphs(0)
    codes = [root.OperatorCodes(i) for i in range(root.OperatorCodesLength())]
    builtin = [max(code.BuiltinCode(), code.DeprecatedBuiltinCode()) for code in codes]
    indices = [subgraph.Operators(i).OpcodeIndex() for i in range(subgraph.OperatorsLength())]
    return [OPERATOR_NAMES[builtin[index]] for index in indices]


def check_int8(model: bytes) -> None:
    """Hold a .tflite to full int8.

    Expected operators only, no float tensor in any operator's path, int8 in and out, batch 1. The empty
    gate intermediates of an integer LSTM carry a float type without data and are left out.

    Raises:
        ModelError: one of these does not hold.
    """
    subgraph = main_subgraph(model)
    unexpected = sorted(set(operators(model)) - EXPECTED_OPERATORS)
    if unexpected:
        raise _refused("has expected operators only", ", ".join(unexpected))
    for operator, tensor in _path(subgraph):
        if _type_name(tensor) in _FLOATS:
            raise _refused("has no float tensor", f"{tensor.Name().decode()} in operator {operator}")
    for end in (subgraph.Tensors(subgraph.Inputs(0)), subgraph.Tensors(subgraph.Outputs(0))):
        if _type_name(end) != "INT8" or end.Shape(0) != 1:
            raise _refused(
                "is int8 and of batch 1 at both ends", f"{_type_name(end)} {end.ShapeAsNumpy().tolist()}"
            )


def _path(subgraph: tflite.SubGraph) -> Iterator[tuple[int, tflite.Tensor]]:
    for index in range(subgraph.OperatorsLength()):
        operator = subgraph.Operators(index)
        used = [operator.Inputs(i) for i in range(operator.InputsLength())]
        used += [operator.Outputs(i) for i in range(operator.OutputsLength())]
        yield from ((index, subgraph.Tensors(tensor)) for tensor in used if tensor >= 0)


def _type_name(tensor: tflite.Tensor) -> str:
    return _TYPE_NAMES[tensor.Type()]


def _no_model(found: str) -> ModelError:
    return ModelError(
        "a model is a whole .tflite file", found=found, next_step="convert it with splkit quantize"
    )


def _refused(rule: str, found: str) -> ModelError:
    return ModelError(
        f"a model for a board {rule}", found=found, next_step="build it from the layers of splkit.train.zoo"
    )
