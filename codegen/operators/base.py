"""What operator modules share: `Layer`, which plan and emit read, and the checks of what they parse."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.errors import ModelError
from splkit.fixed_point import activation_range, quantize_multiplier

ACTIVATIONS = ("NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT")
"""The schema's fused activation functions, by number."""

GROUP = 4
"""Weights that one word holds, SPL_GROUP in spl_dot.h."""

INT16_BYTES, INT32_BYTES = 2, 4

ACCUMULATOR_LIMIT = 1 << 30
"""Sums stay under it, shifted to the left as they may be: kernels hold twice a sum in an int32."""


@dataclass(frozen=True)
class CArray:
    """A constant of the generated C: element type and values, flattened in C order.

    A `struct` is an array of structures: each row of `values` holds the members of one.
    """

    ctype: str
    values: NDArray[np.generic]
    struct: bool = False


@dataclass(frozen=True)
class Layer:
    """One operator, ready to be planned and emitted.

    A layer with a kernel calls `<kernel>(&params, input, *others, output, scratch)`, where params is a
    `<kernel>_t` with `fields` and `arrays`, and points to those of its `parts`. A layer without one is
    a view: its output is its input from byte `view_offset` on. `output_bytes` is what a kernel writes at the
    output's place, where that is more than the output.
    """

    operator: Operator
    input: Tensor
    output: Tensor
    others: tuple[Tensor, ...] = ()
    kernel: str = ""
    fields: Mapping[str, int] = field(default_factory=dict)
    arrays: Mapping[str, CArray] = field(default_factory=dict)
    parts: Mapping[str, "Layer"] = field(default_factory=dict)
    scratch_bytes: int = 0
    output_bytes: int = 0
    in_place: bool = False
    macs: int = 0
    view_offset: int = 0
    absorbed: tuple[Operator, ...] = ()

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """All activations that it reads."""
        return (self.input, *self.others)

    @property
    def title(self) -> str:
        """The kinds of the operators that it computes."""
        return " + ".join(operator.kind for operator in (self.operator, *self.absorbed))

    @property
    def name(self) -> str:
        """The C function's name."""
        return f"spl_layer_{self.operator.index:02d}_{self.operator.kind.lower()}"


def refuse(operator: Operator, found: str, supported: str) -> ModelError:
    """The error for an operator, type or shape outside what the generator can do."""
    return ModelError(
        f"{operator.kind} is exported with {supported}",
        found=f"{found} in {operator.label}",
        next_step="change that layer and convert again, or see docs/operators.md",
    )


def activation_tensor(operator: Operator, tensor: Tensor | None) -> Tensor:
    """The int8, per-tensor quantized activation that an operator must have at this place."""
    supported = "int8 activations quantized per tensor, batch 1"
    if tensor is None or tensor.data is not None or tensor.dtype != "int8":
        raise refuse(operator, "no activation" if tensor is None else f"{tensor} {tensor.name}", supported)
    if tensor.quantization is None or len(tensor.quantization.scales) != 1 or tensor.shape[:1] != (1,):
        raise refuse(operator, f"{tensor} {tensor.name}", supported)
    if not -128 <= tensor.zero_point <= 127:
        raise refuse(operator, f"zero point {tensor.zero_point}", "zero points from -128 to 127")
    return tensor


def constant(operator: Operator, index: int, dtype: str) -> Tensor:
    """A constant input: data of this type, quantized."""
    tensor = operator.inputs[index] if index < len(operator.inputs) else None
    if tensor is None or tensor.data is None or tensor.dtype != dtype or tensor.quantization is None:
        found = "nothing" if tensor is None else f"{tensor} {tensor.name}"
        raise refuse(operator, f"{found} as input {index}", f"a quantized {dtype} constant there")
    return tensor


def weights(operator: Operator, index: int) -> tuple[Tensor, NDArray[np.int8]]:
    """int8 weights with zero points of 0, and their values."""
    tensor = constant(operator, index, "int8")
    assert tensor.data is not None and tensor.quantization is not None
    if any(tensor.quantization.zero_points):
        raise refuse(operator, "a zero point that is not 0 in the weights", "symmetric weights")
    return tensor, tensor.data.astype(np.int8)


def channel_scales(filters: Tensor, channels: int) -> list[float]:
    """The scale of each output channel's weights."""
    assert filters.quantization is not None
    scales = filters.quantization.scales
    return list(scales) if len(scales) == channels else [scales[0]] * channels


def bias(operator: Operator, index: int, channels: int) -> NDArray[np.int32]:
    """The int32 bias of an operator, zeros where it has none."""
    tensor = operator.inputs[index] if index < len(operator.inputs) else None
    if tensor is None:
        return np.zeros(channels, np.int32)
    if tensor.data is None or tensor.dtype != "int32" or tensor.size != channels:
        raise refuse(operator, f"{tensor} as bias", f"an int32 bias of {channels}")
    return tensor.data.astype(np.int32).ravel()


def round_up(count: int) -> int:
    """`count` in whole groups, as `spl_round_up` in spl_dot.h."""
    return -(-count // GROUP) * GROUP


def dot_rows(rows: NDArray[np.int8]) -> NDArray[np.int8]:
    """Rows of weights as spl_dot.h reads them: filled up with zeros to whole groups of four."""
    count, length = rows.shape
    padded = np.zeros((count, round_up(length)), np.int8)
    padded[:, :length] = rows
    return padded


def largest_sum(
    operator: Operator, rows: NDArray[np.int8], biases: NDArray[np.int32], zero_point: int
) -> NDArray[np.int64]:
    """The largest magnitude that a sum of each row can reach. Refuses what leaves the accumulator's range."""
    reach = 128 + abs(zero_point)
    weight_sums: NDArray[np.int64] = np.abs(rows.astype(np.int64)).sum(axis=1)
    worst = weight_sums * reach + np.abs(biases.astype(np.int64))
    if worst.max(initial=0) >= ACCUMULATOR_LIMIT:
        raise refuse(operator, f"sums of up to {worst.max()}", f"sums under {ACCUMULATOR_LIMIT}")
    return worst


def twice_bias(biases: NDArray[np.int32], rows: NDArray[np.int8], zero_point: int) -> CArray:
    """The bias of twice the sums of activations that their zero point (0: none) is still in."""
    return CArray("int32_t", 2 * (biases - zero_point * rows.astype(np.int64).sum(axis=1)))


def output_fields(operator: Operator, option: str = "FusedActivationFunction") -> dict[str, int]:
    """Zero point and fused activation as kernel fields."""
    number = int(operator.options.get(option, 0))
    name = ACTIVATIONS[number] if 0 <= number < len(ACTIVATIONS) else str(number)
    output = operator.outputs[0]
    limits = activation_range(name, output.scale, output.zero_point)
    if limits is None:
        raise refuse(operator, f"the fused activation {name}", "the fused activations NONE, RELU and RELU6")
    return {"output_offset": offset(output), "output_min": limits[0], "output_max": limits[1]}


def offset(output: Tensor) -> int:
    """The zero point as `spl_requantize_s8` adds it: twice, and half a step for the rounding."""
    return 2 * output.zero_point + 1


def kernel_multiplier(operator: Operator, real: float, largest: int) -> tuple[int, int]:
    """A real factor as spl_fixed_point.h applies it to sums of up to `largest`: multiplier and shift."""
    multiplier, shift = quantize_multiplier(real)
    if largest << max(shift, 0) >= ACCUMULATOR_LIMIT:
        raise refuse(operator, f"sums of up to {largest} times {real:.3g}", "a coarser output scale")
    return multiplier, -shift - 1


def requantization(operator: Operator, reals: list[float], largest: NDArray[np.int64]) -> dict[str, CArray]:
    """Per-channel multipliers and shifts as kernel arrays."""
    pairs = [
        kernel_multiplier(operator, real, int(worst)) for real, worst in zip(reals, largest, strict=True)
    ]
    return {
        "multipliers": CArray("int32_t", np.array([m for m, _ in pairs], np.int32)),
        "shifts": CArray("int8_t", np.array([s for _, s in pairs], np.int8)),
    }
