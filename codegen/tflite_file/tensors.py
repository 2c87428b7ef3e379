"""Tensors of a .tflite file -> `Tensor`: shapes, data and quantization that hold together."""

from typing import Any

import numpy as np
import tflite

from splkit.codegen.graph import UNREADABLE, Quantization, Tensor
from splkit.codegen.refusals import refused

DTYPES: dict[int, str] = {
    number: name.lower() for name, number in vars(tflite.TensorType).items() if isinstance(number, int)
}
"""Names of the schema's types, by number."""
READ = frozenset(("float32", "int32", "uint8", "int64", "bool", "int16", "int8", "float16"))
"""Those whose data are read; others are of no operator that is compiled."""
MAX_ELEMENTS = 1 << 22
"""A tensor of more elements fits no microcontroller; it also keeps hostile shapes from overflowing."""


def read_tensor(model: Any, source: Any, index: int, name: str) -> Tensor:
    """The tensor of this index of a `tflite.Model`; `name` is what messages call the model."""
    label = label_of(source, index)
    owner = f'tensor "{label}" of {name}'
    dtype = DTYPES.get(source.Type())
    if dtype is None:
        raise refused("a known type", f"type {source.Type()}", owner)
    shape = tuple(int(source.Shape(i)) for i in range(source.ShapeLength()))
    elements = 1
    for length in shape:
        elements *= length
        if length < 0 or elements > MAX_ELEMENTS:
            raise refused(f"a shape of at most {MAX_ELEMENTS} elements, none negative", f"{shape}", owner)
    if source.Buffer() >= model.BuffersLength():
        raise refused("a buffer that is there", f"buffer {source.Buffer()}", owner)
    data = _data(model.Buffers(source.Buffer()), shape, dtype, owner)
    if data is not None and source.IsVariable():
        raise refused("no data, being a state", "some", owner)
    quantization = _quantization(source.Quantization(), shape, dtype, owner)
    return Tensor(index, label, shape, dtype, quantization, data, bool(source.IsVariable()))


def unreadable(source: Any, index: int) -> Tensor:
    """What stands for a tensor that `read_tensor` refuses."""
    return Tensor(index, label_of(source, index), (), UNREADABLE)


def label_of(source: Any, index: int) -> str:
    """How messages call a tensor."""
    return _printable(source.Name()) or f"tensor {index}"


def _data(buffer: Any, shape: tuple[int, ...], dtype: str, owner: str) -> np.ndarray | None:
    length = buffer.DataLength()
    if length == 0:
        return None
    data = np.asarray(buffer.DataAsNumpy(), dtype=np.uint8)
    if dtype not in READ:
        return data
    expected = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    if length != expected or data.size != length:
        raise refused("a buffer as long as itself", f"{data.size} bytes for {expected}", owner)
    # A view: many tensors may share a buffer.
    return data.view(np.dtype(dtype).newbyteorder("<")).reshape(shape)


def _quantization(source: Any, shape: tuple[int, ...], dtype: str, owner: str) -> Quantization | None:
    if source is None or source.ScaleLength() == 0:
        return None
    scales = tuple(float(source.Scale(i)) for i in range(source.ScaleLength()))
    zero_points = tuple(int(source.ZeroPoint(i)) for i in range(source.ZeroPointLength()))
    if len(zero_points) != len(scales) or not all(np.isfinite(scales)) or min(scales) <= 0:
        raise refused("finite positive scales, each with its zero point", f"{scales[:3]}", owner)
    axis = source.QuantizedDimension()
    # Biases take the scales of their products, whatever the file says: some bear the weights' axis.
    if len(scales) > 1 and dtype != "int32" and not (0 <= axis < len(shape) and shape[axis] == len(scales)):
        raise refused("one scale a channel", f"{len(scales)} scales on axis {axis} of {shape}", owner)
    return Quantization(scales, zero_points, axis)


def _printable(name: bytes | None) -> str:
    """A name that does no harm to a message."""
    text = (name or b"").decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "?" for letter in text)
