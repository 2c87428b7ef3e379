"""A .tflite file -> `Graph`, straight from the flatbuffer: no TensorFlow.

Every offset and length in the file is distrusted: what does not hold together is refused as a `ModelError`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import tflite
from flatbuffers.number_types import Int32Flags

from splkit.codegen.graph import Graph, Operator, Option, Tensor
from splkit.codegen.refusals import refused
from splkit.codegen.tflite_file.structure import OPTIONS, damaged, open_model
from splkit.codegen.tflite_file.tensors import read_tensor, unreadable
from splkit.errors import ModelError, reason

KINDS: dict[int, str] = {
    value: name for name, value in vars(tflite.BuiltinOperator).items() if isinstance(value, int)
}
"""Names of the builtin operators, by number."""
MAX_OPERATORS, MAX_CONSTANTS = 1 << 10, 1 << 23
"""More fit no microcontroller; files that say more than they hold stay a short read."""
PLANS = (b"OfflineMemoryAllocation", b"COMPRESSION_METADATA")
"""Metadata that TFLM obeys."""
BUILTIN_CODE_SLOT = 10
"""Of OperatorCode.builtin_code in its vtable."""


def model_bytes(path: Path) -> bytes:
    """The bytes of a model file. Raises `ModelError` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            "a model is a readable .tflite file",
            found=f"{path}: {reason(error)}",
            next_step="check the path",
        ) from error


def parse_model(content: bytes, name: str) -> Graph:
    """Parses the bytes of a model; `name` is what messages call it.

    Raises:
        ModelError: it is broken, or not int8 with one input, one output and batch 1.
    """
    graph = read_graph(content, name)
    require_int8(graph, name)
    return graph


def read_graph(content: bytes, name: str = "the model") -> Graph:
    """The network of a .tflite file with one input and one output of any type.

    Raises:
        ModelError: it is broken, its parts contradict each other, or it has more inputs or outputs.
    """
    graph = read_network(content, name)
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        found = f"{len(graph.inputs)} inputs and {len(graph.outputs)} outputs"
        raise refused("one input and one output", found, name, "compile it: splkit compile MODEL.tflite")
    return graph


def read_network(
    content: bytes, name: str = "the model", report: Callable[[ModelError], None] | None = None
) -> Graph:
    """The network of a .tflite file, whatever its inputs and outputs.

    With `report`, which is then told of them, tensors at fault are read as `unreadable` ones.

    Raises:
        ModelError: it is broken, or its parts contradict each other.
    """
    model = open_model(content, name)
    try:
        return _graph(model, main_subgraph(content, name), name, report)
    except IndexError as error:
        raise damaged(content, name, error) from error


def main_subgraph(content: bytes, name: str = "the model") -> Any:
    """The `tflite.SubGraph` of a file that has one, with inputs and outputs that are among its tensors.

    Raises:
        ModelError: it is no whole .tflite file, or of other subgraphs.
    """
    model = open_model(content, name)
    if model.SubgraphsLength() != 1:
        raise refused("one subgraph", f"{model.SubgraphsLength()}", name)
    subgraph = model.Subgraphs(0)
    tensors = subgraph.TensorsLength()
    ends = [subgraph.Inputs(i) for i in range(subgraph.InputsLength())]
    ends += [subgraph.Outputs(i) for i in range(subgraph.OutputsLength())]
    for index in ends:
        if not 0 <= index < tensors:
            raise damaged(content, name, IndexError(f"tensor {index} of {tensors}"))
    if not subgraph.InputsLength() or not subgraph.OutputsLength():
        raise refused("an input and an output", f"{len(ends)} of both", name)
    return subgraph


def _graph(model: Any, subgraph: Any, name: str, report: Callable[[ModelError], None] | None) -> Graph:
    tensors = []
    for i in range(subgraph.TensorsLength()):
        try:
            tensors.append(read_tensor(model, subgraph.Tensors(i), i, name))
        except ModelError as error:
            if report is None:
                raise
            report(error)
            tensors.append(unreadable(subgraph.Tensors(i), i))
    operators = tuple(
        _operator(model, subgraph.Operators(i), i, tensors) for i in range(subgraph.OperatorsLength())
    )
    inputs = tuple(tensors[subgraph.Inputs(i)] for i in range(subgraph.InputsLength()))
    outputs = tuple(tensors[subgraph.Outputs(i)] for i in range(subgraph.OutputsLength()))
    graph = Graph(operators, inputs, outputs)
    _require_order(graph, name)
    _require_own_states(operators, name)
    _require_small(operators, name)
    _require_no_memory_plan(model, name)
    return graph


def _require_order(graph: Graph, name: str) -> None:
    ready = _require_inputs(graph, name)
    for operator in graph.operators:
        for tensor in filter(None, operator.inputs):
            if tensor.data is None and not tensor.is_variable and tensor.index not in ready:
                raise refused(
                    "operators in execution order", f"{operator.label} reading {tensor.name} too early", name
                )
        if any(tensor.size for tensor in operator.intermediates):
            raise refused("intermediate tensors without elements", f"some in {operator.label}", name)
        for tensor in operator.outputs:
            if tensor.index in ready or tensor.data is not None or tensor.is_variable:
                raise refused("each tensor written once", f"{tensor.name} written twice", name)
            ready.add(tensor.index)
    for tensor in graph.outputs:
        if tensor.index not in ready:
            raise refused("outputs that operators compute", tensor.name, name)


def _require_inputs(graph: Graph, name: str) -> set[int]:
    """The inputs by index, each an activation of its own."""
    for tensor in graph.inputs:
        if tensor.data is not None or tensor.is_variable:
            raise refused("inputs that are neither constant nor a state", tensor.name, name)
    ready = {tensor.index for tensor in graph.inputs}
    if len(ready) < len(graph.inputs):
        raise refused("inputs that differ from each other", f"{len(graph.inputs)} of {len(ready)}", name)
    return ready


def _require_own_states(operators: tuple[Operator, ...], name: str) -> None:
    """A state that two operators share would outlive the first."""
    readers = Counter(t.index for operator in operators for t in operator.inputs if t and t.is_variable)
    if any(count > 1 for count in readers.values()):
        raise refused(
            "a state for each operator alone", f"tensor {max(readers, key=readers.__getitem__)}", name
        )


def _require_small(operators: tuple[Operator, ...], name: str) -> None:
    """Operators may share a constant, but each gets its own copy of it."""
    values = sum(t.size for operator in operators for t in operator.inputs if t and t.data is not None)
    if len(operators) > MAX_OPERATORS or values > MAX_CONSTANTS:
        raise refused(
            f"at most {MAX_OPERATORS} operators and {MAX_CONSTANTS} constant values",
            f"{len(operators)} and {values}",
            name,
        )


def _require_no_memory_plan(model: Any, name: str) -> None:
    """What TFLM would follow, and splkit would not."""
    for i in range(model.MetadataLength()):
        if model.Metadata(i).Name() in PLANS:
            raise refused(
                "neither a memory plan nor compression of its own", f"{model.Metadata(i).Name()!r}", name
            )


def _at(tensors: list[Tensor], index: int) -> Tensor:
    if not 0 <= index < len(tensors):
        raise IndexError(f"tensor {index} of {len(tensors)}")
    return tensors[index]


def _operator(model: Any, source: Any, index: int, tensors: list[Tensor]) -> Operator:
    if source.OpcodeIndex() >= model.OperatorCodesLength():
        raise IndexError(f"operator code {source.OpcodeIndex()}")
    code = model.OperatorCodes(source.OpcodeIndex())
    kind = _kind(code)
    inputs = (int(source.Inputs(i)) for i in range(source.InputsLength()))
    return Operator(
        index,
        kind,
        tuple(None if i == -1 else _at(tensors, i) for i in inputs),
        tuple(_at(tensors, int(source.Outputs(i))) for i in range(source.OutputsLength())),
        tuple(_at(tensors, int(source.Intermediates(i))) for i in range(source.IntermediatesLength())),
        *_options(source),
    )


def _kind(code: Any) -> str:
    """The larger of two fields, as TFLM takes it; one of the accessors leaves small numbers to the other."""
    place = code._tab.Offset(BUILTIN_CODE_SLOT)
    number = code._tab.Get(Int32Flags, place + code._tab.Pos) if place else 0
    kind = KINDS.get(max(number, code.DeprecatedBuiltinCode()), f"builtin {number}")
    return f"custom {code.CustomCode() or b'?'!r}" if kind == "CUSTOM" else kind


def _options(source: Any) -> tuple[str, dict[str, Option]]:
    """The name of an operator's options and their values; one without options that splkit knows has none."""
    kind = OPTIONS.get(source.BuiltinOptionsType())
    # A table of another kind has not been walked: nothing of it is read.
    table = source.BuiltinOptions() if kind else None
    if kind is None or table is None:
        return "NONE", {}
    options = getattr(tflite, kind)()
    options.Init(table.Bytes, table.Pos)
    names = [n for n in vars(type(options)) if n[0].isupper() and not n.startswith(("Init", "GetRootAs"))]
    names = [n for n in names if not n.endswith(("AsNumpy", "Length", "IsNone", "BufferHasIdentifier"))]
    return kind, {option: _option(options, option) for option in names}


def _option(options: Any, name: str) -> Option:
    if not hasattr(options, f"{name}Length"):
        return getattr(options, name)()  # type: ignore[no-any-return]
    return tuple(int(getattr(options, name)(i)) for i in range(getattr(options, f"{name}Length")()))


def require_int8(graph: Graph, name: str) -> None:
    """Refuses a network, called `name`, that is not int8 with batch 1 from inputs to outputs."""
    for error in end_refusals(graph, name):
        raise error


def end_refusals(graph: Graph, name: str) -> Iterator[ModelError]:
    """All that `require_int8` would refuse."""
    ends = [("input", tensor) for tensor in graph.inputs] + [("output", tensor) for tensor in graph.outputs]
    for role, tensor in ends:
        if tensor.is_unreadable:
            continue
        if tensor.dtype != "int8" or tensor.quantization is None:
            yield refused(
                "int8 inputs and outputs, quantized",
                f"the {role} {tensor.name}, {tensor}",
                name,
                "convert it with inference_input_type and inference_output_type int8, or quantize it: "
                "splkit quantize RUN",
            )
        elif not tensor.shape or tensor.shape[0] != 1:
            yield refused(
                "batch 1",
                f"the {role} {tensor.name}, {tensor}, whose first axis is the batch",
                name,
                "convert it with a fixed batch of 1, and call spl_infer once for each of them",
            )
