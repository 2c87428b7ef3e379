"""Hypothesis strategies of operators that move values about, or bring shapes together."""

import numpy as np
from hypothesis import strategies as st
from support.network import Network, activations, scales

shapes = st.lists(st.integers(1, 7), min_size=1, max_size=3).map(lambda tail: (1, *tail))


@st.composite
def pad(draw: st.DrawFn) -> bytes:
    network, shape = Network(draw), draw(shapes)
    amounts = st.tuples(st.integers(0, 3), st.integers(0, 3))
    pairs = [(0, 0), *draw(st.tuples(*[amounts] * (len(shape) - 1)))]
    source = network.activation(*shape)
    padded = [before + length + after for length, (before, after) in zip(shape, pairs, strict=True)]
    result = network.activation(*padded, like=source)
    network.operator("PAD", [source, network.integers(pairs)], result, "PadOptions")
    return network.build(result)


@st.composite
def concatenation(draw: st.DrawFn) -> bytes:
    """The input, itself again, and what a QUANTIZE to its own scale makes of it, in any order."""
    network, shape = Network(draw), draw(shapes)
    axis = draw(st.integers(1, len(shape) - 1))
    source = network.activation(*shape)
    other = network.operator("QUANTIZE", [source], network.activation(*shape, like=source))
    parts = draw(st.lists(st.sampled_from([source, other]), min_size=1, max_size=5))
    joined = [length * len(parts) if i == axis else length for i, length in enumerate(shape)]
    result = network.activation(*joined, like=source)
    signed = axis - draw(st.sampled_from([0, len(shape)]))
    network.operator("CONCATENATION", parts, result, "ConcatenationOptions", Axis=signed)
    return network.build(result)


@st.composite
def strided_slice(draw: st.DrawFn) -> bytes:
    network, shape = Network(draw), draw(shapes)
    begins, ends, strides, kept = [0], [1], [1], [1]
    begin_mask = end_mask = dropped = 0
    for axis, length in enumerate(shape[1:], start=1):
        points = sorted(draw(st.tuples(st.integers(0, length - 1), st.integers(1, length))))
        begin, end = points if points[0] < points[1] else (points[0] - 1, points[1])
        stride = draw(st.integers(1, 3)) * draw(st.sampled_from([1, -1]))
        drops = draw(st.integers(0, 3)) == 0 and axis > 1
        if drops:
            stride, dropped = 1, dropped | 1 << axis
        elif stride < 0:
            begin, end = end - 1, begin - 1
            end, end_mask = (0, end_mask | 1 << axis) if end < 0 else (end, end_mask)
        if not drops and draw(st.booleans()):
            begin, begin_mask = (0 if stride > 0 else length - 1), begin_mask | 1 << axis
        stop = -1 if end_mask >> axis & 1 else end
        begins.append(begin)
        ends.append(end)
        strides.append(stride)
        if not drops:
            kept.append(len(range(begin, stop, stride)))
    source = network.activation(*shape)
    bounds = [network.integers(values) for values in (begins, ends, strides)]
    result = network.activation(*kept, like=source)
    masks = {"BeginMask": begin_mask, "EndMask": end_mask, "ShrinkAxisMask": dropped}
    network.operator("STRIDED_SLICE", [source, *bounds], result, "StridedSliceOptions", **masks)
    return network.build(result)


@st.composite
def reshaped(draw: st.DrawFn) -> bytes:
    """EXPAND_DIMS, SQUEEZE and RESHAPE one after the other."""
    network, shape = Network(draw), draw(shapes)
    axis = draw(st.integers(1, len(shape)))
    source = network.activation(*shape)
    expanded = network.activation(*shape[:axis], 1, *shape[axis:], like=source)
    network.operator("EXPAND_DIMS", [source, network.integers(np.array(axis))], expanded, "ExpandDimsOptions")
    named = draw(st.booleans()) or set(shape) == {1}
    kept = shape if named else [length for length in shape if length > 1]
    squeezed = network.activation(*kept or [1], like=source)
    options = {"SqueezeDims": [axis]} if named else {}
    network.operator("SQUEEZE", [expanded], squeezed, "SqueezeOptions", **options)
    flat = network.activation(1, int(np.prod(shape)), like=source)
    network.operator("RESHAPE", [squeezed], flat, "ReshapeOptions")
    result = network.operator("RELU", [flat], network.activation(1, int(np.prod(shape))))
    return network.build(result)


@st.composite
def softmax(draw: st.DrawFn) -> bytes:
    network = Network(draw)
    shape = (1, draw(st.integers(1, 5)), draw(st.one_of(st.integers(1, 12), st.integers(500, 511))))
    source = network.activation(*shape, scale=draw(st.one_of(st.floats(0.001, 0.3), st.floats(0.3, 300.0))))
    result = network.activation(*shape, scale=2.0**-8)
    network.tensors[result].zero_points = [-128]
    network.operator("SOFTMAX", [source], result, "SoftmaxOptions", Beta=draw(st.sampled_from([1.0, 0.5])))
    return network.build(result)


@st.composite
def mean_of_axes(draw: st.DrawFn) -> bytes:
    network, shape = Network(draw), draw(shapes)
    first = draw(st.integers(0, len(shape) - 1))
    axes = list(range(first, draw(st.integers(first, len(shape) - 1)) + 1))
    kept = draw(st.booleans()) or 0 in axes
    output = [1 if i in axes else length for i, length in enumerate(shape) if kept or i not in axes]
    source, result = network.activation(*shape), network.activation(*output)
    axis = network.integers([each - draw(st.sampled_from([0, len(shape)])) for each in axes])
    network.operator("MEAN", [source, axis], result, "ReducerOptions", KeepDims=kept)
    return network.build(result)


@st.composite
def fully_connected_rows(draw: st.DrawFn) -> bytes:
    network, shape, outputs = Network(draw), draw(shapes), draw(st.integers(1, 8))
    source = network.activation(*shape)
    weights = network.filters(outputs, shape[-1], axis=0)
    inputs = [source, weights, *draw(st.sampled_from([[], [-1]]))]
    result = network.activation(*shape[:-1], outputs)
    options = {"FusedActivationFunction": draw(activations), "KeepNumDims": True}
    network.operator("FULLY_CONNECTED", inputs, result, "FullyConnectedOptions", **options)
    return network.build(result)


@st.composite
def broadcast(draw: st.DrawFn) -> bytes:
    """ADD, SUB or MUL of two activations, each a mean of the input over some axes or the input itself."""
    network, shape = Network(draw), (1, *draw(st.tuples(*[st.integers(1, 5)] * 3)))
    kind = draw(st.sampled_from(["ADD", "SUB", "MUL"]))
    source = network.activation(*shape)
    operands, lengths = [], []
    for axes in draw(st.tuples(*[st.sampled_from([[], [1], [2], [3], [1, 2], [1, 2, 3]])] * 2)):
        lengths.append([1 if axis in axes else length for axis, length in enumerate(shape)])
        operand = network.activation(*lengths[-1])
        axis = network.integers(axes or [0])
        operands.append(network.operator("MEAN", [source, axis], operand, "ReducerOptions", KeepDims=True))
    result = network.activation(*np.max(lengths, axis=0).tolist())
    options = {"FusedActivationFunction": draw(activations)}
    network.operator(kind, operands, result, f"{kind.capitalize()}Options", **options)
    return network.build(result)


@st.composite
def constant_broadcast(draw: st.DrawFn) -> bytes:
    """ADD, SUB or MUL with a constant of any shape that broadcasts, first or second."""
    network, shape = Network(draw), draw(shapes)
    kind = draw(st.sampled_from(["ADD", "SUB", "MUL"]))
    lengths = [length if draw(st.booleans()) else 1 for length in shape]
    source, constant = (
        network.activation(*shape),
        network.values(*lengths[draw(st.integers(0, len(shape))) :]),
    )
    result = network.activation(*shape, scale=draw(scales))
    inputs = draw(st.permutations([source, constant]))
    options = {"FusedActivationFunction": draw(activations)}
    network.operator(kind, inputs, result, f"{kind.capitalize()}Options", **options)
    return network.build(result)
