"""A model, read, checked and planned: what the templates print of it."""

from dataclasses import dataclass

from splkit.codegen.budget import RAM_BYTES
from splkit.codegen.graph import Graph
from splkit.codegen.lowering import lower
from splkit.codegen.lowering.trade import extra, trades
from splkit.codegen.operators import parse_graph
from splkit.codegen.operators.base import Layer
from splkit.codegen.plan import Plan, make_plan
from splkit.codegen.render import LayerText, expression, layer_text
from splkit.codegen.self_test import constants_crc32
from splkit.codegen.tflite_file.reader import parse_model
from splkit.quantize.carried import network_sha256


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
        """int8 values in."""
        return self.graph.input.size

    @property
    def output_size(self) -> int:
        """int8 values out."""
        return self.graph.output.size

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
    def input_scale(self) -> str:
        """The input's scale, with all its float32 digits."""
        return f"{self.graph.input.scale:.9g}"

    @property
    def input_zero_point(self) -> int:
        """The input's zero point."""
        return self.graph.input.zero_point

    @property
    def output_scale(self) -> str:
        """The output's scale, with all its float32 digits."""
        return f"{self.graph.output.scale:.9g}"

    @property
    def output_zero_point(self) -> int:
        """The output's zero point."""
        return self.graph.output.zero_point

    @property
    def copies_result(self) -> bool:
        """Whether the result has to be copied to the caller."""
        return self.plan.result.base != "output"

    @property
    def result(self) -> str:
        """Where the result is, as a C expression."""
        return expression(self.plan.result)


def compile_model(content: bytes, name: str, ram_bytes: int | None = None) -> CompiledModel:
    """Reads, checks and plans a model: the fastest plan that fits, or the one with the least RAM.

    Args:
        content: the .tflite.
        name: what errors call it.
        ram_bytes: of RAM for arena, input and output; RAM_BYTES where None.

    Raises:
        ModelError: it cannot be exported.
    """
    graph = parse_model(content, name)
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
