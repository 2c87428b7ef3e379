"""The pass that has an LSTM take its input in batches of steps: fewer instructions, more scratch."""

from dataclasses import replace

import numpy as np

from splkit.codegen.graph import Graph
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.filters import COLUMNS, GROUP, INT16_BYTES, INT32_BYTES, ROWS, round_up

IN_BATCHES = "_in_batches"
"""The variant of the kernel."""


def take_batches(_graph: Graph, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Has each LSTM take its input in batches."""
    return tuple(_in_batches(layer) if layer.kernel == "spl_lstm_s8" else layer for layer in layers)


def _in_batches(lstm: Layer) -> Layer:
    """The same layer with the weights of the input row by row, and the scratch of its batches."""
    cells, inputs = lstm.fields["cells"], round_up(lstm.fields["inputs"])
    hidden, sums = round_up(cells), ROWS * cells
    behind = max(INT32_BYTES * sums, INT16_BYTES * COLUMNS * inputs)
    scratch_bytes = INT32_BYTES * COLUMNS * sums + behind + INT16_BYTES * (2 + sums) * hidden
    side_by_side = lstm.arrays["input_weights"].values.reshape(cells, inputs // GROUP, ROWS, GROUP)
    rows = side_by_side.transpose(0, 2, 1, 3).astype(np.int8)
    arrays = {**lstm.arrays, "input_weights": CArray("int8_t", rows)}
    return replace(lstm, variant=IN_BATCHES, arrays=arrays, scratch_bytes=scratch_bytes)
