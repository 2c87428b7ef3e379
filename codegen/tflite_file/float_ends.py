"""Float ends of an int8 network: QUANTIZE behind a float32 input and DEQUANTIZE before a float32 output.

A converter puts them there unless it is asked for int8 ends. They are left to the caller, who has scale and
zero point: the network is what lies between.
"""

from dataclasses import replace

from splkit.codegen.graph import Graph, Operator, Tensor


def without_float_ends(graph: Graph) -> Graph:
    """The network between; the same one where no end is float32."""
    starts = {tensor.index: operator for tensor in graph.inputs if (operator := _start(graph, tensor))}
    stops = {tensor.index: operator for tensor in graph.outputs if (operator := _stop(graph, tensor))}
    if not starts and not stops:
        return graph
    dropped = {operator.index for operator in (*starts.values(), *stops.values())}
    inner = [operator for operator in graph.operators if operator.index not in dropped]
    inputs = [starts[t.index].outputs[0] if t.index in starts else t for t in graph.inputs]
    outputs = [stops[t.index].inputs[0] if t.index in stops else t for t in graph.outputs]
    return Graph(renumbered(inner), tuple(inputs), tuple(t for t in outputs if t is not None))


def renumbered(operators: list[Operator]) -> tuple[Operator, ...]:
    """In their order from 0 on; each knows its number in the file."""
    return tuple(
        replace(
            each, index=i, number_in_file=each.index if each.number_in_file is None else each.number_in_file
        )
        for i, each in enumerate(operators)
    )


def _start(graph: Graph, tensor: Tensor) -> Operator | None:
    """The QUANTIZE that alone reads a float32 input."""
    readers = [operator for operator in graph.operators if tensor in operator.inputs]
    is_float = tensor.dtype == "float32" and tensor not in graph.outputs
    if not is_float or len(readers) != 1 or readers[0].kind != "QUANTIZE":
        return None
    return readers[0] if _is_int8(readers[0].outputs, tensor) and len(readers[0].inputs) == 1 else None


def _stop(graph: Graph, tensor: Tensor) -> Operator | None:
    """The DEQUANTIZE that writes a float32 output which nothing else reads."""
    writer = next((operator for operator in graph.operators if tensor in operator.outputs), None)
    is_read = any(tensor in operator.inputs for operator in graph.operators)
    if tensor.dtype != "float32" or writer is None or is_read or writer.kind != "DEQUANTIZE":
        return None
    computed = [source for source in writer.inputs if source is not None and source.data is None]
    return writer if _is_int8(tuple(computed), tensor) and len(writer.inputs) == 1 else None


def _is_int8(tensors: tuple[Tensor, ...], end: Tensor) -> bool:
    """Whether there is one, quantized, with a value for each of the end's."""
    is_one = len(tensors) == 1 and tensors[0].dtype == "int8" and tensors[0].quantization is not None
    return is_one and tensors[0].shape == end.shape
