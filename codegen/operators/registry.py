"""The operators that are compiled, with what each may be: the one list that code, command and docs go by."""

from collections.abc import Callable
from dataclasses import dataclass

from splkit.codegen.graph import Operator
from splkit.codegen.operators import (
    add,
    batch_matmul,
    concatenation,
    dilation,
    div,
    extremum,
    fully_connected,
    lookup,
    mean,
    mirror_pad,
    mul,
    pad,
    pool_2d,
    prelu,
    reduce,
    reshape,
    resize_nearest_neighbor,
    reverse,
    slicing,
    softmax,
    split,
    strided_slice,
    transpose,
    transpose_conv,
    unidirectional_sequence_lstm,
)
from splkit.codegen.operators.base import Layer


@dataclass(frozen=True)
class Entry:
    """Kinds of operators that one module parses.

    Attributes:
        kinds: as in the schema.
        parse: checks an operator against what its kernel can do.
        limits: what it may be, in words; docs/operators.md has them.
        options: the table without which TFLM does not know what an operator does, a kind each; "" where it
            needs none.
        types: of the activations.
    """

    kinds: tuple[str, ...]
    parse: Callable[[Operator], Layer]
    limits: str
    options: tuple[str, ...] = ()
    types: tuple[str, ...] = ("int8",)


REGISTRY = (
    Entry(
        ("CONV_2D",),
        dilation.conv,
        "any filter, stride and dilation over height and width, one group, SAME or VALID, per-channel scales",
        ("Conv2DOptions",),
    ),
    Entry(
        ("DEPTHWISE_CONV_2D",),
        dilation.depthwise_conv,
        "as CONV_2D, and any depth multiplier",
        ("DepthwiseConv2DOptions",),
    ),
    Entry(
        ("TRANSPOSE_CONV",),
        transpose_conv.parse,
        "any filter and stride, SAME or VALID, per-channel scales; a CONV_2D of points that are set apart",
        ("TransposeConvOptions",),
    ),
    Entry(
        ("MAX_POOL_2D", "AVERAGE_POOL_2D"),
        pool_2d.parse,
        "any window and stride, SAME or VALID",
        ("Pool2DOptions", "Pool2DOptions"),
    ),
    Entry(
        ("MEAN", "SUM"),
        mean.parse,
        "over one axis or several side by side, kept or not",
        ("ReducerOptions", "ReducerOptions"),
    ),
    Entry(
        ("REDUCE_MAX", "REDUCE_MIN"), reduce.parse, "as MEAN; one scale", ("ReducerOptions", "ReducerOptions")
    ),
    Entry(
        ("FULLY_CONNECTED",),
        fully_connected.parse,
        "any number of rows, per-tensor or per-channel scales",
        ("FullyConnectedOptions",),
    ),
    Entry(
        ("BATCH_MATMUL",),
        batch_matmul.parse,
        "two activations, either transposed or not, whose axes before the matrices broadcast",
        ("BatchMatMulOptions",),
    ),
    Entry(
        ("UNIDIRECTIONAL_SEQUENCE_LSTM",),
        unidirectional_sequence_lstm.parse,
        "all steps, batch-major or time-major, any number of layers; int16 cell with a power-of-two scale, "
        "tanh cell gate; no peephole, projection or layer norm",
        ("UnidirectionalSequenceLSTMOptions",),
    ),
    Entry(
        ("ADD", "SUB"),
        add.parse,
        "two activations, or one and a constant, whose shapes broadcast; an activation with a constant has "
        "the output's shape",
        ("AddOptions", "SubOptions"),
    ),
    Entry(("MUL",), mul.parse, "as ADD and SUB", ("MulOptions",)),
    Entry(
        ("DIV",),
        div.parse,
        "an activation by a constant of one value, not 0; a table of 256 values",
        ("DivOptions",),
    ),
    Entry(
        ("MAXIMUM", "MINIMUM"),
        extremum.parse,
        "as ADD and SUB; one scale",
    ),
    Entry(("SOFTMAX",), softmax.parse, "over the last axis, up to 511 values", ("SoftmaxOptions",)),
    Entry(
        ("RELU", "RELU6", "LOGISTIC", "TANH", "QUANTIZE"),
        lookup.parse,
        "any shape; a table of 256 values (QUANTIZE from int8 to int8)",
    ),
    Entry(
        ("LEAKY_RELU", "HARD_SWISH", "ABS", "ELU"),
        lookup.parse,
        "any shape; a table of 256 values; alpha is not negative",
        ("LeakyReluOptions", "", "", ""),
    ),
    Entry(("PRELU",), prelu.parse, "constant slopes that broadcast, of up to 4 dimensions"),
    Entry(("PAD", "PADV2"), pad.parse, "constant paddings on any axes, with a constant"),
    Entry(("MIRROR_PAD",), mirror_pad.parse, "as PAD, REFLECT or SYMMETRIC", ("MirrorPadOptions",)),
    Entry(
        ("RESIZE_NEAREST_NEIGHBOR",),
        resize_nearest_neighbor.parse,
        "a constant size, any options",
        ("ResizeNearestNeighborOptions",),
    ),
    Entry(("REVERSE_V2",), reverse.parse, "constant axes side by side"),
    Entry(("TRANSPOSE",), transpose.parse, "a constant permutation; no code where the values stay in order"),
    Entry(
        ("CONCATENATION",),
        concatenation.parse,
        "up to 10 activations, any axis",
        ("ConcatenationOptions",),
    ),
    Entry(("PACK",), concatenation.parse, "as CONCATENATION, along a new axis", ("PackOptions",)),
    Entry(
        ("SPLIT", "SPLIT_V", "UNPACK"),
        split.parse,
        "a constant axis; no code for a part that is one run of values",
        ("SplitOptions", "SplitVOptions", "UnpackOptions"),
    ),
    Entry(
        ("STRIDED_SLICE",),
        strided_slice.parse,
        "constant begin, end and strides of either sign; no code where the slice is one run of elements, "
        "such as the last time step",
        ("StridedSliceOptions",),
    ),
    Entry(("SLICE",), slicing.parse, "constant begins and sizes; no code where the slice is one run"),
    Entry(
        ("RESHAPE", "SQUEEZE", "EXPAND_DIMS"), reshape.parse, "always; no code", ("", "SqueezeOptions", "")
    ),
)

ENTRIES = {kind: entry for entry in REGISTRY for kind in entry.kinds}
OPTIONS = {
    kind: name for entry in REGISTRY for kind, name in zip(entry.kinds, entry.options, strict=False) if name
}
"""Their options, by kind."""
