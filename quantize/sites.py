"""Which value of the Keras model a tensor of the converted one holds, by the names the converter gives."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from splkit.codegen.tflite_file.reader import KINDS
from splkit.errors import ModelError

_PASSED_ON = frozenset(
    {"RESHAPE", "MAX_POOL_2D", "AVERAGE_POOL_2D", "STRIDED_SLICE", "SQUEEZE", "EXPAND_DIMS", "TRANSPOSE"}
)
"""Operators whose output has the scale of their input."""

_LSTM = "UNIDIRECTIONAL_SEQUENCE_LSTM"
_LSTM_HIDDEN, _LSTM_CELL = 18, 19  # places of the states among the LSTM's inputs
_HIDDEN_INTERMEDIATE = 4


class Site(NamedTuple):
    """One quantized tensor.

    Attributes:
        tensor: its index in the flatbuffer.
        value: "<layer>/<part>" as `splkit.quantize.values` names it.
        operator: index of the operator that writes it first; None for the input and for an LSTM's insides.
    """

    tensor: int
    value: str
    operator: int | None


def sites(graph: Any, model: Any) -> list[Site]:
    """The quantized tensors of a converted model, in order of execution.

    Args:
        graph: the flatbuffer as an unpacked `ModelT`.
        model: the tf_keras model it was converted from.

    Raises:
        ModelError: a tensor belongs to no layer.
    """
    return list(_walk(graph, model))


def operator_name(graph: Any, operator: Any) -> str:
    """The builtin operator's name."""
    code = graph.operatorCodes[operator.opcodeIndex]
    return KINDS[int(max(code.builtinCode, code.deprecatedBuiltinCode))]


def _walk(graph: Any, model: Any) -> Iterator[Site]:
    subgraph = graph.subgraphs[0]
    values = {int(subgraph.inputs[0]): f"{model.input_names[0]}/output"}
    yield Site(*next(iter(values.items())), None)
    lstms = iter([layer.name for layer in model.layers if type(layer).__name__ == "LSTM"])
    for index, operator in enumerate(subgraph.operators):
        name, output = operator_name(graph, operator), int(operator.outputs[0])
        if name == _LSTM:
            layer = next(lstms)
            values[output] = f"{layer}/output"
            yield Site(int(operator.inputs[_LSTM_HIDDEN]), values[output], None)
            yield Site(int(operator.inputs[_LSTM_CELL]), f"{layer}/cell", None)
            yield Site(int(operator.intermediates[_HIDDEN_INTERMEDIATE]), values[output], None)
        elif name in _PASSED_ON:
            values[output] = values[int(operator.inputs[0])]
        elif output == int(subgraph.outputs[0]):
            values[output] = f"{model.output_names[0]}/output"
        else:
            layer = _layer_of(subgraph.tensors[output].name.decode(), model)
            values[output] = f"{layer}/scaled" if name == "MUL" else f"{layer}/output"
        yield Site(output, values[output], index)


def _layer_of(tensor: str, model: Any) -> str:
    """The last of the layers that are fused into the operator that writes `tensor`."""
    named = {part for piece in tensor.split(";") for part in piece.split("/")}
    found = [layer.name for layer in model.layers if layer.name in named]
    if not found:
        raise ModelError(
            "every tensor of a converted model belongs to a layer",
            found=f"tensor {tensor}",
            next_step="build the model from the layers of splkit.train.zoo, each with a name",
        )
    return str(found[-1])
