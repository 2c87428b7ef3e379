"""Inputs of a network from a file: int8 as they are, real numbers quantized as TensorFlow Lite does."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.compile import CompiledModel
from splkit.errors import UsageError, reason

RULE = "inputs are a .npy of int8 (as they are) or of real numbers, or a .csv of these, a row an inference"


def read_inputs(path: Path, model: CompiledModel) -> NDArray[np.int8]:
    """int8[n, input_size] of a file with n inferences' inputs; several inputs stand one behind the other.

    A .npy is of shape [n, ...] or, of one inference, of the input's own.

    Raises:
        UsageError: another format, not a row of numbers each, of another size, or not finite.
    """
    values = _read(path)
    size, shapes = model.input_size, [end.tensor.shape for end in model.inputs]
    if values.ndim == 0 or values.size == 0 or values.size % size or not _is_rows(values.shape, size, shapes):
        wanted = " and ".join("x".join(map(str, shape)) for shape in shapes)
        raise UsageError(
            f"each inference takes {size} values ({wanted})",
            found=f"{'x'.join(map(str, values.shape)) or 'one number'} in {path}",
            next_step="give an array whose first axis counts the inferences",
        )
    rows = values.reshape(-1, size)
    if rows.dtype == np.int8:
        return rows.astype(np.int8)
    parts = [
        _quantized(
            rows[:, end.offset : end.offset + end.tensor.size], end.tensor.scale, end.tensor.zero_point
        )
        for end in model.inputs
    ]
    return np.concatenate(parts, axis=1)


def _read(path: Path) -> NDArray[np.generic]:
    """int8 or float64, finite."""
    values: NDArray[np.generic]
    try:
        if path.suffix == ".npy":
            values = np.load(path, allow_pickle=False)
        elif path.suffix == ".csv":
            values = np.loadtxt(path, delimiter=",", ndmin=2)
        else:
            raise UsageError(RULE, found=str(path), next_step="save them as one of these")
    except (OSError, ValueError, EOFError) as error:
        raise UsageError(RULE, found=f"{path}: {reason(error)}", next_step="look at the file") from error
    if values.dtype == np.int8:
        return values
    if values.dtype.kind not in "fiu" or not np.isfinite(values).all():
        found = (
            f"{values.dtype} in {path}" if values.dtype.kind not in "fiu" else f"NaN or infinity in {path}"
        )
        raise UsageError(RULE, found=found, next_step="give finite numbers")
    return values.astype(np.float64)


def _is_rows(shape: tuple[int, ...], size: int, shapes: list[tuple[int, ...]]) -> bool:
    """Whether the first axis counts inferences, or the array is the one input itself."""
    return int(np.prod(shape[1:])) == size or shape in ((size,), *shapes[:1])


def _quantized(values: NDArray[np.generic], scale: float, zero_point: int) -> NDArray[np.int8]:
    """Divided in float32 and rounded half away from zero, as TFLM's QUANTIZE does, saturated."""
    scaled = (values.astype(np.float32) / np.float32(scale)).astype(np.float64)
    rounded = np.copysign(np.floor(np.abs(scaled) + 0.5), scaled)
    quantized: NDArray[np.int8] = np.clip(rounded + zero_point, -128, 127).astype(np.int8)
    return quantized
