"""Operators with several outputs become as many with one, so that a layer has one output."""

from dataclasses import replace

from splkit.codegen.graph import Graph, Operator

EXPANDED = ("SPLIT", "SPLIT_V", "UNPACK")


def expanded(graph: Graph) -> Graph:
    """The same network; where it has more operators now, these know their numbers in the file."""
    if not any(_has_parts(operator) for operator in graph.operators):
        return graph
    parts = [part for operator in graph.operators for part in _parts(operator)]
    return replace(graph, operators=tuple(replace(part, index=i) for i, part in enumerate(parts)))


def _has_parts(operator: Operator) -> bool:
    return operator.kind in EXPANDED and len(operator.outputs) > 0


def _parts(operator: Operator) -> list[Operator]:
    numbered = replace(operator, number_in_file=operator.index)
    if not _has_parts(operator):
        return [numbered]
    return [replace(numbered, outputs=(output,), siblings=operator.outputs) for output in operator.outputs]
