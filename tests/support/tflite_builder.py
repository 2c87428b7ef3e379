"""Writes .tflite files of one operator, so that each can be compared with the oracle by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import flatbuffers
import numpy as np
import tflite
from numpy.typing import NDArray

DTYPE_NUMBERS = {
    "float32": tflite.TensorType.FLOAT32,
    "int8": tflite.TensorType.INT8,
    "int16": tflite.TensorType.INT16,
    "int32": tflite.TensorType.INT32,
}


@dataclass
class TensorSpec:
    """A tensor to write; scales and zero points as lists, one or one a channel."""

    shape: Sequence[int]
    dtype: str = "int8"
    scales: Sequence[float] = (1.0,)
    zero_points: Sequence[int] = (0,)
    axis: int = 0
    data: NDArray[np.generic] | None = None
    variable: bool = False


@dataclass
class OperatorSpec:
    """An operator to write; tensors by index, -1 for none; options by their schema names."""

    kind: str
    inputs: Sequence[int]
    outputs: Sequence[int]
    options_type: str = "NONE"
    options: Mapping[str, float | Sequence[int]] = field(default_factory=dict)
    intermediates: Sequence[int] = ()


def build_model(
    tensors: Sequence[TensorSpec],
    operators: Sequence[OperatorSpec],
    source: int | Sequence[int],
    result: int | Sequence[int],
    metadata: Sequence[tuple[str, int]] = (),
) -> bytes:
    """The bytes of a model whose inputs are the tensors `source` and whose outputs are the tensors `result`.

    `metadata` gives names and their buffers; the buffer behind a tensor's index is its own.
    """
    builder = flatbuffers.Builder(4096)
    kinds = sorted({operator.kind for operator in operators})
    tensor_offsets = [_tensor(builder, spec, i + 1) for i, spec in enumerate(tensors)]
    operator_offsets = [_operator(builder, spec, kinds.index(spec.kind)) for spec in operators]
    subgraph = _subgraph(builder, tensor_offsets, operator_offsets, source, result)
    buffers = [_buffer(builder, None), *(_buffer(builder, spec.data) for spec in tensors)]
    codes = [_operator_code(builder, kind) for kind in kinds]
    subgraphs = _offsets(builder, [subgraph])
    entries = _offsets(builder, [_metadata(builder, *entry) for entry in metadata])
    buffer_vector, code_vector = _offsets(builder, buffers), _offsets(builder, codes)
    tflite.ModelStart(builder)
    tflite.ModelAddVersion(builder, 3)
    tflite.ModelAddOperatorCodes(builder, code_vector)
    tflite.ModelAddSubgraphs(builder, subgraphs)
    tflite.ModelAddBuffers(builder, buffer_vector)
    if metadata:
        tflite.ModelAddMetadata(builder, entries)
    builder.Finish(tflite.ModelEnd(builder), b"TFL3")
    return bytes(builder.Output())


def _offsets(builder: flatbuffers.Builder, offsets: Sequence[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())


def _ints(builder: flatbuffers.Builder, values: Sequence[int]) -> int:
    return int(builder.CreateNumpyVector(np.asarray(values, np.int32)))


def _buffer(builder: flatbuffers.Builder, data: NDArray[np.generic] | None) -> int:
    content = None if data is None else builder.CreateByteVector(np.ascontiguousarray(data).tobytes())
    tflite.BufferStart(builder)
    if content is not None:
        tflite.BufferAddData(builder, content)
    return int(tflite.BufferEnd(builder))


def _metadata(builder: flatbuffers.Builder, name: str, buffer: int) -> int:
    text = builder.CreateString(name)
    tflite.MetadataStart(builder)
    tflite.MetadataAddName(builder, text)
    tflite.MetadataAddBuffer(builder, buffer)
    return int(tflite.MetadataEnd(builder))


def _tensor(builder: flatbuffers.Builder, spec: TensorSpec, buffer: int) -> int:
    name, shape = builder.CreateString(f"tensor{buffer}"), _ints(builder, spec.shape)
    scales = builder.CreateNumpyVector(np.asarray(spec.scales, np.float32))
    zero_points = builder.CreateNumpyVector(np.asarray(spec.zero_points, np.int64))
    tflite.QuantizationParametersStart(builder)
    tflite.QuantizationParametersAddScale(builder, scales)
    tflite.QuantizationParametersAddZeroPoint(builder, zero_points)
    tflite.QuantizationParametersAddQuantizedDimension(builder, spec.axis)
    quantization = tflite.QuantizationParametersEnd(builder)
    tflite.TensorStart(builder)
    tflite.TensorAddName(builder, name)
    tflite.TensorAddShape(builder, shape)
    tflite.TensorAddType(builder, DTYPE_NUMBERS[spec.dtype])
    tflite.TensorAddBuffer(builder, 0 if spec.variable else buffer)
    tflite.TensorAddQuantization(builder, quantization)
    tflite.TensorAddIsVariable(builder, spec.variable)
    return int(tflite.TensorEnd(builder))


def _operator_code(builder: flatbuffers.Builder, kind: str) -> int:
    number = getattr(tflite.BuiltinOperator, kind)
    tflite.OperatorCodeStart(builder)
    tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, min(number, 127))
    tflite.OperatorCodeAddBuiltinCode(builder, number)
    tflite.OperatorCodeAddVersion(builder, 1)
    return int(tflite.OperatorCodeEnd(builder))


def _operator(builder: flatbuffers.Builder, spec: OperatorSpec, code: int) -> int:
    inputs, outputs = _ints(builder, spec.inputs), _ints(builder, spec.outputs)
    intermediates = _ints(builder, spec.intermediates)
    options = None
    if spec.options_type != "NONE":
        values = {
            option: _ints(builder, value) if isinstance(value, Sequence) else value
            for option, value in spec.options.items()
        }
        getattr(tflite, f"{spec.options_type}Start")(builder)
        for option, value in values.items():
            getattr(tflite, f"{spec.options_type}Add{option}")(builder, value)
        options = getattr(tflite, f"{spec.options_type}End")(builder)
    tflite.OperatorStart(builder)
    tflite.OperatorAddOpcodeIndex(builder, code)
    tflite.OperatorAddInputs(builder, inputs)
    tflite.OperatorAddOutputs(builder, outputs)
    if spec.intermediates:
        tflite.OperatorAddIntermediates(builder, intermediates)
    if options is not None:
        tflite.OperatorAddBuiltinOptionsType(builder, getattr(tflite.BuiltinOptions, spec.options_type))
        tflite.OperatorAddBuiltinOptions(builder, options)
    return int(tflite.OperatorEnd(builder))


def _subgraph(
    builder: flatbuffers.Builder,
    tensors: Sequence[int],
    operators: Sequence[int],
    source: int | Sequence[int],
    result: int | Sequence[int],
) -> int:
    tensor_vector, operator_vector = _offsets(builder, tensors), _offsets(builder, operators)
    ends = ([each] if isinstance(each, int) else each for each in (source, result))
    inputs, outputs = (_ints(builder, each) for each in ends)
    tflite.SubGraphStart(builder)
    tflite.SubGraphAddTensors(builder, tensor_vector)
    tflite.SubGraphAddInputs(builder, inputs)
    tflite.SubGraphAddOutputs(builder, outputs)
    tflite.SubGraphAddOperators(builder, operator_vector)
    return int(tflite.SubGraphEnd(builder))
