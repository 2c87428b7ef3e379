"""The oracle that defines "bit-exact": TensorFlow Lite Micro as built by default, from PyPI."""

import os
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.tflite_file.reader import main_subgraph
from splkit.errors import ModelError
from splkit.optional import optional
from splkit.progress import Advance, ignore_progress

ARENA_ALIGNMENT_BYTES = 16
_ARENA_MODELS, _ARENA_ACTIVATIONS, _ARENA_LIMIT = 10, 8, 1 << 28
"""An arena that suffices: ten times the model, TensorFlow Lite Micro's own guess, and an int64 sum
for every value of a tensor, up to 256 MiB."""


class TflmOracle:
    """An int8 .tflite run by TensorFlow Lite Micro, its LSTM state reset before every inference.

    Args:
        model: the bytes of the .tflite.

    Raises:
        ToolError: the package tflite-micro is not installed.
        ModelError: the bytes are no .tflite, or the interpreter cannot run it.
    """

    def __init__(self, model: bytes) -> None:
        runtime = optional("tflite_micro", "the oracle is TensorFlow Lite Micro").runtime
        subgraph = main_subgraph(model)
        self._input_shape = tuple(subgraph.Tensors(subgraph.Inputs(0)).ShapeAsNumpy())
        self._output_size = int(np.prod(subgraph.Tensors(subgraph.Outputs(0)).ShapeAsNumpy()))
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

        Raises:
            ModelError: a row does not fill the model's input.
        """
        size = int(np.prod(self._input_shape))
        if inputs.dtype != np.int8 or inputs[:1].size not in (0, size):
            raise ModelError(
                f"an input of this model is int8[{size}]",
                found=f"{inputs.dtype}{list(inputs.shape[1:])}",
                next_step="quantize cycles with the model card's scale and zero point",
            )
        return np.array([self._infer(row, advance) for row in inputs], np.int8).reshape(-1, self._output_size)

    def _infer(self, row: NDArray[np.int8], advance: Advance) -> NDArray[np.int8]:
        self._interpreter.reset()
        self._interpreter.set_input(row.reshape(self._input_shape), 0)
        self._interpreter.invoke()
        output: NDArray[np.int8] = np.array(self._interpreter.get_output(0), np.int8).reshape(-1)
        advance(1)
        return output


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
    shapes = [subgraph.Tensors(i).ShapeAsNumpy() for i in range(subgraph.TensorsLength())]
    values = sum(float(np.prod(shape, dtype=np.float64)) for shape in shapes)
    return int(min(_ARENA_MODELS * len(model) + _ARENA_ACTIVATIONS * max(values, 0.0), _ARENA_LIMIT))


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
