"""A quantized network as splkit sees it: tensors and operators in execution order, no file format left."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Option = float | tuple[int, ...]
"""A builtin option: a number, or a list of integers."""


UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Quantization:
    """Affine quantization, real = scale * (q - zero_point); one entry, or one a channel along `axis`."""

    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int = 0


@dataclass(frozen=True, eq=False)
class Tensor:
    """One tensor: an activation (`data` is None), a constant, or a state (`is_variable`)."""

    index: int
    name: str
    shape: tuple[int, ...]
    dtype: str
    quantization: Quantization | None = None
    data: NDArray[np.generic] | None = None
    is_variable: bool = False

    @property
    def is_unreadable(self) -> bool:
        """Whether it stands for one that was refused already."""
        return self.dtype == UNREADABLE

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def scale(self) -> float:
        """The scale of a per-tensor quantized tensor."""
        assert self.quantization is not None
        return self.quantization.scales[0]

    @property
    def zero_point(self) -> int:
        """The zero point of a per-tensor quantized tensor."""
        assert self.quantization is not None
        return self.quantization.zero_points[0]

    def __str__(self) -> str:
        return f"{self.dtype} {'x'.join(map(str, self.shape)) or 'scalar'}"


@dataclass(frozen=True, eq=False)
class Operator:
    """One operator; `options` are its builtin options by their schema names, `options_type` their table.

    Where it is one of several that an operator with several outputs became, `siblings` are all of these
    outputs; `number_in_file` is its number there, where that is not `index`.
    """

    index: int
    kind: str
    inputs: tuple[Tensor | None, ...]
    outputs: tuple[Tensor, ...]
    intermediates: tuple[Tensor, ...] = ()
    options_type: str = "NONE"
    options: Mapping[str, Option] = field(default_factory=dict)
    siblings: tuple[Tensor, ...] = ()
    number_in_file: int | None = None

    def number(self, option: str, default: float) -> float:
        """An option that is a number."""
        value = self.options.get(option, default)
        assert not isinstance(value, tuple)
        return value

    @property
    def label(self) -> str:
        """How messages call it: number, kind and the name of its output."""
        name = self.outputs[0].name.split(";")[0] if self.outputs else "?"
        number = self.index if self.number_in_file is None else self.number_in_file
        return f'operator {number} ({self.kind} "{name}")'


@dataclass(frozen=True, eq=False)
class Graph:
    """A network: what it reads, what it computes, what it gives."""

    operators: tuple[Operator, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]

    @property
    def input(self) -> Tensor:
        """The input of a network that has one; `tflite_file.reader.parse_model` refuses others."""
        return self.inputs[0]

    @property
    def output(self) -> Tensor:
        """The same of its output."""
        return self.outputs[0]
