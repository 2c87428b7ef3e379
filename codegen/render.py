"""Text of the generated files: the Jinja environment and the shapes that its templates print."""

from dataclasses import dataclass

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from splkit.codegen.operators.base import CArray, Layer
from splkit.codegen.plan import Place, Plan

LINE_WIDTH = 100


@dataclass(frozen=True)
class ArrayText:
    """A constant array: `rows` are its lines, comma included."""

    ctype: str
    name: str
    length: int
    rows: tuple[str, ...]


@dataclass(frozen=True)
class LayerText:
    """A layer as the template prints it; input, output and scratch are C expressions."""

    name: str
    title: str
    kernel: str
    params: str
    arrays: tuple[ArrayText, ...]
    fields: tuple[tuple[str, str], ...]
    input: str
    output: str
    scratch: str


def environment() -> Environment:
    """Templates of splkit.codegen: undefined names are errors, and there is no arithmetic in them."""
    return Environment(
        loader=PackageLoader("splkit.codegen"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def expression(place: Place | None) -> str:
    """A place as a C expression inside `spl_infer`."""
    if place is None:
        return "NULL"
    return f"{place.base} + {place.offset}" if place.offset else place.base


def layer_text(layer: Layer, index: int, plan: Plan) -> LayerText:
    """One layer with its constants named after it."""
    stem = f"layer_{layer.operator.index:02d}"
    arrays = tuple(_array_text(array, f"{stem}_{name}") for name, array in layer.arrays.items())
    fields = [(name, str(value)) for name, value in layer.fields.items()]
    fields += [(name, f"{stem}_{name}") for name in layer.arrays]
    return LayerText(
        name=layer.name,
        title=f"{layer.operator.kind}: {layer.input} -> {layer.output}",
        kernel=layer.kernel,
        params=stem,
        arrays=arrays,
        fields=tuple(fields),
        input=expression(plan.inputs[index]),
        output=expression(plan.outputs[index]),
        scratch=expression(plan.scratch[index]),
    )


def _array_text(array: CArray, name: str) -> ArrayText:
    rows, row = [], ""
    for value in np.ravel(array.values):
        item = f"{int(value)}, "
        if len(row) + len(item) > LINE_WIDTH - 2:
            rows.append(row.rstrip())
            row = ""
        row += item
    rows.append(row.rstrip())
    return ArrayText(array.ctype, name, int(np.size(array.values)), tuple(rows))
