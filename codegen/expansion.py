"""Operators with several outputs become as many with one, so that a layer has one output."""

from dataclasses import replace

from splkit.codegen.graph import Graph, Operator
from splkit.codegen.tflite_file.float_ends import renumbered

EXPANDED = ("SPLIT", "SPLIT_V", "UNPACK")


def expanded(graph: Graph) -> Graph:
    """The same network; where it has more operators now, these know their numbers in the file."""
    if not any(_has_parts(operator) for operator in graph.operators):
        return graph
    parts = [part for operator in graph.operators for part in _parts(operator)]
    return replace(graph, operators=renumbered(parts))


def _has_parts(operator: Operator) -> bool:
    return operator.kind in EXPANDED and len(operator.outputs) > 0


def _parts(operator: Operator) -> list[Operator]:
    if not _has_parts(operator):
        return [operator]
    return [replace(operator, outputs=(output,), siblings=operator.outputs) for output in operator.outputs]
