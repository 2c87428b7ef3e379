"""Text of the generated files: the Jinja environment and the shapes that its templates print."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

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
class StructText:
    """The constants of one kernel: a `ctype` called `name`, and the arrays that it points to."""

    ctype: str
    name: str
    arrays: tuple[ArrayText, ...]
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LayerText:
    """A layer as the template prints it; `names` and `places` are what its kernel and its call are passed."""

    name: str
    signature: str
    title: str
    function: str
    params: str
    clamp: str
    structs: tuple[StructText, ...]
    names: str
    places: str


def environment(package: str = "splkit.codegen") -> Environment:
    """Templates of a package: undefined names are errors, and there is no arithmetic in them."""
    return Environment(
        loader=PackageLoader(package),
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
    inputs = ("input", *(f"other_{i}" if i else "other" for i in range(len(layer.others))))
    names = (*inputs, "output", "scratch")
    listed = f"(const int8_t *const[]){{{', '.join(inputs)}}}, output, scratch"
    return LayerText(
        name=layer.name,
        signature=_signature(layer.name, names),
        title=f"{layer.title}: {layer.input} -> {layer.output}",
        function=layer.function,
        params=stem,
        clamp=", ".join(map(str, (layer.output.size, *layer.clamp))) if layer.clamp else "",
        structs=tuple(_structs(layer, stem)),
        names=listed if layer.listed_inputs else ", ".join(names),
        places=", ".join(map(expression, (*plan.inputs[index], plan.outputs[index], plan.scratch[index]))),
    )


def _signature(name: str, names: Sequence[str]) -> str:
    """The head of a layer's function, as clang-format breaks it."""
    types = {"output": "int8_t *"}
    head = f"SPL_LAYER {name}("
    arguments = [f"{types.get(each, 'const int8_t *')}{each}, " for each in names[:-1]]
    line, lines = head, []
    for item in (*arguments, "void *scratch) {"):
        if len(line + item.rstrip()) > LINE_WIDTH:
            lines.append(line.rstrip())
            line = " " * len(head)
        line += item
    return "\n".join([*lines, line])


def _structs(layer: Layer, stem: str) -> Iterator[StructText]:
    """The constants of a layer's parts, then its own, which point to them."""
    for name, part in layer.parts.items():
        yield from _structs(part, f"{stem}_{name}")
    fields = [(name, str(value)) for name, value in layer.fields.items()]
    fields += [(name, f"{stem}_{name}") for name in layer.arrays]
    fields += [(name, f"&{stem}_{name}") for name in layer.parts]
    arrays = tuple(_array_text(array, f"{stem}_{name}") for name, array in layer.arrays.items())
    yield StructText(f"{layer.kernel}_t", stem, arrays, tuple(_as_declared(layer.kernel, fields)))


def _as_declared(kernel: str, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The members of a kernel's structure in the order of its header, which C++ insists on."""
    header = (files("splkit.codegen") / "kernels" / f"{kernel}.h").read_text("utf-8")
    members = re.findall(r"(\w+);", header[: header.index(f"}} {kernel}_t;")])
    latest = {name: i for i, name in enumerate(members)}
    return sorted(fields, key=lambda field: latest[field[0]])


def _array_text(array: CArray, name: str) -> ArrayText:
    if array.struct:
        items = ["{" + ", ".join(str(int(member)) for member in row) + "}," for row in array.values]
    else:
        items = [f"{int(value)}," for value in np.ravel(array.values)]
    return ArrayText(array.ctype, name, len(items), tuple(filled(items)))


def filled(items: Sequence[str]) -> Iterator[str]:
    """The items in lines of up to LINE_WIDTH."""
    row = ""
    for item in items:
        if row and len(row) + len(item) + 1 > LINE_WIDTH - 2:
            yield row
            row = ""
        row = f"{row} {item}" if row else item
    yield row
