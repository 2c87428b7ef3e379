"""The pass that computes a first block at once: one channel into many, each filtered, all of them mixed."""

from dataclasses import replace
from functools import partial

import numpy as np

from splkit.codegen.graph import Graph
from splkit.codegen.lowering.kernels import FALLS, is_pointwise, with_kernel
from splkit.codegen.lowering.runs import new_index, operators_of, replace_runs
from splkit.codegen.operators import depthwise_conv_2d
from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.operators.conv_2d import OVER_TIME
from splkit.codegen.operators.depthwise_conv_2d import BLOCK
from splkit.codegen.operators.rescale import NEAR_SHIFTS, activation_limits
from splkit.fixed_point import INT8_MAX, INT8_MIN

CHUNK, SCALED_CHUNK = 45, 70
"""Points of a separable convolution that exist at a time where RAM is short: fewer take less of it, and
compute more twice, which costs most where the expansion is scaled."""

RECTIFIED = "_rectified"
"""The variant of the kernel whose expansion has a zero point of -128, as that of a RELU has."""


def separate_convolutions(
    graph: Graph, layers: tuple[Layer, ...], chunks: int | None = None
) -> tuple[Layer, ...]:
    """Replaces each first block of a network, plain or scaled, in so many chunks or as few as save RAM."""
    plain = replace_runs(graph, layers, 3, partial(_separable_convolution, chunks))
    return replace_runs(graph, plain, 5, partial(_scaled_separable_convolution, chunks))


def _separable_convolution(
    most: int | None, conv: Layer, depthwise: Layer, pointwise: Layer
) -> tuple[Layer, ...]:
    """A pointwise convolution of one channel, a depthwise and a pointwise one, chunk by chunk.

    Two layers: the extremes of each pool of that one channel, then all the rest.
    """
    kernels = (OVER_TIME, "spl_depthwise_conv_1d_s8", OVER_TIME)
    if (conv.kernel, depthwise.kernel, pointwise.kernel) != kernels or activation_limits(conv.fields):
        return ()
    return _in_chunks(most, conv, (), depthwise, pointwise)


def _scaled_separable_convolution(
    most: int | None, conv: Layer, factor: Layer, addend: Layer, depthwise: Layer, pointwise: Layer
) -> tuple[Layer, ...]:
    """The same with a factor and an addend a channel behind the first convolution."""
    kernels = (
        *(OVER_TIME, "spl_mul_channel_s8", "spl_add_channel_s8"),
        *("spl_depthwise_conv_1d_s8", OVER_TIME),
    )
    run = (conv, factor, addend, depthwise, pointwise)
    if tuple(layer.kernel for layer in run) != kernels or FALLS not in conv.arrays:
        return ()
    shifts = (factor.fields["shift"], addend.fields["output_shift"])
    is_near = all(shift in NEAR_SHIFTS for shift in shifts)
    is_plain = addend.fields["sign"] > 0 and not activation_limits(factor.fields)
    if not is_near or not is_plain or conv.fields["output_max"] < INT8_MAX:
        return ()
    return _in_chunks(most, conv, (factor, addend), depthwise, pointwise)


def _in_chunks(
    most: int | None, conv: Layer, scaling: tuple[Layer, ...], depthwise: Layer, pointwise: Layer
) -> tuple[Layer, ...]:
    """The extremes of each pool of one channel, then many channels of it filtered and mixed again."""
    one_to_many = all(conv.fields[name] == 1 for name in ("input_channels", "taps", "stride"))
    if not one_to_many or not is_pointwise(pointwise) or depthwise.clamp:
        return ()
    filters = depthwise.parts["filter"]
    points = max(SCALED_CHUNK if scaling else CHUNK, pointwise.fields["pool"])
    lean = -(-pointwise.fields["conv_length"] // points)
    chunks, room = _chunks(filters.fields["channels"], pointwise, min(most or lean, lean))
    mixing = with_kernel(pointwise)
    if not mixing.in_place:
        return ()
    extremes = _extremes(conv, filters.fields["input_length"])
    operators = operators_of((conv, *scaling, depthwise, pointwise))
    is_rectified = conv.output.zero_point == INT8_MIN and not scaling
    filter_bytes = depthwise_conv_2d.scratch_bytes(
        filters.fields["input_length"], filters.fields["taps"], max(chunks)
    )
    fused = Layer(
        operators[1],
        extremes.output,
        pointwise.output,
        kernel="spl_separable_conv_1d_s8",
        variant=depthwise.variant or (RECTIFIED if is_rectified else ""),
        slower=depthwise.slower,
        fields={"chunk_count": len(chunks)},
        arrays={"chunks": CArray("int16_t", np.array(chunks, np.int16))},
        parts={"expansion": _expansion(conv), "filter": filters, "pointwise": mixing},
        scratch_bytes=max(filter_bytes, mixing.scratch_bytes),
        output_bytes=room,
        clamp=mixing.clamp,
        macs=conv.macs + depthwise.macs + pointwise.macs,
        absorbed=tuple(operators[2:]),
    )
    return extremes, _with_scaling(fused, conv, scaling, depthwise) if scaling else fused


def _with_scaling(fused: Layer, conv: Layer, scaling: tuple[Layer, ...], depthwise: Layer) -> Layer:
    factor, addend = scaling
    zero = conv.output.zero_point
    limits = {
        "smallest": conv.fields["output_min"] - zero,
        "zero_point": depthwise.input.zero_point,
    }
    return replace(
        fused,
        kernel="spl_scaled_separable_conv_1d_s8",
        fields={**fused.fields, **limits},
        parts={**fused.parts, "factor": factor, "addend": addend},
    )


def _extremes(conv: Layer, length: int) -> Layer:
    """The smallest and the largest value of each pool of the convolution's input."""
    pool = conv.fields["pool"]
    output = replace(conv.input, index=new_index(conv.input), name="extremes", shape=(1, length, 2))
    fields = {"input_length": conv.fields["input_length"], "output_length": length, "pool": pool}
    return Layer(
        conv.operator, conv.input, output, kernel="spl_extremes_1d_s8", fields=fields, in_place=pool > 1
    )


def _expansion(conv: Layer) -> Layer:
    """The convolution as one weight a channel, and which extreme gives each channel its largest value."""
    offset = conv.fields["output_offset"]
    fields = {"output_zero_point": conv.output.zero_point, "output_offset": offset}
    arrays = dict(conv.arrays)
    weights = arrays["weights"].values[:, 0]
    rises = weights.astype(np.int64) >= 0
    if FALLS in arrays:
        rises = rises ^ (arrays.pop(FALLS).values != 0)
    arrays |= {
        "extremes": CArray("int8_t", rises.astype(np.int8)),
        "weights": CArray("int8_t", weights),
    }
    return replace(conv, kernel="spl_expansion_s8", fields=fields, arrays=arrays)


def _chunks(channels: int, pointwise: Layer, count: int) -> tuple[list[int], int]:
    """The points of each chunk, in whole pools, and the room that chunks and outputs take together.

    Up to `count` chunks, the later the smaller: outputs stand beside them.
    """
    length, pool = pointwise.fields["conv_length"], pointwise.fields["pool"]
    outputs = pointwise.fields["output_channels"]
    room = 0
    while True:
        chunks: list[int] = []
        while len(chunks) < count and (left := length - sum(chunks)) > 0:
            rows = (room - sum(chunks) // pool * outputs) // channels
            most = (rows + 1) // BLOCK * BLOCK - 1
            chunks.append(left if most >= left else max(most, 0) // pool * pool)
        if sum(chunks) == length:
            return chunks, room
        room += BLOCK * outputs
