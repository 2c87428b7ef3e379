"""What must hold of a converted model, read as codegen reads it; no TensorFlow."""

from collections.abc import Iterator

from splkit.codegen.graph import Graph, Tensor
from splkit.codegen.tflite_file.reader import read_graph
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


def ends(model: bytes) -> tuple[Quantization, Quantization]:
    """Scale and zero point of a quantized model's input and output.

    Raises:
        ModelError: the bytes are no whole .tflite, or an end has no scale of its own.
    """
    graph = read_graph(model)
    return _scale(graph.input), _scale(graph.output)


def operators(model: bytes) -> list[str]:
    """Names of the operators of a .tflite, in order of execution."""
    return [operator.kind for operator in read_graph(model).operators]


def check_int8(model: bytes) -> None:
    """Hold a .tflite to full int8.

    Expected operators only, no float tensor in any operator's path, int8 in and out, batch 1. The empty
    gate intermediates of an integer LSTM carry a float type without data and are left out.

    Raises:
        ModelError: one of these does not hold.
    """
    graph = read_graph(model)
    unexpected = sorted({operator.kind for operator in graph.operators} - EXPECTED_OPERATORS)
    if unexpected:
        raise _refused("has expected operators only", ", ".join(unexpected))
    for index, tensor in _path(graph):
        if tensor.dtype.startswith("float"):
            raise _refused("has no float tensor", f"{tensor.name} in operator {index}")
    for end in (graph.input, graph.output):
        if end.dtype != "int8" or end.shape[:1] != (1,):
            raise _refused("is int8 and of batch 1 at both ends", str(end))


def _path(graph: Graph) -> Iterator[tuple[int, Tensor]]:
    for operator in graph.operators:
        used = filter(None, (*operator.inputs, *operator.outputs))
        yield from ((operator.index, tensor) for tensor in used)


def _scale(tensor: Tensor) -> Quantization:
    quantization = tensor.quantization
    if quantization is None or len(quantization.scales) != 1:
        raise _refused("has one scale and zero point at each end", f"{tensor} {tensor.name}")
    return Quantization(scale=tensor.scale, zero_point=tensor.zero_point)


def _refused(rule: str, found: str) -> ModelError:
    return ModelError(
        f"a model for a board {rule}", found=found, next_step="build it from the layers of splkit.train.zoo"
    )
