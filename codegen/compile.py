"""A model, read, checked and planned: what the templates print of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from splkit.codegen.budget import RAM_BYTES
from splkit.codegen.expansion import expanded
from splkit.codegen.graph import Graph, Tensor
from splkit.codegen.lowering import lower
from splkit.codegen.lowering.trade import extra, trades
from splkit.codegen.operators import parse_graph
from splkit.codegen.operators.base import Layer
from splkit.codegen.plan import Place, Plan, make_plan, side_by_side
from splkit.codegen.render import LayerText, expression, layer_text
from splkit.codegen.self_test import constants_crc32
from splkit.codegen.tflite_file.float_ends import without_float_ends
from splkit.codegen.tflite_file.reader import read_network, require_int8
from splkit.errors import ModelError
from splkit.quantize.carried import network_sha256


@dataclass(frozen=True)
class End:
    """An input or an output as the C names it.

    Attributes:
        role: "input" or "output".
        macro: what its macros begin with: SPL_INPUT, or SPL_INPUT_0 where there are several.
        tensor: shape, scale and zero point.
        offset: of its first value among those of all inputs, or outputs.
    """

    role: str
    macro: str
    tensor: Tensor
    offset: int

    @property
    def name(self) -> str:
        """The tensor's, in letters that a comment of C may hold."""
        return re.sub(r"[^\w./:;-]", "_", self.tensor.name.split(";")[0], flags=re.ASCII)

    @property
    def is_numbered(self) -> bool:
        """Whether it has others beside it."""
        return self.macro[-1].isdigit()

    @property
    def scale(self) -> str:
        """The scale, with all its float32 digits."""
        return f"{self.tensor.scale:.9g}"

    @property
    def scale_literal(self) -> str:
        """The same as a C constant of type float."""
        return f"{self.scale}f" if set(self.scale) & set(".e") else f"{self.scale}.0f"


@dataclass(frozen=True)
class CompiledModel:
    """A model, checked and planned; all that the templates say of it."""

    graph: Graph
    all_layers: tuple[Layer, ...]
    plan: Plan
    sha256: str

    @property
    def layers(self) -> tuple[LayerText, ...]:
        """The layers that have code."""
        return tuple(
            layer_text(layer, i, self.plan) for i, layer in enumerate(self.all_layers) if layer.kernel
        )

    @property
    def kernels(self) -> list[str]:
        """The kernels in use, sorted."""
        return sorted({name for layer in self.all_layers if layer.kernel for name in layer.kernels})

    @property
    def macs(self) -> int:
        """Nominal multiply-accumulates of one inference."""
        return sum(layer.macs for layer in self.all_layers)

    @property
    def constants_crc32(self) -> int:
        """Checksum of all constant arrays."""
        return constants_crc32(self.all_layers)

    @property
    def array_names(self) -> list[str]:
        """The constant arrays of the C, in the order in which they are emitted."""
        return [array.name for layer in self.layers for struct in layer.structs for array in struct.arrays]

    @property
    def input_size(self) -> int:
        """int8 values in, of all inputs."""
        return sum(tensor.size for tensor in self.graph.inputs)

    @property
    def output_size(self) -> int:
        """int8 values out, of all outputs."""
        return sum(tensor.size for tensor in self.graph.outputs)

    @property
    def inputs(self) -> tuple[End, ...]:
        """The inputs, one behind the other."""
        return _ends("input", self.graph.inputs)

    @property
    def outputs(self) -> tuple[End, ...]:
        """The outputs, one behind the other."""
        return _ends("output", self.graph.outputs)

    @property
    def arena_bytes(self) -> int:
        """Bytes of the arena, a word at least."""
        return max(self.plan.arena_bytes, 4)

    @property
    def ram_bytes(self) -> int:
        """Bytes of arena, input and output, each in whole words."""
        return self.arena_bytes + sum(-(-size // 4) * 4 for size in (self.input_size, self.output_size))

    @property
    def extra(self) -> float:
        """Instructions that more RAM would save, by estimate."""
        return sum(map(extra, self.all_layers))

    @property
    def uses_arena(self) -> bool:
        """Whether any buffer lives in the arena."""
        return bool(self.plan.allocations)

    @property
    def copies(self) -> tuple[tuple[str, str, str], ...]:
        """What has to be copied to the caller: to, from, how many bytes; C expressions."""
        moved = [
            (expression(wanted), expression(result), end)
            for wanted, result, end in zip(self.plan.wanted, self.plan.results, self.outputs, strict=True)
            if result != wanted
        ]
        return tuple((to, of, f"{end.macro}_SIZE") for to, of, end in moved)


def _ends(role: str, tensors: tuple[Tensor, ...]) -> tuple[End, ...]:
    """Numbered where there are several."""
    macro = f"SPL_{role.upper()}"
    names = [macro] if len(tensors) == 1 else [f"{macro}_{i}" for i in range(len(tensors))]
    places: tuple[Place, ...] = side_by_side(role, tensors)
    return tuple(
        End(role, name, tensor, place.offset)
        for name, tensor, place in zip(names, tensors, places, strict=True)
    )


def inner_network(content: bytes, name: str, report: Callable[[ModelError], None] | None = None) -> Graph:
    """What of a .tflite is compiled: without float ends, one output an operator.

    Args:
        content: the file's bytes.
        name: what messages call it.
        report: of tensors at fault, as `read_network` has it.

    Raises:
        ModelError: as `read_network`.
    """
    return expanded(without_float_ends(read_network(content, name, report)))


def compile_model(content: bytes, name: str, ram_bytes: int | None = None) -> CompiledModel:
    """Reads, checks and plans a model, whatever its inputs and outputs.

    The plan is the fastest that fits, or the one with the least RAM.

    Args:
        content: the .tflite.
        name: what errors call it.
        ram_bytes: of RAM for arena, input and output; RAM_BYTES where None.

    Raises:
        ModelError: what cannot be compiled; `codegen.faults` says all of it at once.
    """
    graph = inner_network(content, name)
    require_int8(graph, name)
    parsed = parse_graph(graph)
    lean = lower(graph, parsed)
    sha256 = network_sha256(content)
    models = [
        CompiledModel(graph, layers, make_plan(graph, layers), sha256)
        for layers in (lean, *(lower(graph, parsed, trade) for trade in trades(lean)))
    ]
    most = RAM_BYTES if ram_bytes is None else ram_bytes
    fitting = [model for model in models if model.ram_bytes <= most]
    if fitting:
        return min(fitting, key=lambda model: (model.extra, model.ram_bytes))
    return min(models, key=lambda model: (model.ram_bytes, model.extra))
