"""The structure of a .tflite file, walked before anything is read: all that it refers to lies inside it.

The format is FlatBuffers' (https://flatbuffers.dev/internals), the tables are of TensorFlow Lite's schema.
"""

import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import tflite

from splkit.codegen.refusals import refused
from splkit.errors import ModelError

IDENTIFIER = b"TFL3"
"""Bytes 4 to 7 of a .tflite file."""
SCHEMA_VERSION = 3

TABLES: dict[str, tuple[str, ...]] = {
    "DivOptions": ("b",),
    "Model": ("I", "[OperatorCode]", "[SubGraph]", "s", "[Buffer]", "[i]", "[Metadata]", "[SignatureDef]"),
    "OperatorCode": ("b", "s", "i", "i"),
    "SubGraph": ("[Tensor]", "[i]", "[i]", "[Operator]", "s", "i"),
    "Buffer": ("[B]",),
    "Metadata": ("s", "I"),
    "SignatureDef": ("[TensorMap]", "[TensorMap]", "s", "", "I"),
    "TensorMap": ("s", "I"),
    "Tensor": ("[i]", "b", "I", "s", "QuantizationParameters", "?", "", "[i]", "?"),
    "QuantizationParameters": ("[f]", "[f]", "[f]", "[q]", "", "", "i"),
    "Operator": ("I", "[i]", "[i]", "B", "options", "[B]", "b", "[?]", "[i]", "", "", "", "", "i"),
    "AbsOptions": (),
    "AddOptions": ("b", "?"),
    "BatchMatMulOptions": ("?", "?", "?"),
    "ConcatenationOptions": ("i", "b"),
    "Conv2DOptions": ("b", "i", "i", "b", "i", "i", "b"),
    "DepthwiseConv2DOptions": ("b", "i", "i", "i", "b", "i", "i"),
    "DequantizeOptions": (),
    "ExpandDimsOptions": (),
    "FullyConnectedOptions": ("b", "b", "?", "?", "b"),
    "HardSwishOptions": (),
    "LeakyReluOptions": ("f",),
    "MaximumMinimumOptions": (),
    "MirrorPadOptions": ("b",),
    "MulOptions": ("b",),
    "PadOptions": (),
    "PadV2Options": (),
    "PackOptions": ("i", "i"),
    "Pool2DOptions": ("b", "i", "i", "i", "i", "b"),
    "QuantizeOptions": (),
    "ReducerOptions": ("?",),
    "ReshapeOptions": ("[i]",),
    "ResizeNearestNeighborOptions": ("?", "?"),
    "ReverseV2Options": (),
    "SliceOptions": (),
    "SoftmaxOptions": ("f",),
    "SplitOptions": ("i",),
    "SplitVOptions": ("i",),
    "SqueezeOptions": ("[i]",),
    "StridedSliceOptions": ("i", "i", "i", "i", "i", "?"),
    "SubOptions": ("b", "?"),
    "TransposeConvOptions": ("b", "i", "i", "b", "b"),
    "TransposeOptions": (),
    "UnpackOptions": ("i", "i"),
    "UnidirectionalSequenceLSTMOptions": ("b", "f", "f", "?", "?", "?"),
}
"""The fields of each table, in the schema's order: a number by its `struct` code, s for a string, brackets
for a vector, a table by its name, nothing for what no model for a microcontroller has."""

OPTIONS = {getattr(tflite.BuiltinOptions, name): name for name in TABLES if name.endswith("Options")}
"""Tables of builtin options, by their number in the schema's union."""

MAX_TABLES = 1 << 16
"""More tables than a model for a microcontroller has: where offsets share tables, the walk stays short."""

_OFFSET, _VTABLE_ENTRY = 4, 2


def open_model(content: bytes, name: str = "the model") -> Any:
    """The `tflite.Model` of a file whose structure holds; `name` is what messages call it.

    Raises:
        ModelError: it is no .tflite file, of another schema version, or damaged.
    """
    if content[4:8] != IDENTIFIER:
        raise ModelError(
            "a model is a .tflite flatbuffer, with TFL3 at byte 4",
            found=f"{content[4:8]!r} in {name} ({len(content)} bytes)",
            next_step="export one with `splkit quantize RUN`, or with tf.lite.TFLiteConverter",
        )
    try:
        _require_whole(bytes(content))
    except FormatError as error:
        raise damaged(content, name, error) from error
    model = tflite.Model.GetRootAs(content, 0)
    if model.Version() != SCHEMA_VERSION:
        raise refused(f"schema version {SCHEMA_VERSION}", f"{model.Version()}", name)
    return model


@lru_cache(maxsize=8)
def _require_whole(content: bytes) -> None:
    """Walks a file once, however many of its readers ask."""
    for _ in walk(content):
        pass


def damaged(content: bytes, name: str, error: Exception) -> ModelError:
    """The refusal of a file in which something points astray."""
    return ModelError(
        "the parts of a .tflite file lie inside it",
        found=f"{name} cut short or damaged at {len(content)} bytes ({error})",
        next_step="copy or convert it again",
    )


class FormatError(ValueError):
    """Something in the file lies outside of it, or is of an unknown kind."""


class Field(NamedTuple):
    """`values` numbers of the `struct` code `format`, from byte `at` on; `name` is table and field number."""

    name: str
    at: int
    format: str
    values: int = 1


def walk(content: bytes) -> Iterator[Field]:
    """Every number, vector, string and offset of a .tflite file. Raises `FormatError` where one is astray."""
    walker = _Walker(content)
    yield from walker.table("Model", walker.target(0))


class _Walker:
    def __init__(self, content: bytes) -> None:
        self._content, self._tables = content, 0

    def table(self, kind: str, at: int) -> Iterator[Field]:
        """The fields of a table and of all that it refers to."""
        self._tables += 1
        if self._tables > MAX_TABLES:
            raise FormatError(f"more than {MAX_TABLES} tables")
        vtable = at - self._number("i", at)
        length, size = self._number("H", vtable), self._number("H", vtable + _VTABLE_ENTRY)
        if length < 2 * _VTABLE_ENTRY or length % _VTABLE_ENTRY:
            raise FormatError(f"a table of fields of {length} bytes")
        self._require(vtable, length, _VTABLE_ENTRY)
        self._require(at, size, _OFFSET)
        yield Field(f"{kind} vtable", vtable, "H", length // _VTABLE_ENTRY)
        types = TABLES[kind]
        places = [
            self._number("H", vtable + entry) for entry in range(2 * _VTABLE_ENTRY, length, _VTABLE_ENTRY)
        ]
        for number, place in enumerate(places):
            if place:
                if number >= len(types) or not types[number]:
                    raise FormatError(f"field {number} of {kind}")
                field = types[number] if types[number] != "options" else self._options(at, places)
                yield from self._field(f"{kind}.{number}", field, at + place, at + size)

    def target(self, at: int) -> int:
        """Where the offset at a place leads."""
        return at + self._number("I", at)

    def _options(self, at: int, places: list[int]) -> str:
        """The table of an operator's options; of an operator that is refused anyway, nothing is read."""
        return OPTIONS.get(self._number("B", at + places[3]), "I") if places[3] else "I"

    def _field(self, name: str, field: str, at: int, end: int) -> Iterator[Field]:
        is_number = len(field) == 1 and field != "s"
        if at + (struct.calcsize(f"<{field}") if is_number else _OFFSET) > end:
            raise FormatError(f"{name} behind its table")
        if is_number:
            self._number(field, at)
            yield Field(name, at, field)
            return
        yield Field(f"{name} offset", at, "I")
        place = self.target(at)
        if field == "s":
            text = self._vector(name, "B", place)
            self._require(text.at, text.values + 1, 1)
            yield text
        elif field[0] != "[":
            yield from self.table(field, place)
        elif len(field) == 3:
            yield self._vector(name, field[1], place)
        else:
            offsets = self._vector(f"{name} offsets", "I", place)
            yield offsets
            for i in range(offsets.values):
                yield from self.table(field[1:-1], self.target(offsets.at + i * _OFFSET))

    def _vector(self, name: str, code: str, at: int) -> Field:
        count = self._number("I", at)
        size = struct.calcsize(f"<{code}")
        self._require(at + _OFFSET, count * size, size)
        return Field(name, at + _OFFSET, code, count)

    def _number(self, code: str, at: int) -> int:
        size = struct.calcsize(f"<{code}")
        self._require(at, size, size)
        return int(struct.unpack_from(f"<{code}", self._content, at)[0]) if code not in "fd" else 0

    def _require(self, at: int, size: int, alignment: int) -> None:
        if at < 0 or at + size > len(self._content):
            raise FormatError(f"{size} bytes at {at} of {len(self._content)}")
        if at % alignment:
            raise FormatError(f"byte {at}, which is no multiple of {alignment}")
