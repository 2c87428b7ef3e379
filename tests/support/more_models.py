"""Hypothesis strategies of activations, reductions, extremes, and operators that move values about."""

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st
from support.network import Network, activations, paddings
from support.shape_models import shapes

from splkit.codegen.compile import compile_model
from splkit.errors import ModelError

even_scales = st.sampled_from(
    [k / 128 for k in (1, 2, 3, 5, 10, 12)] + [k / 100 for k in (1, 2, 4, 5, 8, 10)]
)
"""Their quotients make ties, which show how a factor was rounded."""
any_scales = st.one_of(even_scales, st.floats(0.002, 0.3))


def _unless_refused(model: bytes, *reasons: str) -> bytes:
    """The model; another is drawn where this one is refused for a reason that has these words."""
    try:
        compile_model(model, "model")
    except ModelError as error:
        assert any(words in str(error) for words in reasons)
        reject()
    return model


@st.composite
def leaky_relu(draw: st.DrawFn) -> bytes:
    network = Network(draw)
    source = network.activation(1, 300, scale=draw(any_scales))
    result = network.activation(1, 300, scale=draw(any_scales))
    alpha = draw(st.sampled_from([0.0, 0.01, 0.1, 0.25, 0.3, 1.0, 1.7]))
    network.operator("LEAKY_RELU", [source], result, "LeakyReluOptions", Alpha=alpha)
    return network.build(result)


@st.composite
def hard_swish(draw: st.DrawFn) -> bytes:
    network, scale = Network(draw), draw(st.one_of(even_scales, st.floats(0.001, 0.1), st.floats(0.1, 4.0)))
    source = network.activation(1, 300, scale=scale)
    # TFLM takes no factor of 1 or more from an input raised by 7 bits.
    factor = draw(st.one_of(st.sampled_from([0.5, 0.75, 1.0, 1.25, 1.6]), st.floats(0.008, 4.0)))
    result = network.activation(1, 300, scale=scale * factor)
    network.operator("HARD_SWISH", [source], result)
    return network.build(result)


@st.composite
def absolute(draw: st.DrawFn) -> bytes:
    network = Network(draw)
    source = network.activation(1, 300, scale=draw(any_scales))
    same = draw(st.booleans())
    scale = network.tensors[source].scales[0] if same else draw(any_scales)
    result = network.activation(1, 300, scale=scale)
    network.operator("ABS", [source], result)
    return network.build(result)


@st.composite
def div(draw: st.DrawFn) -> bytes:
    """By a constant of one value, repeated or not, of either sign."""
    network, shape = Network(draw), (1, 300)
    source = network.activation(*shape, scale=draw(any_scales))
    divisor = network.values(*draw(st.sampled_from([(1,), (1, 1), shape])))
    constant = network.tensors[divisor]
    constant.zero_points = [draw(st.integers(-128, 127))]
    value = draw(st.integers(-128, 127).filter(lambda value: value != constant.zero_points[0]))
    constant.data = np.full_like(constant.data, value)
    result = network.activation(*shape, scale=draw(any_scales))
    network.operator(
        "DIV", [source, divisor], result, "DivOptions", FusedActivationFunction=draw(activations)
    )
    return _unless_refused(network.build(result), "scales that are nearer", "scales without ties")


@st.composite
def prelu(draw: st.DrawFn) -> bytes:
    network, shape = Network(draw), draw(shapes)
    source, result = (network.activation(*shape, scale=draw(any_scales)) for _ in range(2))
    lengths = [length if draw(st.booleans()) else 1 for length in shape]
    slopes = network.values(*lengths[draw(st.integers(0, len(shape) - 1)) :])
    network.tensors[slopes].scales = [draw(any_scales)]
    network.operator("PRELU", [source, slopes], result)
    return network.build(result)


@st.composite
def transpose(draw: st.DrawFn) -> bytes:
    network = Network(draw)
    shape = (1, *draw(st.lists(st.integers(1, 6), min_size=1, max_size=4)))
    # The first axis stays: a model's output has batch 1.
    order = [0, *draw(st.permutations(range(1, len(shape))))]
    source = network.activation(*shape)
    result = network.activation(*(shape[axis] for axis in order), like=source)
    network.operator("TRANSPOSE", [source, network.integers(order)], result, "TransposeOptions")
    return network.build(result)


@st.composite
def split(draw: st.DrawFn) -> bytes:
    """SPLIT, SPLIT_V or UNPACK; the model gives some of the parts, and what follows the last."""
    network, kind = Network(draw), draw(st.sampled_from(["SPLIT", "SPLIT_V", "UNPACK"]))
    parts, unit = draw(st.integers(2, 4)), draw(st.integers(1, 3))
    lengths = [unit] * parts if kind == "SPLIT" else [draw(st.integers(1, 3)) for _ in range(parts)]
    lengths = [1] * parts if kind == "UNPACK" else lengths
    outer, inner = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    source = network.activation(1, outer, sum(lengths), inner)
    axis = draw(st.sampled_from([2, -2]))
    outputs = [
        network.activation(1, outer, *([] if kind == "UNPACK" else [length]), inner, like=source)
        for length in lengths
    ]
    axes = network.integers(np.array(axis) if kind == "SPLIT" else [axis])
    sizes = network.integers(lengths)
    inputs = {"SPLIT": [axes, source], "SPLIT_V": [source, sizes, axes], "UNPACK": [source]}[kind]
    options = {"Num": parts, "Axis": axis} if kind == "UNPACK" else {"NumSplits": parts}
    table = {"SPLIT": "SplitOptions", "SPLIT_V": "SplitVOptions", "UNPACK": "UnpackOptions"}[kind]
    network.add_operator(kind, inputs, outputs, table, **options)
    kept = draw(st.lists(st.sampled_from(outputs), min_size=1, max_size=parts, unique=True))
    last = network.operator("RELU", [outputs[-1]], network.activation(*network.tensors[outputs[-1]].shape))
    return network.build([*kept, last])


@st.composite
def reduced(draw: st.DrawFn) -> bytes:
    """SUM, REDUCE_MAX or REDUCE_MIN over axes side by side."""
    network, shape = Network(draw), draw(shapes)
    kind = draw(st.sampled_from(["SUM", "REDUCE_MAX", "REDUCE_MIN"]))
    first = draw(st.integers(1, len(shape) - 1))
    axes = list(range(first, draw(st.integers(first, len(shape) - 1)) + 1))
    kept = draw(st.booleans())
    output = [1 if i in axes else length for i, length in enumerate(shape) if kept or i not in axes]
    source = network.activation(*shape, scale=draw(any_scales))
    if kind == "SUM":
        result = network.activation(*output, scale=draw(st.one_of(any_scales, st.floats(0.004, 1.0))))
    else:
        result = network.activation(*output, like=source)
    axis = network.integers([each - draw(st.sampled_from([0, len(shape)])) for each in axes])
    network.operator(kind, [source, axis], result, "ReducerOptions", KeepDims=kept)
    return network.build(result)


@st.composite
def extremum(draw: st.DrawFn) -> bytes:
    """MAXIMUM or MINIMUM of the input and a constant, or of two of its means, one or both repeated."""
    network, shape = Network(draw), (1, *draw(st.tuples(*[st.integers(1, 5)] * 3)))
    kind, source = draw(st.sampled_from(["MAXIMUM", "MINIMUM"])), network.activation(*shape)
    if draw(st.booleans()):
        lengths = [length if draw(st.booleans()) else 1 for length in shape]
        constant = network.values(*lengths[draw(st.integers(0, len(shape) - 1)) :])
        network.tensors[constant].scales = network.tensors[source].scales
        network.tensors[constant].zero_points = network.tensors[source].zero_points
        operands, whole = draw(st.permutations([source, constant])), list(shape)
    else:
        operands, every = [], []
        for axes in draw(st.tuples(*[st.sampled_from([[], [1], [3], [1, 2]])] * 2)):
            every.append([1 if axis in axes else length for axis, length in enumerate(shape)])
            operand = network.activation(*every[-1], like=source)
            axis = network.integers(axes or [0])
            operands.append(
                network.operator("MEAN", [source, axis], operand, "ReducerOptions", KeepDims=True)
            )
        whole = np.max(every, axis=0).tolist()
    result = network.activation(*whole, like=source)
    network.operator(kind, operands, result, "MaximumMinimumOptions")
    return network.build(result)


@st.composite
def mirror_pad(draw: st.DrawFn) -> bytes:
    network, shape, mode = Network(draw), draw(shapes), draw(st.sampled_from([0, 1]))
    most = [length - 1 + mode for length in shape[1:]]
    pairs = [(0, 0), *(draw(st.tuples(*[st.integers(0, each)] * 2)) for each in most)]
    source = network.activation(*shape)
    padded = [before + length + after for length, (before, after) in zip(shape, pairs, strict=True)]
    result = network.activation(*padded, like=source)
    network.operator("MIRROR_PAD", [source, network.integers(pairs)], result, "MirrorPadOptions", Mode=mode)
    return network.build(result)


@st.composite
def resize_nearest(draw: st.DrawFn) -> bytes:
    network = Network(draw)
    height, width, channels = draw(st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 3)))
    size = draw(st.tuples(st.integers(1, 20), st.integers(1, 20)))
    aligned, halves = draw(st.sampled_from([(False, False), (True, False), (False, True)]))
    source = network.activation(1, height, width, channels)
    result = network.activation(1, *size, channels, like=source)
    options = {"AlignCorners": aligned, "HalfPixelCenters": halves}
    kind = "RESIZE_NEAREST_NEIGHBOR"
    network.operator(
        kind, [source, network.integers(size)], result, "ResizeNearestNeighborOptions", **options
    )
    return network.build(result)


@st.composite
def dilated(draw: st.DrawFn) -> bytes:
    """CONV_2D or DEPTHWISE_CONV_2D over time, along height or width, or over an image."""
    network, kind = Network(draw), draw(st.sampled_from(["CONV_2D", "DEPTHWISE_CONV_2D"]))
    over_time, padding = draw(st.booleans()), draw(paddings)
    taps = [draw(st.integers(1, 4)), 1] if over_time else draw(st.tuples(*[st.integers(1, 3)] * 2))
    factors, strides = draw(st.tuples(*[st.integers(1, 5)] * 2)), draw(st.tuples(*[st.integers(1, 2)] * 2))
    spans = [(count - 1) * factor + 1 for count, factor in zip(taps, factors, strict=True)]
    least = [span if padding else 1 for span in spans]
    sides = [
        draw(st.integers(least[0], least[0] + 14)),
        1 if over_time else draw(st.integers(least[1], least[1] + 5)),
    ]
    points = [
        (side - span) // stride + 1 if padding else -(-side // stride)
        for side, span, stride in zip(sides, spans, strides, strict=True)
    ]
    turn = 1 if not over_time or draw(st.booleans()) else -1
    (high, wide), (rows, columns), (height, width) = taps[::turn], points[::turn], sides[::turn]
    inputs, outputs = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    multiplier = draw(st.integers(1, 2))
    outputs = inputs * multiplier if kind == "DEPTHWISE_CONV_2D" else outputs
    source = network.activation(1, height, width, inputs)
    if kind == "CONV_2D":
        filters, table, more = network.filters(outputs, high, wide, inputs, axis=0), "Conv2DOptions", {}
    else:
        filters, table = network.filters(1, high, wide, outputs, axis=3), "DepthwiseConv2DOptions"
        more = {"DepthMultiplier": multiplier}
    result = network.activation(1, rows, columns, outputs)
    options = {"StrideH": strides[::turn][0], "StrideW": strides[::turn][1], "Padding": padding}
    options |= {"DilationHFactor": factors[::turn][0], "DilationWFactor": factors[::turn][1]}
    options |= {"FusedActivationFunction": draw(activations), **more}
    network.operator(kind, [source, filters, network.bias(outputs)], result, table, **options)
    return network.build(result)


@st.composite
def transpose_conv(draw: st.DrawFn) -> bytes:
    """Over time, along height or width, or over an image; with a bias or without."""
    network, padding = Network(draw), draw(paddings)
    over_time, turn = draw(st.booleans()), draw(st.sampled_from([1, -1]))
    taps = [draw(st.integers(1, 5)), 1 if over_time else draw(st.integers(1, 3))]
    strides = [draw(st.integers(1, 4)), 1 if over_time else draw(st.integers(1, 3))]
    sides = [draw(st.integers(1, 9)), 1 if over_time else draw(st.integers(1, 5))]
    points = [
        (side - 1) * stride + max(count, stride) if padding else side * stride
        for side, stride, count in zip(sides, strides, taps, strict=True)
    ]
    (high, wide), (rows, columns), (height, width) = taps[::turn], points[::turn], sides[::turn]
    inputs, outputs = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    source = network.activation(1, height, width, inputs)
    filters = network.filters(outputs, high, wide, inputs, axis=0)
    shape = network.integers([1, rows, columns, outputs])
    bias = [network.bias(outputs)] if draw(st.booleans()) else []
    result = network.activation(1, rows, columns, outputs)
    options = {"StrideH": strides[::turn][0], "StrideW": strides[::turn][1], "Padding": padding}
    options |= {"FusedActivationFunction": draw(activations)}
    inputs_of = [shape, filters, source, *bias]
    network.operator("TRANSPOSE_CONV", inputs_of, result, "TransposeConvOptions", **options)
    return network.build(result)


@st.composite
def pack(draw: st.DrawFn) -> bytes:
    """The input, itself again, and what a QUANTIZE to its own scale makes of it, along a new axis."""
    network = Network(draw)
    shape = (1, *draw(st.lists(st.integers(1, 6), min_size=1, max_size=3)))
    source = network.activation(*shape)
    other = network.operator("QUANTIZE", [source], network.activation(*shape, like=source))
    parts = draw(st.lists(st.sampled_from([source, other]), min_size=1, max_size=4))
    axis = draw(st.integers(1, len(shape)))
    result = network.activation(*shape[:axis], len(parts), *shape[axis:], like=source)
    signed = axis - draw(st.sampled_from([0, len(shape) + 1]))
    network.operator("PACK", parts, result, "PackOptions", Axis=signed, ValuesCount=len(parts))
    return network.build(result)


@st.composite
def sliced(draw: st.DrawFn) -> bytes:
    network, shape = Network(draw), draw(shapes)
    begins = [0, *(draw(st.integers(0, length - 1)) for length in shape[1:])]
    kept = [
        1,
        *(draw(st.integers(1, length - begin)) for length, begin in zip(shape[1:], begins[1:], strict=True)),
    ]
    sizes = [
        -1 if begin + size == length and draw(st.booleans()) else size
        for begin, size, length in zip(begins, kept, shape, strict=True)
    ]
    source = network.activation(*shape)
    result = network.activation(*kept, like=source)
    inputs = [source, network.integers(begins), network.integers(sizes)]
    network.operator("SLICE", inputs, result, "SliceOptions")
    return network.build(result)


@st.composite
def elu(draw: st.DrawFn) -> bytes:
    """Scales of three digits, which are such that no rounding hangs on the last bit of an exp."""
    network = Network(draw)
    source = network.activation(1, 300, scale=draw(st.integers(2, 300)) / 1000)
    result = network.activation(1, 300, scale=draw(st.integers(4, 300)) / 1000)
    network.operator("ELU", [source], result)
    model = network.build(result)
    return _unless_refused(model, "without ties")


@st.composite
def reverse(draw: st.DrawFn) -> bytes:
    network, shape = Network(draw), draw(shapes)
    first = draw(st.integers(1, len(shape) - 1))
    axes = draw(st.permutations(range(first, draw(st.integers(first, len(shape) - 1)) + 1)))
    signed = [axis - draw(st.sampled_from([0, len(shape)])) for axis in axes]
    source = network.activation(*shape)
    result = network.activation(*shape, like=source)
    network.operator("REVERSE_V2", [source, network.integers(signed)], result)
    return network.build(result)


@st.composite
def pad_with(draw: st.DrawFn) -> bytes:
    network, shape = Network(draw), draw(shapes)
    pairs = [(0, 0), *draw(st.tuples(*[st.tuples(st.integers(0, 3), st.integers(0, 3))] * (len(shape) - 1)))]
    source, value = network.activation(*shape), network.values(1)
    network.tensors[value].scales = network.tensors[source].scales
    network.tensors[value].zero_points = network.tensors[source].zero_points
    padded = [before + length + after for length, (before, after) in zip(shape, pairs, strict=True)]
    result = network.activation(*padded, like=source)
    network.operator("PADV2", [source, network.integers(pairs), value], result)
    return network.build(result)


@st.composite
def matmul(draw: st.DrawFn) -> bytes:
    """Two inputs of 2 to 4 dimensions; axes before the matrices are there, or 1, or not there."""
    network, (rows, columns, depth) = Network(draw), draw(st.tuples(*[st.integers(1, 7)] * 3))
    batches = [1, draw(st.integers(1, 3))][: draw(st.integers(0, 2))]
    adjoint = draw(st.tuples(st.booleans(), st.booleans()))
    whole = [1, *batches] if len(batches) == 1 else batches
    ones = [1 if draw(st.booleans()) else length for length in whole]
    left = [*whole, *([depth, rows] if adjoint[0] else [rows, depth])]
    right = [*ones, *([columns, depth] if adjoint[1] else [depth, columns])]
    if not whole:
        left, right = [1, *left], [1, *right]
    first, second = (network.activation(*shape, scale=draw(any_scales)) for shape in (left, right))
    result = network.activation(*left[:-2], rows, columns, scale=draw(any_scales))
    options = {"AdjX": adjoint[0], "AdjY": adjoint[1]}
    network.operator("BATCH_MATMUL", [first, second], result, "BatchMatMulOptions", **options)
    return network.build(result, [first, second])
