"""MEAN and SUM over one or several neighbouring axes (global average pooling): kernel `spl_mean_1d_s8`."""

import numpy as np

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import Layer, ends, integers
from splkit.codegen.operators.rescale import ACCUMULATOR_LIMIT, offset
from splkit.codegen.refusals import refuse
from splkit.fixed_point import quantize_multiplier


def parse(operator: Operator) -> Layer:
    """Over axes side by side, kept or not."""
    source, output = ends(operator, 2)
    batches, length, channels = extents(operator, source, output)
    if 255 * length >= ACCUMULATOR_LIMIT:
        raise refuse(operator, f"{length} points", "shorter signals")
    # TFLM divides the multiplier, with as many bits more as the length has.
    multiplier, shift = quantize_multiplier(source.scale / output.scale)
    if operator.kind == "MEAN":
        bits = min(length.bit_length() - 1, 32, 31 + shift)
        multiplier, shift = (multiplier << bits) // length, shift - bits
    if 255 * length << max(shift, 0) >= ACCUMULATOR_LIMIT or shift < -31:
        raise refuse(operator, f"scales {source.scale:.3g} -> {output.scale:.3g}", "scales that are nearer")
    return Layer(
        operator,
        source,
        output,
        kernel="spl_mean_1d_s8",
        fields={
            "batches": batches,
            "length": length,
            "channels": channels,
            "twice_bias": -2 * source.zero_point * length,
            "multiplier": multiplier,
            "shift": -shift - 1,
            "output_offset": offset(output),
        },
        # A mean is written over a point that no later one reads.
        in_place=True,
    )


def extents(operator: Operator, source: Tensor, output: Tensor) -> tuple[int, int, int]:
    """Points before, in and behind the axes that an operator reduces to one point.

    Raises:
        ModelError: other axes than neighbours, or another size of the output.
    """
    dimensions, axes = len(source.shape), integers(operator, 1, "axes")
    if not axes or not all(-dimensions <= axis < dimensions for axis in axes):
        raise refuse(operator, f"axes {axes} of {source}", "axes that its input has")
    # Axes of one point may be counted among them, or not.
    reduced = sorted({axis % dimensions for axis in axes if source.shape[axis] > 1})
    first, end = (reduced[0], reduced[-1] + 1) if reduced else (dimensions, dimensions)
    within = source.shape[first:end]
    if any(length > 1 and axis not in reduced for axis, length in enumerate(within, start=first)):
        raise refuse(operator, f"axes {axes} of {source}", "axes side by side")
    batches, length = (int(np.prod(part, dtype=np.int64)) for part in (source.shape[:first], within))
    channels = source.size // (batches * length)
    if output.size != batches * channels:
        raise refuse(operator, f"{source} -> {output}", "one value for all points along the axes")
    return batches, length, channels
