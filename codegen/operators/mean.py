"""MEAN over time (global average pooling): kernel `spl_mean_1d_s8`."""

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.operators.base import ACCUMULATOR_LIMIT, Layer, activation_tensor, offset, refuse
from splkit.fixed_point import quantize_multiplier


def parse(operator: Operator) -> Layer:
    """The mean over every axis but the first and the last, kept or not."""
    source, output = (
        activation_tensor(operator, operator.inputs[0]),
        activation_tensor(operator, operator.outputs[0]),
    )
    channels = source.shape[-1]
    length = source.size // max(channels, 1)
    if _axes(operator, source) != set(range(1, len(source.shape) - 1)) or output.size != channels:
        raise refuse(operator, f"{source} -> {output}", "the mean over all axes but the first and the last")
    if 255 * length >= ACCUMULATOR_LIMIT:
        raise refuse(operator, f"{length} points", "shorter signals")
    # TFLM divides the multiplier, with as many bits more as the length has.
    multiplier, shift = quantize_multiplier(source.scale / output.scale)
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
            "length": length,
            "channels": channels,
            "twice_bias": -2 * source.zero_point * length,
            "multiplier": multiplier,
            "shift": -shift - 1,
            "output_offset": offset(output),
        },
        # A channel's mean is written over the first point, which later channels do not read.
        in_place=True,
    )


def _axes(operator: Operator, source: Tensor) -> set[int]:
    tensor = operator.inputs[1] if len(operator.inputs) > 1 else None
    if tensor is None or tensor.data is None or tensor.dtype != "int32" or not source.size:
        raise refuse(operator, "axes that are computed", "constant axes")
    return {int(axis) % len(source.shape) for axis in tensor.data.ravel()}
