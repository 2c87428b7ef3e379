"""Hypothesis strategies of several LSTMs in a row."""

import numpy as np
from hypothesis import strategies as st
from support.network import Network
from support.tflite_builder import TensorSpec

TANH = 4
KIND = "UNIDIRECTIONAL_SEQUENCE_LSTM"


def add_lstm(network: Network, source: int, cells: int, time_major: bool, like: int | None = None) -> int:
    """An LSTM over all steps of `source`; gives its output, of a quantization of its own or of another's."""
    shape = network.tensors[source].shape
    inputs = shape[-1]
    weights = [network.filters(cells, columns, axis=0) for columns in (*[inputs] * 4, *[cells] * 4)]
    for index in weights:
        network.tensors[index].scales, network.tensors[index].zero_points = [0.004], [0]
    biases = [network.bias(cells) for _ in range(4)]
    scale = network.draw(st.floats(0.003, 0.009))
    result = network.activation(*shape[:2], cells, like=like, scale=scale)
    output = network.tensors[result]
    hidden = TensorSpec((1, cells), scales=output.scales, zero_points=output.zero_points, variable=True)
    cell = TensorSpec((1, cells), "int16", scales=[2.0 ** -network.draw(st.integers(9, 14))], variable=True)
    slots = [source, *weights, -1, -1, -1, *biases, -1, -1, network.add(hidden), network.add(cell)]
    options = {"FusedActivationFunction": TANH, "TimeMajor": time_major}
    name = "UnidirectionalSequenceLSTMOptions"
    return network.operator(KIND, [*slots, -1, -1, -1, -1], result, name, **options)


@st.composite
def bidirectional(draw: st.DrawFn) -> bytes:
    """An LSTM from either end, as converters write it: one reads, and gives, its steps in reverse."""
    network, steps, cells = Network(draw), draw(st.integers(1, 9)), draw(st.integers(1, 6))
    source = network.activation(1, steps, draw(st.integers(1, 6)))
    forward = add_lstm(network, source, cells, time_major=False)
    turned = network.activation(*network.tensors[source].shape, like=source)
    network.operator("REVERSE_V2", [source, network.integers([1])], turned)
    backward = add_lstm(network, turned, draw(st.integers(1, 6)), time_major=False, like=forward)
    shape = network.tensors[backward].shape
    again = network.activation(*shape, like=forward)
    network.operator("REVERSE_V2", [backward, network.integers([1])], again)
    both = network.activation(1, steps, cells + shape[2], like=forward)
    network.operator("CONCATENATION", [forward, again], both, "ConcatenationOptions", Axis=2)
    return network.build(both)


@st.composite
def lstm_layers(draw: st.DrawFn) -> bytes:
    """Up to three LSTMs, batch- or time-major, then all steps or the last one."""
    network, steps, time_major = Network(draw), draw(st.integers(1, 12)), draw(st.booleans())
    last = network.activation(1, steps, draw(st.integers(1, 8)))
    if time_major:
        moved = network.activation(steps, 1, network.tensors[last].shape[2], like=last)
        last = network.operator("RESHAPE", [last], moved, "ReshapeOptions")
    for cells in draw(st.lists(st.integers(1, 9), min_size=1, max_size=3)):
        last = add_lstm(network, last, cells, time_major)
    cells = network.tensors[last].shape[2]
    if time_major:
        moved = network.activation(1, steps, cells, like=last)
        last = network.operator("RESHAPE", [last], moved, "ReshapeOptions")
    if draw(st.booleans()):
        bounds = ([0, -1, 0], [0, 0, 0], [1, 1, 1])
        inputs = [last, *(network.integers(np.array(values)) for values in bounds)]
        masks = {"BeginMask": 5, "EndMask": 5, "ShrinkAxisMask": 2}
        result = network.activation(1, cells, like=last)
        last = network.operator("STRIDED_SLICE", inputs, result, "StridedSliceOptions", **masks)
    return network.build(last)
