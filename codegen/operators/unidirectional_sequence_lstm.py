"""UNIDIRECTIONAL_SEQUENCE_LSTM, int8 activations and weights, int16 cell: kernel `spl_lstm_s8`.

The state starts at zero in every inference: h at its zero point, c at 0.
"""

import math

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import CArray, Layer, ends, require_activation, require_int8_range
from splkit.codegen.operators.filters import (
    INT16_BYTES,
    INT32_BYTES,
    bias,
    dot_rows,
    largest_sum,
    round_up,
    rows_side_by_side,
    twice_bias,
    weights,
)
from splkit.codegen.operators.rescale import kernel_multiplier, offset
from splkit.codegen.refusals import refuse

# The operator's inputs, by the schema; gates in the order input, forget, cell, output.
INPUT_WEIGHTS = (1, 2, 3, 4)
RECURRENT_WEIGHTS = (5, 6, 7, 8)
BIASES = (12, 13, 14, 15)
UNUSED = {
    9: "peephole",
    10: "peephole",
    11: "peephole",
    16: "projection",
    17: "projection",
    **dict.fromkeys(range(20, 24), "layer norm"),
}
HIDDEN_STATE, CELL_STATE = 18, 19
INPUTS = 24

GATE_SCALE = 2.0**-12
"""Gate inputs are Q3.12."""
GATE_SHIFTS = 28
"""Sums are shifted by fewer bits to the right."""
NONLINEAR_SCALE, NONLINEAR_LIMIT = 2.0**-15, 32767
"""Sigmoid and tanh give Q0.15."""
CELL_POWERS = range(-24, 1)
"""log2 of the cell state's scale: its products shift to the right, and tanh's input stays in an int32."""


def parse(operator: Operator) -> Layer:
    """A plain LSTM over 1 x steps x inputs, or steps x 1 x inputs where that is its order, tanh cell gate."""
    source, output = ends(operator, INPUTS)
    _require_plain(operator)
    hidden, cell = _state(operator, HIDDEN_STATE, "int8"), _state(operator, CELL_STATE, "int16")
    require_int8_range(operator, hidden)
    cells, batch = hidden.size, 1 if operator.number("TimeMajor", 0) else 0
    if len(source.shape) != 3 or source.shape[batch] != 1:
        raise refuse(operator, f"{source}", "three dimensions: batch 1, steps and inputs")
    if output.shape != (*source.shape[:2], cells) or not hidden.shape == cell.shape == (1, cells):
        raise refuse(operator, f"{source} -> {output} with {cells} cells", "as many steps out as in")
    steps, inputs = source.shape[1 - batch], source.shape[2]
    return Layer(
        operator,
        source,
        output,
        kernel="spl_lstm_s8",
        fields={
            "steps": steps,
            "inputs": inputs,
            "cells": cells,
            "output_step": cells,
            "hidden_zero_point": hidden.zero_point,
            **_cell_fields(operator, hidden, cell),
        },
        arrays=_gate_arrays(operator, source, hidden, cells),
        scratch_bytes=2 * 4 * cells * INT32_BYTES + (round_up(inputs) + 2 * round_up(cells)) * INT16_BYTES,
        in_place=cells <= inputs,
        macs=steps * 4 * cells * (inputs + cells),
    )


def _require_plain(operator: Operator) -> None:
    if any(operator.inputs[index] is None for index in BIASES):
        raise refuse(operator, "a gate without bias", "a bias for each gate")
    for index, what in UNUSED.items():
        if operator.inputs[index] is not None:
            raise refuse(operator, what, "neither peephole, projection nor layer norm")
    if operator.number("DiagonalRecurrentTensors", 0):
        raise refuse(operator, "diagonal recurrent weights", "full recurrent weights")
    require_activation(operator, "TANH")


def _state(operator: Operator, index: int, dtype: str) -> Tensor:
    tensor = operator.inputs[index]
    if tensor is None or not tensor.is_variable or tensor.dtype != dtype or tensor.quantization is None:
        raise refuse(operator, f"{tensor} as state", f"a quantized {dtype} variable as state {index}")
    return tensor


def _cell_fields(operator: Operator, hidden: Tensor, cell: Tensor) -> dict[str, int]:
    power = round(math.log2(cell.scale))
    if cell.scale != 2.0**power or cell.zero_point != 0 or power not in CELL_POWERS:
        raise refuse(operator, f"cell scale {cell.scale:.6g}", "a power of two from 2^-24 to 1, zero point 0")
    hidden_multiplier, hidden_shift = kernel_multiplier(
        operator, NONLINEAR_SCALE**2 / hidden.scale, NONLINEAR_LIMIT**2
    )
    clip = operator.number("CellClip", 0.0)
    return {
        "update_shift": 30 + power,
        "update_half": (1 << (29 + power)) + 1,
        "hidden_multiplier": hidden_multiplier,
        "hidden_shift": hidden_shift,
        "hidden_offset": offset(hidden),
        # tanh reads thirds of Q3.12: times 3, from the cell's scale.
        "tanh_multiplier": 3 << max(12 + power, 0),
        "tanh_half": (1 << max(-12 - power, 0)) >> 1,
        "tanh_shift": max(-12 - power, 0),
        "cell_clip": int(min(clip / cell.scale, 32767.0)) if clip > 0 else 32768,
    }


def _gate_arrays(operator: Operator, source: Tensor, hidden: Tensor, cells: int) -> dict[str, CArray]:
    biases = np.stack([bias(operator, index, cells) for index in BIASES], axis=1).ravel()
    no_bias = np.zeros_like(biases)
    inputs = source.shape[-1]
    input_rows, input_scales = _rows(operator, INPUT_WEIGHTS, cells, inputs)
    hidden_rows, hidden_scales = _rows(operator, RECURRENT_WEIGHTS, cells, cells)
    input_pairs = _rescaling(
        operator, source, input_scales, largest_sum(operator, input_rows, biases, source.zero_point)
    )
    hidden_pairs = _rescaling(
        operator, hidden, hidden_scales, largest_sum(operator, hidden_rows, no_bias, hidden.zero_point)
    )
    return {
        "gates": CArray("spl_lstm_gate_t", np.hstack([input_pairs, hidden_pairs]), struct=True),
        "bias": twice_bias(biases, input_rows, source.zero_point),
        "input_weights": CArray("int8_t", rows_side_by_side(dot_rows(input_rows))),
        "hidden_weights": CArray("int8_t", rows_side_by_side(dot_rows(hidden_rows))),
    }


def _rows(
    operator: Operator, indices: tuple[int, ...], cells: int, columns: int
) -> tuple[NDArray[np.int8], list[float]]:
    """Weights as rows cells x gates, and the scale of each gate's."""
    values, scales = [], []
    for index in indices:
        tensor, data = weights(operator, index)
        if (
            tensor.shape != (cells, columns)
            or tensor.quantization is None
            or len(tensor.quantization.scales) != 1
        ):
            raise refuse(
                operator, f"weights {tensor} as input {index}", f"per-tensor weights {cells} x {columns}"
            )
        values.append(data)
        scales.append(tensor.scale)
    return np.stack(values, axis=1).reshape(-1, columns), scales


def _rescaling(
    operator: Operator, operand: Tensor, scales: list[float], largest: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Each gate's factor as multiplier * 2^-(31 + shift)."""
    reals = [operand.scale * scale / GATE_SCALE for scale in scales]
    by_gate = largest.reshape(-1, len(scales)).max(axis=0)
    pairs = []
    for real, worst in zip(reals, by_gate, strict=True):
        # Twice, as the kernel adds up to as much for the rounding.
        multiplier, shift = kernel_multiplier(operator, real, 2 * int(worst))
        if shift >= GATE_SHIFTS:
            raise refuse(operator, f"gate sums times {real:.3g}", f"factors from 2^-{GATE_SHIFTS}")
        pairs.append((multiplier, shift + 1))
    return np.array(pairs)
