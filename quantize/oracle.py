"""The oracle that defines "bit-exact": TensorFlow Lite Micro as built by default, from PyPI."""

import os
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Tensor
from splkit.codegen.tflite_file.float_ends import without_float_ends
from splkit.codegen.tflite_file.reader import main_subgraph, read_network, require_int8
from splkit.errors import ModelError
from splkit.optional import optional
from splkit.progress import Advance, ignore_progress

ARENA_ALIGNMENT_BYTES = 16
FLOAT32 = 0
"""In the schema's types."""
_ARENA_MODELS, _ARENA_ACTIVATIONS, _ARENA_LIMIT = 10, 8, 1 << 28
"""An arena that suffices: ten times the model, TensorFlow Lite Micro's own guess, and an int64 sum
for every value of a tensor, up to 256 MiB."""


class TflmOracle:
    """An int8 .tflite run by TensorFlow Lite Micro, its LSTM state reset before every inference.

    Float ends (`tflite_file.float_ends`) are given and asked as the int8 that stands behind them.

    Args:
        model: the bytes of the .tflite.

    Raises:
        ToolError: the package tflite-micro is not installed.
        ModelError: the bytes are no .tflite, or the interpreter cannot run it.
    """

    def __init__(self, model: bytes) -> None:
        runtime = optional("tflite_micro", "the oracle is TensorFlow Lite Micro").runtime
        subgraph = main_subgraph(model)
        inputs = [subgraph.Tensors(subgraph.Inputs(i)) for i in range(subgraph.InputsLength())]
        outputs = [subgraph.Tensors(subgraph.Outputs(i)) for i in range(subgraph.OutputsLength())]
        self._shapes, self._outputs = [_shape(each) for each in inputs], len(outputs)
        self._float_inputs, self._float_outputs = _float_ends(model, inputs, outputs)
        self._output_size = sum(int(np.prod(_shape(each))) for each in outputs)
        try:
            self._interpreter = runtime.Interpreter.from_bytes(model, arena_size=_ample_arena_bytes(model))
        except RuntimeError as error:
            raise ModelError(
                "the oracle runs every model that splkit exports",
                found=f"a model that TensorFlow Lite Micro refuses ({error})",
                next_step="convert it with splkit quantize",
            ) from error

    def run(self, inputs: NDArray[np.int8], advance: Advance = ignore_progress) -> NDArray[np.int8]:
        """Outputs int8[n, m] for inputs int8[n, ...], each row one inference.

        Several inputs stand one behind the other in a row, and so do several outputs.

        Raises:
            ModelError: a row does not fill the model's inputs.
        """
        size = sum(int(np.prod(shape)) for shape in self._shapes)
        if inputs.dtype != np.int8 or inputs[:1].size not in (0, size):
            raise ModelError(
                f"an input of this model is int8[{size}]",
                found=f"{inputs.dtype}{list(inputs.shape[1:])}",
                next_step="quantize cycles with the model card's scale and zero point",
            )
        outputs = [self._infer(row.reshape(-1), advance) for row in inputs]
        return np.array(outputs, np.int8).reshape(-1, self._output_size)

    def _infer(self, row: NDArray[np.int8], advance: Advance) -> NDArray[np.int8]:
        self._interpreter.reset()
        start = 0
        for i, shape in enumerate(self._shapes):
            size = int(np.prod(shape))
            values = row[start : start + size].reshape(shape)
            end = self._float_inputs.get(i)
            self._interpreter.set_input(values if end is None else _reals(values, end), i)
            start += size
        self._interpreter.invoke()
        outputs = [np.array(self._interpreter.get_output(i)).ravel() for i in range(self._outputs)]
        for i, end in self._float_outputs.items():
            # One step is far more than the rounding of a float.
            outputs[i] = np.rint(outputs[i] / np.float64(end.scale)) + end.zero_point
        advance(1)
        return np.concatenate(outputs).astype(np.int8)


def oracle_arena_bytes(model: bytes) -> int:
    """The smallest arena in which the oracle runs a .tflite; less is enough where pointers are shorter.

    Raises:
        ToolError, ModelError: as `TflmOracle`.
    """
    TflmOracle(model)
    runtime = optional("tflite_micro", "the oracle is TensorFlow Lite Micro").runtime

    def suffices(arena_bytes: int) -> bool:
        try:
            runtime.Interpreter.from_bytes(model, arena_size=arena_bytes)
        except RuntimeError:
            return False
        return True

    sizes = range(0, _ample_arena_bytes(model), ARENA_ALIGNMENT_BYTES)
    with _silent_stderr():  # the interpreter says there how much is missing
        return sizes[bisect_left(sizes, True, key=suffices)] + ARENA_ALIGNMENT_BYTES


def _ample_arena_bytes(model: bytes) -> int:
    subgraph = main_subgraph(model)
    shapes = [_shape(subgraph.Tensors(i)) for i in range(subgraph.TensorsLength())]
    values = sum(float(np.prod(shape, dtype=np.float64)) for shape in shapes)
    return int(min(_ARENA_MODELS * len(model) + _ARENA_ACTIVATIONS * max(values, 0.0), _ARENA_LIMIT))


def _float_ends(
    model: bytes, inputs: list[Any], outputs: list[Any]
) -> tuple[dict[int, Tensor], dict[int, Tensor]]:
    """By the number of each float32 input and output the int8 tensor behind it."""
    floats = [[i for i, each in enumerate(ends) if each.Type() == FLOAT32] for ends in (inputs, outputs)]
    if not any(floats):
        return {}, {}
    graph = without_float_ends(read_network(model))
    require_int8(graph, "a model that the oracle runs")
    return {i: graph.inputs[i] for i in floats[0]}, {i: graph.outputs[i] for i in floats[1]}


def _reals(values: NDArray[np.int8], end: Tensor) -> NDArray[np.float32]:
    return (np.float64(end.scale) * (values.astype(np.float64) - end.zero_point)).astype(np.float32)


def _shape(tensor: Any) -> tuple[int, ...]:
    """Of a `tflite.Tensor`; of a scalar without dimensions."""
    return tuple(int(tensor.Shape(i)) for i in range(tensor.ShapeLength()))


@contextmanager
def _silent_stderr() -> Iterator[None]:
    """The process's standard error is nowhere for a while, C's included."""
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
