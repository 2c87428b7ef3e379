"""Where every activation and scratch buffer lives: a static arena, first fit by size over exact lifetimes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

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
    """Storage shared by a tensor, its views and what is computed in its place.

    `writes` are the layers that compute there, the first of which begins it: what each takes while it
    runs, and what it leaves.
    """

    name: str
    writes: dict[int, tuple[int, int]]
    last: int
    base: str = "arena"
    offset: int = 0

    @property
    def first(self) -> int:
        """The layer that it begins with."""
        return next(iter(self.writes))

    @property
    def size(self) -> int:
        """The most that it ever takes."""
        return max(running for running, _ in self.writes.values())

    def size_at(self, layer: int) -> int:
        """What it takes while a layer runs: what that needs, and what was there before."""
        running, _ = self.writes.get(layer, (0, 0))
        left = [size for writer, (_, size) in self.writes.items() if writer <= layer]
        return max(running, *left[-2:]) if running else left[-1]

    def size_beside(self, other: "_Buffer") -> int:
        """The most that it takes while the other is alive, 0 if they never are together."""
        together = range(max(self.first, other.first), min(self.last, other.last) + 1)
        return max(map(self.size_at, together), default=0)


ORDERS: tuple[Callable[[_Buffer], tuple[int, ...]], ...] = (
    lambda buffer: (-buffer.size, buffer.first),
    lambda buffer: (buffer.first - buffer.last, -buffer.size, buffer.first),
    lambda buffer: (buffer.first, -buffer.size),
)
"""In which buffers are placed: the largest first, those that live longest, those that begin first."""


def make_plan(graph: Graph, layers: tuple[Layer, ...]) -> Plan:
    """Assigns places; a view shares its input's, and so does an in-place layer that reads it last."""
    last_use = {tensor.index: i for i, layer in enumerate(layers) for tensor in layer.inputs}
    last_use |= {tensor.index: len(layers) for tensor in graph.outputs}
    homes: dict[int, tuple[_Buffer, int]] = {
        tensor.index: (_Buffer("input", {0: (tensor.size,) * 2}, 0, place.base, place.offset), 0)
        for tensor, place in zip(graph.inputs, side_by_side("input", graph.inputs), strict=True)
    }
    buffers: list[_Buffer] = []
    for i, layer in enumerate(layers):
        homes[layer.output.index] = _home(layer, i, homes, last_use, buffers)
        homes[layer.output.index][0].last = max(
            homes[layer.output.index][0].last, last_use.get(layer.output.index, i)
        )
    scratch = [
        _Buffer(f"{layer.name} scratch", {i: (layer.scratch_bytes,) * 2}, i) for i, layer in enumerate(layers)
    ]
    wanted = side_by_side("output", graph.outputs)
    for tensor, place in zip(graph.outputs, wanted, strict=True):
        _give_result_to_caller(homes[tensor.index], tensor, place)
    used = [b for b in buffers + scratch if b.base == "arena" and b.size]
    arena_bytes = _pack(used)
    running = [i for i, layer in enumerate(layers) if layer.kernel]
    return Plan(
        inputs=tuple(tuple(_place(homes[tensor.index]) for tensor in layer.inputs) for layer in layers),
        outputs=tuple(_place(homes[layer.output.index]) for layer in layers),
        scratch=tuple(Place("arena", b.offset) if b.size else None for b in scratch),
        results=tuple(_place(homes[tensor.index]) for tensor in graph.outputs),
        wanted=wanted,
        arena_bytes=arena_bytes,
        allocations=tuple(allocation for buffer in used for allocation in _allocations(buffer, running)),
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
    left = layer.output.size
    running = max(left, layer.output_bytes)
    if layer.in_place and buffer.base == "arena" and last and alone:
        buffer.writes[i] = offset + running, offset + left
        return buffer, offset
    buffers.append(_Buffer(layer.output.name.split(";")[0], {i: (running, left)}, i))
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


def _allocations(buffer: _Buffer, running: Sequence[int]) -> Iterator[Allocation]:
    """A buffer as stretches of layers that run, in each of which it takes the same."""
    alive = [layer for layer in running if buffer.first <= layer <= buffer.last]
    for size, layers in groupby(alive, buffer.size_at):
        first, *others = layers
        last = others[-1] if others else first
        yield Allocation(buffer.name, buffer.offset, size, first, buffer.last if last == alive[-1] else last)


def _pack(buffers: list[_Buffer]) -> int:
    """Places the buffers, in the order that needs the least; returns the arena's size."""
    orders = [sorted(buffers, key=key) for key in ORDERS]
    _, best = min((_place_in_turn(order), i) for i, order in enumerate(orders))
    return _place_in_turn(orders[best])


def _place_in_turn(buffers: list[_Buffer]) -> int:
    """Gives each buffer the lowest offset free all its life; returns the arena's size."""
    placed: list[_Buffer] = []
    for buffer in buffers:
        # How far a rival reaches beside this buffer, and this one beside it.
        beside = [(b.offset, b.size_beside(buffer), buffer.size_beside(b)) for b in placed]
        rivals = [rival for rival in beside if rival[1]]
        ends = [0, *(_align(offset + size) for offset, size, _ in rivals)]
        buffer.offset = min(
            end
            for end in ends
            if all(end + mine <= offset or offset + theirs <= end for offset, theirs, mine in rivals)
        )
        placed.append(buffer)
    return _align(max((b.offset + b.size for b in placed), default=0))


def _align(offset: int) -> int:
    return -(-offset // ALIGNMENT) * ALIGNMENT
