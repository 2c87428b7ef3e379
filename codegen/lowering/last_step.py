"""The pass that has an LSTM write nothing but its last step where nothing else is read."""

from dataclasses import replace
from itertools import pairwise

from splkit.codegen.graph import Graph
from splkit.codegen.lowering.runs import count_readers
from splkit.codegen.operators.base import Layer


def keep_last_steps(graph: Graph, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Replaces an LSTM and the view of its last step behind it, if that is its only reader."""
    kept = list(layers)
    readers = count_readers(graph, layers)
    for i, (lstm, view) in enumerate(pairwise(layers)):
        if lstm.kernel != "spl_lstm_s8" or view.kernel or view.input is not lstm.output:
            continue
        step, only_reader = lstm.fields["cells"], readers[lstm.output.index] == 1
        if only_reader and view.output.size == step and view.view_offset == lstm.output.size - step:
            kept[i] = replace(lstm, output=view.output, fields={**lstm.fields, "output_step": 0})
            kept[i + 1] = Layer(view.operator, view.output, view.output)
    return tuple(kept)
