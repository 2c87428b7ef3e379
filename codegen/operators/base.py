"""What operator modules share: `Layer`, which plan and emit read, and the checks of what they parse."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.graph import Operator, Tensor
from splkit.codegen.refusals import refuse
from splkit.fixed_point import INT8_MAX, INT8_MIN

ACTIVATIONS = ("NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT")
"""The schema's fused activation functions, by number."""
MAX_DIMENSIONS = 5
"""Of a tensor, which is as many as TFLM pads and slices."""

MIN_SCALE, MAX_SCALE = 2.0**-28, 2.0**24
"""Of activations: quotients of scales, and 6 as a quantized value, stay in the range of an int32."""


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

    A layer with a kernel calls `<kernel><variant>(&params, input, *others, output, scratch)`, where params is
    a `<kernel>_t` with `fields` and `arrays`, and points to those of its `parts`. A layer without one is
    a view: its output is its input from byte `view_offset` on. `output_bytes` is what a kernel writes at the
    output's place, where that is more than the output. Where `listed_inputs` is set the kernel is passed all
    inputs as one array of pointers. `slower` says why a faster kernel could not be taken, if there is one.
    `clamp` is the range of a fused activation that is narrower than int8,
    which the kernel leaves to `spl_clamp_s8`.
    """

    operator: Operator
    input: Tensor
    output: Tensor
    others: tuple[Tensor, ...] = ()
    kernel: str = ""
    variant: str = ""
    slower: str = ""
    fields: Mapping[str, int] = field(default_factory=dict)
    arrays: Mapping[str, CArray] = field(default_factory=dict)
    parts: Mapping[str, "Layer"] = field(default_factory=dict)
    scratch_bytes: int = 0
    output_bytes: int = 0
    listed_inputs: bool = False
    in_place: bool = False
    clamp: tuple[int, int] | None = None
    macs: int = 0
    view_offset: int = 0
    absorbed: tuple[Operator, ...] = ()

    @property
    def kernels(self) -> tuple[str, ...]:
        """What it calls."""
        return (self.kernel, "spl_clamp_s8") if self.clamp else (self.kernel,)

    @property
    def function(self) -> str:
        """The C function that it calls."""
        return self.kernel + self.variant

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


def activation_tensor(operator: Operator, tensor: Tensor | None) -> Tensor:
    """The int8, per-tensor quantized activation that an operator must have at this place."""
    supported = f"int8 activations of 1 to {MAX_DIMENSIONS} dimensions, quantized per tensor"
    if tensor is None or tensor.data is not None or tensor.is_variable or tensor.dtype != "int8":
        raise refuse(operator, "no activation" if tensor is None else f"{tensor} {tensor.name}", supported)
    if tensor.quantization is None or len(tensor.quantization.scales) != 1:
        raise refuse(operator, f"{tensor} {tensor.name}", supported)
    if not (1 <= len(tensor.shape) <= MAX_DIMENSIONS and tensor.size > 0):
        raise refuse(operator, f"{tensor} {tensor.name}", supported)
    require_int8_range(operator, tensor)
    return tensor


def require_int8_range(operator: Operator, tensor: Tensor) -> None:
    """Refuses scales and zero points that no int8 activation has."""
    if not INT8_MIN <= tensor.zero_point <= INT8_MAX:
        raise refuse(operator, f"zero point {tensor.zero_point}", "zero points from -128 to 127")
    if not MIN_SCALE <= tensor.scale <= MAX_SCALE:
        raise refuse(operator, f"scale {tensor.scale:.3g}", "scales from 2^-28 to 2^24")


def ends(operator: Operator, inputs: int) -> tuple[Tensor, Tensor]:
    """The first input and the output of an operator with so many inputs."""
    if len(operator.inputs) != inputs:
        raise refuse(operator, f"{len(operator.inputs)} inputs", f"{inputs}")
    return activation_tensor(operator, operator.inputs[0]), activation_tensor(operator, operator.outputs[0])


def require_same_quantization(operator: Operator, source: Tensor, output: Tensor) -> None:
    """Refuses an operator that moves values, and would have to rescale them."""
    if (source.scale, source.zero_point) != (output.scale, output.zero_point):
        raise refuse(
            operator,
            f"scales {source.scale:.6g} and {output.scale:.6g}, zero points {source.zero_point} and "
            f"{output.zero_point}",
            "one scale and zero point on both sides",
        )


def integers(operator: Operator, index: int, what: str) -> list[int]:
    """The values of a constant int32 input, such as axes."""
    tensor = operator.inputs[index] if index < len(operator.inputs) else None
    if tensor is None or tensor.data is None or tensor.dtype != "int32":
        raise refuse(operator, f"{what} that are computed", f"constant int32 {what}")
    return [int(value) for value in tensor.data.ravel()]


def fused_activation(operator: Operator) -> str:
    """The name of the fused activation."""
    number = int(operator.number("FusedActivationFunction", 0))
    return ACTIVATIONS[number] if 0 <= number < len(ACTIVATIONS) else str(number)


def require_activation(operator: Operator, name: str) -> None:
    """Refuses another fused activation than the one that the operator has to have."""
    found = fused_activation(operator)
    if found != name:
        raise refuse(operator, f"the fused activation {found}", f"the fused activation {name}")
