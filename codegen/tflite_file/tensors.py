"""Tensors of a .tflite file -> `Tensor`: shapes, data and quantization that hold together."""

from typing import Any

import numpy as np
import tflite

from splkit.codegen.graph import Quantization, Tensor
from splkit.codegen.refusals import refused

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
MAX_ELEMENTS = 1 << 22
"""A tensor of more elements fits no microcontroller; it also keeps hostile shapes from overflowing."""


def read_tensor(model: Any, source: Any, index: int, name: str) -> Tensor:
    """The tensor of this index of a `tflite.Model`; `name` is what messages call the model."""
    label = _printable(source.Name()) or f"tensor {index}"
    dtype = DTYPES.get(source.Type())
    if dtype is None:
        raise refused("tensors of a known type", f"type {source.Type()} in {label}", name)
    shape = tuple(int(source.Shape(i)) for i in range(source.ShapeLength()))
    elements = 1
    for length in shape:
        elements *= length
        if length < 0 or elements > MAX_ELEMENTS:
            raise refused(
                f"shapes of at most {MAX_ELEMENTS} elements, none negative", f"{shape} in {label}", name
            )
    if source.Buffer() >= model.BuffersLength():
        raise refused("a buffer for each tensor", f"buffer {source.Buffer()} of {label}", name)
    data = _data(model.Buffers(source.Buffer()), shape, dtype, label, name)
    if data is not None and source.IsVariable():
        raise refused("states without data", label, name)
    quantization = _quantization(source.Quantization(), shape, label, name)
    return Tensor(index, label, shape, dtype, quantization, data, bool(source.IsVariable()))


def _data(buffer: Any, shape: tuple[int, ...], dtype: str, label: str, name: str) -> np.ndarray | None:
    length = buffer.DataLength()
    if length == 0:
        return None
    data = np.asarray(buffer.DataAsNumpy(), dtype=np.uint8)
    expected = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    if length != expected or data.size != length:
        raise refused("a buffer as long as its tensor", f"{data.size} bytes for {expected} in {label}", name)
    # A view: many tensors may share a buffer.
    return data.view(np.dtype(dtype).newbyteorder("<")).reshape(shape)


def _quantization(source: Any, shape: tuple[int, ...], label: str, name: str) -> Quantization | None:
    if source is None or source.ScaleLength() == 0:
        return None
    scales = tuple(float(source.Scale(i)) for i in range(source.ScaleLength()))
    zero_points = tuple(int(source.ZeroPoint(i)) for i in range(source.ZeroPointLength()))
    if len(zero_points) != len(scales) or not all(np.isfinite(scales)) or min(scales) <= 0:
        raise refused("finite positive scales, each with its zero point", f"{scales[:3]} in {label}", name)
    axis = source.QuantizedDimension()
    if len(scales) > 1 and not (0 <= axis < len(shape) and shape[axis] == len(scales)):
        raise refused(
            "one scale a channel", f"{len(scales)} scales on axis {axis} of {shape} in {label}", name
        )
    return Quantization(scales, zero_points, axis)


def _printable(name: bytes | None) -> str:
    """A name that does no harm to a message."""
    text = (name or b"").decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "?" for letter in text)
