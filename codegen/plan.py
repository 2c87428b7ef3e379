"""Where every activation and scratch buffer lives: a static arena, first fit by size over exact lifetimes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from splkit.codegen.graph import Graph, Tensor
from splkit.codegen.operators.base import Layer

ALIGNMENT = 4
"""Word alignment: scratch buffers are read as pairs of int16."""


@dataclass(frozen=True)
class Place:
    """Bytes of the caller's inputs, side by side, of its outputs, side by side, or of the arena."""

    base: str
    offset: int = 0


@dataclass(frozen=True)
class Allocation:
    """A named stretch of the arena, alive from layer `first` to layer `last`."""

    name: str
    offset: int
    size: int
    first: int
    last: int


@dataclass(frozen=True)
class Plan:
    """The places of every layer's input, output and scratch, and the arena that holds them.

    `results` says where each output of the network is in the end, `wanted` where the caller reads it.
    """

    inputs: tuple[tuple[Place, ...], ...]
    outputs: tuple[Place, ...]
    scratch: tuple[Place | None, ...]
    results: tuple[Place, ...]
    wanted: tuple[Place, ...]
    arena_bytes: int
    allocations: tuple[Allocation, ...]


@dataclass
class _Buffer:
    """Storage shared by a tensor, its views and what is computed in its place."""

    name: str
    size: int
    first: int
    last: int
    base: str = "arena"
    offset: int = 0


def make_plan(graph: Graph, layers: tuple[Layer, ...]) -> Plan:
    """Assigns places; a view shares its input's, and so does an in-place layer that reads it last."""
    last_use = {tensor.index: i for i, layer in enumerate(layers) for tensor in layer.inputs}
    last_use |= {tensor.index: len(layers) for tensor in graph.outputs}
    homes: dict[int, tuple[_Buffer, int]] = {
        tensor.index: (_Buffer("input", tensor.size, 0, 0, place.base, place.offset), 0)
        for tensor, place in zip(graph.inputs, side_by_side("input", graph.inputs), strict=True)
    }
    buffers: list[_Buffer] = []
    for i, layer in enumerate(layers):
        homes[layer.output.index] = _home(layer, i, homes, last_use, buffers)
        homes[layer.output.index][0].last = max(
            homes[layer.output.index][0].last, last_use.get(layer.output.index, i)
        )
    scratch = [_Buffer(f"{layer.name} scratch", layer.scratch_bytes, i, i) for i, layer in enumerate(layers)]
    wanted = side_by_side("output", graph.outputs)
    for tensor, place in zip(graph.outputs, wanted, strict=True):
        _give_result_to_caller(homes[tensor.index], tensor, place)
    used = [b for b in buffers + scratch if b.base == "arena" and b.size]
    arena_bytes = _pack(used)
    return Plan(
        inputs=tuple(tuple(_place(homes[tensor.index]) for tensor in layer.inputs) for layer in layers),
        outputs=tuple(_place(homes[layer.output.index]) for layer in layers),
        scratch=tuple(Place("arena", b.offset) if b.size else None for b in scratch),
        results=tuple(_place(homes[tensor.index]) for tensor in graph.outputs),
        wanted=wanted,
        arena_bytes=arena_bytes,
        allocations=tuple(Allocation(b.name, b.offset, b.size, b.first, b.last) for b in used),
    )


def _home(
    layer: Layer,
    i: int,
    homes: dict[int, tuple[_Buffer, int]],
    last_use: dict[int, int],
    buffers: list[_Buffer],
) -> tuple[_Buffer, int]:
    buffer, offset = homes[layer.input.index]
    if not layer.kernel:
        return buffer, offset + layer.view_offset
    # Views keep a buffer alive beyond the tensor that is read here, so the buffer's own end counts.
    alone = all(homes[other.index][0] is not buffer for other in layer.others)
    last = max(buffer.last, last_use[layer.input.index]) == i
    size = max(layer.output.size, layer.output_bytes)
    if layer.in_place and buffer.base == "arena" and last and alone:
        buffer.size = max(buffer.size, offset + size)
        return buffer, offset
    buffers.append(_Buffer(layer.output.name.split(";")[0], size, i, i))
    return buffers[-1], 0


def side_by_side(base: str, tensors: Sequence[Tensor]) -> tuple[Place, ...]:
    """The places of the caller's tensors: one behind the other, without gaps."""
    ends = accumulate((tensor.size for tensor in tensors), initial=0)
    return tuple(Place(base, offset) for offset, _ in zip(ends, tensors, strict=False))


def _give_result_to_caller(home: tuple[_Buffer, int], output: Tensor, wanted: Place) -> None:
    buffer, offset = home
    if buffer.base == "arena" and offset == 0 and buffer.size == output.size:
        buffer.base, buffer.offset = wanted.base, wanted.offset


def _place(home: tuple[_Buffer, int]) -> Place:
    buffer, offset = home
    return Place(buffer.base, buffer.offset + offset)


def _pack(buffers: list[_Buffer]) -> int:
    """Gives each buffer the lowest offset free all its life, the largest first; returns the arena's size."""
    placed: list[_Buffer] = []
    for buffer in sorted(buffers, key=lambda b: (-b.size, b.first)):
        rivals = sorted(
            (b for b in placed if b.first <= buffer.last and buffer.first <= b.last), key=lambda b: b.offset
        )
        buffer.offset = 0
        for rival in rivals:
            if rival.offset - buffer.offset >= buffer.size:
                break
            buffer.offset = max(buffer.offset, _align(rival.offset + rival.size))
        placed.append(buffer)
    return _align(max((b.offset + b.size for b in placed), default=0))


def _align(offset: int) -> int:
    return -(-offset // ALIGNMENT) * ALIGNMENT
