"""A .tflite file -> `Graph`, straight from the flatbuffer: no TensorFlow.

Every offset and length in the file is distrusted: what does not hold together is refused as a `ModelError`.
"""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import tflite

from splkit.codegen.graph import Graph, Operator, Quantization, Tensor
from splkit.errors import ModelError

DTYPES = {
    tflite.TensorType.FLOAT32: "float32",
    tflite.TensorType.INT32: "int32",
    tflite.TensorType.UINT8: "uint8",
    tflite.TensorType.INT64: "int64",
    tflite.TensorType.BOOL: "bool",
    tflite.TensorType.INT16: "int16",
    tflite.TensorType.INT8: "int8",
    tflite.TensorType.FLOAT16: "float16",
}
MAX_ELEMENTS = 1 << 24
"""A tensor of more elements fits no microcontroller; it also keeps hostile shapes from overflowing."""

_KINDS = {value: name for name, value in vars(tflite.BuiltinOperator).items() if isinstance(value, int)}
_OPTIONS = {value: name for name, value in vars(tflite.BuiltinOptions).items() if isinstance(value, int)}
_BROKEN = (
    struct.error,
    IndexError,
    ValueError,
    TypeError,
    OverflowError,
    AttributeError,
    MemoryError,
    UnicodeDecodeError,
)


def read_model(path: Path) -> Graph:
    """Reads a model file. Raises `ModelError` where it is missing, broken, or not int8 with batch 1."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(
            "a model is a readable .tflite file",
            found=f"{path}: {error.strerror}",
            next_step="check the path",
        ) from error
    return parse_model(content, path.name)


def parse_model(content: bytes, name: str) -> Graph:
    """Parses the bytes of a model; `name` is what messages call it."""
    if content[4:8] != b"TFL3":
        raise ModelError(
            "a model is a .tflite flatbuffer, with TFL3 at byte 4",
            found=f"{content[4:8]!r} in {name} ({len(content)} bytes)",
            next_step="export one with `splkit quantize RUN`, or with tf.lite.TFLiteConverter",
        )
    try:
        graph = _graph(tflite.Model.GetRootAs(content, 0), name)
    except _BROKEN as error:
        raise ModelError(
            "the parts of a .tflite file lie inside it",
            found=f"{name} cut short or damaged at {len(content)} bytes ({type(error).__name__})",
            next_step="copy or convert it again",
        ) from error
    _require_int8(graph, name)
    return graph


def _graph(model: Any, name: str) -> Graph:
    if model.SubgraphsLength() != 1:
        raise _refused("one subgraph", f"{model.SubgraphsLength()}", name)
    subgraph = model.Subgraphs(0)
    tensors = [_tensor(model, subgraph.Tensors(i), i, name) for i in range(subgraph.TensorsLength())]
    if subgraph.InputsLength() != 1 or subgraph.OutputsLength() != 1:
        found = f"{subgraph.InputsLength()} inputs and {subgraph.OutputsLength()} outputs"
        raise _refused("one input and one output", found, name)
    operators = tuple(
        _operator(model, subgraph.Operators(i), i, tensors) for i in range(subgraph.OperatorsLength())
    )
    graph_input, output = (_at(tensors, subgraph.Inputs(0)), _at(tensors, subgraph.Outputs(0)))
    _require_order(operators, graph_input, output, name)
    return Graph(operators, graph_input, output)


def _require_order(operators: tuple[Operator, ...], graph_input: Tensor, output: Tensor, name: str) -> None:
    ready = {graph_input.index}
    for operator in operators:
        for tensor in filter(None, operator.inputs):
            if tensor.data is None and not tensor.is_variable and tensor.index not in ready:
                raise _refused(
                    "operators in execution order", f"{operator.label} reading {tensor.name} too early", name
                )
        for tensor in operator.outputs:
            if tensor.index in ready or tensor.data is not None:
                raise _refused("each tensor written once", f"{tensor.name} written twice", name)
            ready.add(tensor.index)
    if output.index not in ready:
        raise _refused("an output that an operator computes", output.name, name)


def _at(tensors: list[Tensor], index: int) -> Tensor:
    if index < 0:
        raise IndexError(index)
    return tensors[index]


def _tensor(model: Any, source: Any, index: int, name: str) -> Tensor:
    label = (source.Name() or b"").decode() or f"tensor {index}"
    dtype = DTYPES.get(source.Type())
    if dtype is None:
        raise _refused("tensors of a known type", f"type {source.Type()} in {label}", name)
    shape = tuple(int(source.Shape(i)) for i in range(source.ShapeLength()))
    elements = 1
    for length in shape:
        elements *= length
        if length < 0 or elements > MAX_ELEMENTS:
            raise _refused(
                f"shapes of at most {MAX_ELEMENTS} elements, none negative", f"{shape} in {label}", name
            )
    data = _data(model.Buffers(source.Buffer()), shape, dtype, label, name)
    quantization = _quantization(source.Quantization(), shape, label, name)
    return Tensor(index, label, shape, dtype, quantization, data, bool(source.IsVariable()))


def _data(buffer: Any, shape: tuple[int, ...], dtype: str, label: str, name: str) -> np.ndarray | None:
    length = buffer.DataLength()
    if length == 0:
        return None
    data = np.asarray(buffer.DataAsNumpy(), dtype=np.uint8)
    expected = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    if length != expected or data.size != length:
        raise _refused("a buffer as long as its tensor", f"{data.size} bytes for {expected} in {label}", name)
    return np.frombuffer(data.tobytes(), dtype=np.dtype(dtype).newbyteorder("<")).reshape(shape)


def _quantization(source: Any, shape: tuple[int, ...], label: str, name: str) -> Quantization | None:
    if source is None or source.ScaleLength() == 0:
        return None
    scales = tuple(float(source.Scale(i)) for i in range(source.ScaleLength()))
    zero_points = tuple(int(source.ZeroPoint(i)) for i in range(source.ZeroPointLength())) or (0,) * len(
        scales
    )
    if len(zero_points) != len(scales) or not all(np.isfinite(scales)) or min(scales) <= 0:
        raise _refused("finite positive scales, each with its zero point", f"{scales[:3]} in {label}", name)
    axis = source.QuantizedDimension()
    if len(scales) > 1 and not (0 <= axis < len(shape) and shape[axis] == len(scales)):
        raise _refused(
            "one scale a channel", f"{len(scales)} scales on axis {axis} of {shape} in {label}", name
        )
    return Quantization(scales, zero_points, axis)


def _operator(model: Any, source: Any, index: int, tensors: list[Tensor]) -> Operator:
    code = model.OperatorCodes(source.OpcodeIndex())
    kind_number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    kind = _KINDS.get(kind_number, f"builtin {kind_number}")
    if kind == "CUSTOM":
        kind = f"custom {(code.CustomCode() or b'?').decode()}"
    inputs = (int(source.Inputs(i)) for i in range(source.InputsLength()))
    return Operator(
        index,
        kind,
        tuple(None if i == -1 else _at(tensors, i) for i in inputs),
        tuple(_at(tensors, int(source.Outputs(i))) for i in range(source.OutputsLength())),
        tuple(_at(tensors, int(source.Intermediates(i))) for i in range(source.IntermediatesLength())),
        _options(source),
    )


def _options(source: Any) -> dict[str, float]:
    """Scalar builtin options by schema name; an operator without options has none."""
    table = source.BuiltinOptions()
    kind = _OPTIONS.get(source.BuiltinOptionsType(), "NONE")
    if table is None or kind == "NONE":
        return {}
    options = getattr(tflite, kind)()
    options.Init(table.Bytes, table.Pos)
    names = [n for n in vars(type(options)) if n[0].isupper() and not n.startswith(("Init", "GetRootAs"))]
    names = [n for n in names if not n.endswith(("AsNumpy", "Length", "IsNone", "BufferHasIdentifier"))]
    values = {}
    for option in names:
        try:
            values[option] = getattr(options, option)()
        except TypeError:  # a vector: takes an index
            continue
    return {option: value for option, value in values.items() if isinstance(value, int | float | bool)}


def _require_int8(graph: Graph, name: str) -> None:
    for role, tensor in (("input", graph.input), ("output", graph.output)):
        if tensor.dtype != "int8" or tensor.quantization is None:
            raise ModelError(
                "a model is int8 from input to output",
                found=f"{role} {tensor} in {name}",
                next_step="quantize it with `splkit quantize RUN`",
            )
        if not tensor.shape or tensor.shape[0] != 1:
            raise _refused("batch 1", f"{role} {tensor}", name)


def _refused(rule: str, found: str, name: str) -> ModelError:
    return ModelError(
        f"a model has {rule}", found=f"{found} ({name})", next_step="convert it again with a fixed batch of 1"
    )
