"""UNIDIRECTIONAL_SEQUENCE_LSTM, int8 activations and weights, int16 cell: kernel `spl_lstm_s8`.

The state starts at zero in every inference: h at its zero point, c at 0.
"""

import math

import numpy as np

from splkit.codegen.fixed_point import quantize_multiplier
from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import (
    ACTIVATIONS,
    INT16_BYTES,
    CArray,
    Layer,
    activation_tensor,
    bias,
    dot_rows,
    refuse,
    require_accumulator,
    round_up,
    weights,
)

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

GATE_SCALE = 2.0**-12
"""Gate inputs are Q3.12."""
NONLINEAR_SCALE = 2.0**-15
"""Sigmoid and tanh give Q0.15."""
CELL_POWERS = range(-24, 1)
"""log2 of the cell state's scale: its products shift to the right, and tanh's input stays in an int32."""


def parse(operator: Operator) -> Layer:
    """A plain LSTM over 1 x steps x inputs, batch-major, tanh cell gate."""
    source, output = (
        activation_tensor(operator, operator.inputs[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    _require_plain(operator)
    hidden, cell = _state(operator, HIDDEN_STATE, "int8"), _state(operator, CELL_STATE, "int16")
    cells = hidden.size
    if len(source.shape) != 3 or output.shape != (1, source.shape[1], cells) or cell.size != cells:
        raise refuse(
            operator, f"{source} -> {output} with {cells} cells", "1 x steps x inputs -> 1 x steps x cells"
        )
    steps, inputs = source.shape[1], source.shape[2]
    return Layer(
        operator,
        source,
        output,
        kernel="spl_lstm_s8",
        fields={
            "steps": steps,
            "inputs": inputs,
            "cells": cells,
            "input_zero_point": source.zero_point,
            "hidden_zero_point": hidden.zero_point,
            **_cell_fields(operator, hidden, cell),
        },
        arrays=_gate_arrays(operator, source, hidden, cells),
        scratch_bytes=(round_up(inputs) + 2 * round_up(cells)) * INT16_BYTES,
        in_place=cells <= inputs,
        macs=steps * 4 * cells * (inputs + cells),
    )


def _require_plain(operator: Operator) -> None:
    if len(operator.inputs) != 24:
        raise refuse(operator, f"{len(operator.inputs)} inputs", "24 inputs")
    for index, what in UNUSED.items():
        if operator.inputs[index] is not None:
            raise refuse(operator, what, "neither peephole, projection nor layer norm")
    if operator.options.get("TimeMajor"):
        raise refuse(operator, "time-major data", "batch-major data")
    if int(operator.options.get("FusedActivationFunction", 0)) != ACTIVATIONS.index("TANH"):
        raise refuse(operator, "another cell gate", "a tanh cell gate")


def _state(operator: Operator, index: int, dtype: str) -> Tensor:
    tensor = operator.inputs[index]
    if tensor is None or not tensor.is_variable or tensor.dtype != dtype or tensor.quantization is None:
        raise refuse(operator, f"{tensor} as state", f"a quantized {dtype} variable as state {index}")
    return tensor


def _cell_fields(operator: Operator, hidden: Tensor, cell: Tensor) -> dict[str, int]:
    power = round(math.log2(cell.scale))
    if cell.scale != 2.0**power or cell.zero_point != 0 or power not in CELL_POWERS:
        raise refuse(operator, f"cell scale {cell.scale:.6g}", "a power of two from 2^-24 to 1, zero point 0")
    forget_multiplier, forget_shift = quantize_multiplier(NONLINEAR_SCALE)
    update_multiplier, update_shift = quantize_multiplier(NONLINEAR_SCALE**2 / cell.scale)
    hidden_multiplier, hidden_shift = quantize_multiplier(NONLINEAR_SCALE**2 / hidden.scale)
    clip = float(operator.options.get("CellClip", 0.0))
    return {
        "forget_multiplier": forget_multiplier,
        "forget_shift": -forget_shift,
        "update_multiplier": update_multiplier,
        "update_shift": -update_shift,
        "hidden_multiplier": hidden_multiplier,
        "hidden_shift": -hidden_shift,
        # tanh reads thirds of Q3.12: times 3, from the cell's scale.
        "tanh_multiplier": 3 << max(12 + power, 0),
        "tanh_shift": max(-12 - power, 0),
        "cell_clip": int(min(clip / cell.scale, 32767.0)) if clip > 0 else 0,
    }


def _gate_arrays(operator: Operator, source: Tensor, hidden: Tensor, cells: int) -> dict[str, CArray]:
    # The gates of a cell stand together: the kernel goes from cell to cell.
    biases = np.stack([bias(operator, index, cells) for index in BIASES], axis=1).ravel()
    arrays = {"bias": CArray("int32_t", biases)}
    for side, indices, operand in (
        ("input", INPUT_WEIGHTS, source),
        ("recurrent", RECURRENT_WEIGHTS, hidden),
    ):
        columns = operand.shape[-1] if side == "input" else cells
        values, pairs = [], []
        for index in indices:
            tensor, data = weights(operator, index)
            if (
                tensor.shape != (cells, columns)
                or len(tensor.quantization.scales if tensor.quantization else ()) != 1
            ):
                raise refuse(operator, f"{side} weights {tensor}", f"per-tensor weights {cells} x {columns}")
            values.append(data)
            # TFLM multiplies the scales in float32.
            pairs.append(
                quantize_multiplier(float(np.float32(operand.scale) * np.float32(tensor.scale)) / GATE_SCALE)
            )
        matrix = np.stack(values, axis=1).reshape(-1, columns)
        require_accumulator(
            operator, matrix, biases if side == "input" else np.zeros_like(biases), operand.zero_point
        )
        if max(shift for _, shift in pairs) > 0:
            raise refuse(operator, f"{side} gate sums over 1", "s_in * s_weights under 2^-12")
        arrays[f"{side}_weights"] = dot_rows(matrix)
        arrays[f"{side}_multipliers"] = CArray("int32_t", np.array([m for m, _ in pairs], np.int32))
        arrays[f"{side}_shifts"] = CArray("int8_t", np.array([-s for _, s in pairs], np.int8))
    return arrays
