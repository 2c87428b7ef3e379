"""All that stands in the way of one model at once, where `compile_model` stops at the first."""

from splkit.codegen.compile import inner_network
from splkit.codegen.operators import refusals
from splkit.codegen.tflite_file.reader import end_refusals
from splkit.errors import ModelError


def faults(content: bytes, name: str) -> list[ModelError]:
    """What `compile_model` refuses in a .tflite called `name`: tensors, inputs and outputs, operators.

    An operator is not judged by a tensor that is at fault itself. Where the file is damaged, or its order is
    broken, that alone is known.
    """
    found: list[ModelError] = []
    try:
        graph = inner_network(content, name, found.append)
    except ModelError as error:
        return [*found, error]
    return [*found, *end_refusals(graph, name), *refusals(graph)]
