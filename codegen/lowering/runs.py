"""Runs of layers, each the only reader of the one before, and what takes their places."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from splkit.codegen.graph import Graph, Operator, Tensor
from splkit.codegen.operators.base import Layer


def replace_runs(
    graph: Graph, layers: tuple[Layer, ...], length: int, fuse: Callable[..., tuple[Layer, ...]]
) -> tuple[Layer, ...]:
    """Puts what `fuse` gives, unless that is nothing, into the places of each run of so many layers."""
    replaced = list(layers)
    readers = count_readers(graph, layers)
    for start in range(len(replaced)):
        run = [layer for layer in replaced[start:] if layer.kernel][:length]
        chained = all(a.output is b.input and readers[a.output.index] == 1 for a, b in pairwise(run))
        if len(run) < length or run[0] is not replaced[start] or not chained or not (fused := fuse(*run)):
            continue
        outputs = {layer.output.index for layer in run}
        operators = [each for each in operators_of(run) if replaced[each.index].output.index in outputs]
        output = fused[-1].output
        rest = [Layer(operator, output, output) for operator in operators[len(fused) :]]
        for operator, layer in zip(operators, [*fused, *rest], strict=True):
            replaced[operator.index] = layer
    return tuple(replaced)


def count_readers(graph: Graph, layers: Sequence[Layer]) -> Counter[int]:
    """How many layers read each tensor, by its index; the caller reads the outputs."""
    readers = Counter(
        tensor.index for layer in layers if layer.input is not layer.output for tensor in layer.inputs
    )
    readers.update(tensor.index for tensor in graph.outputs)
    return readers


def operators_of(run: Iterable[Layer]) -> list[Operator]:
    """All operators that these layers compute, in their order."""
    found = (operator for layer in run for operator in (layer.operator, *layer.absorbed))
    return sorted(found, key=lambda operator: operator.index)


def new_index(tensor: Tensor) -> int:
    """One that no tensor of the file has."""
    return -1 - tensor.index
