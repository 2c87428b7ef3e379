"""The metadata of a .tflite file: buffers with a name, which no tensor uses and no interpreter reads.

What is set goes in front of the file, with a new root that refers to the old parts behind it. The old bytes
stay as they are, shifted by a multiple of 16, so that tensors keep their data and its alignment. Removing it
gives the old file back.
"""

from typing import Any

import flatbuffers
import tflite

from splkit.codegen.refusals import refused
from splkit.codegen.tflite_file.structure import IDENTIFIER, open_model
from splkit.errors import ModelError

ALIGNMENT = 16
"""`force_align` of Buffer.data in TensorFlow Lite's schema."""

_OFFSET = 4
_OPERATOR_CODES, _SUBGRAPHS, _DESCRIPTION, _BUFFERS, _METADATA_BUFFER, _METADATA, _SIGNATURES = range(1, 8)
_KEPT = (_OPERATOR_CODES, _SUBGRAPHS, _DESCRIPTION, _METADATA_BUFFER, _SIGNATURES)
"""Fields of the schema's table Model that metadata leaves alone."""


def read_metadata(model: bytes, name: str) -> bytes | None:
    """The content of the metadata buffer of this name; None where the .tflite has none.

    Raises:
        ModelError: it is no whole .tflite file, or its metadata gives a name twice or a buffer that is none.
    """
    root = open_model(model)
    index = _indices(root).get(name)
    return None if index is None else _content(root, index)


def with_metadata(model: bytes, name: str, content: bytes | None) -> bytes:
    """The .tflite with its metadata buffer of this name set, or removed where `content` is None.

    The same arguments give the same bytes, and so does a second call on its own result. A removal gives the
    file back as it was; where its length is no multiple of 16, zeros follow.

    Raises:
        ModelError: as `read_metadata`.
    """
    base, added = _taken_apart(model)
    added.pop(name, None)
    if name in _indices(open_model(base)):
        base = _in_front(base, {}, hidden=name)
    if content is not None:
        added[name] = content
    result = _in_front(base, added) if added else _padded(base)
    open_model(result)
    return result


def _taken_apart(model: bytes) -> tuple[bytes, dict[str, bytes]]:
    """The file behind what `with_metadata` set, and what that was. Of another file, all and nothing."""
    root = open_model(model)
    whole: tuple[bytes, dict[str, bytes]] = (model, {})
    start = _end_of_last_buffer(root)
    if start is None or model[start + 4 : start + 8] != IDENTIFIER:
        return whole
    base = model[start:]
    try:
        buffers = open_model(base).BuffersLength()
    except ModelError:
        return whole
    added = {name: _content(root, index) for name, index in _indices(root).items() if index >= buffers}
    return (base, added) if added and _in_front(base, added) == model else whole


def _in_front(base: bytes, added: dict[str, bytes], hidden: str | None = None) -> bytes:
    """A new root in front of a file: its parts, the metadata added, and none of the name `hidden`."""
    base = _padded(base)
    root = open_model(base)
    builder = flatbuffers.Builder(len(base))
    builder.head -= len(base)
    builder.Bytes[builder.head :] = base
    # Offsets count from the end of the file, and the builder writes from there to the front.
    kept = {slot: len(base) - at for slot in _KEPT if (at := _place(root, slot))}
    buffers = [len(base) - root.Buffers(i)._tab.Pos for i in range(root.BuffersLength())]
    entries = [root.Metadata(i) for i in range(root.MetadataLength())]
    metadata = [len(base) - entry._tab.Pos for entry in entries if _name(entry) != hidden]
    # The last of the buffers is written first: it ends where the old file begins (see `_taken_apart`).
    indices = {name: len(buffers) + i for i, name in enumerate(sorted(added))}
    tables = {name: _buffer(builder, added[name]) for name in reversed(indices)}
    buffers += [tables[name] for name in indices]
    metadata += [_entry(builder, name, index) for name, index in indices.items()]
    vectors = {_BUFFERS: _vector(builder, buffers), _METADATA: _vector(builder, metadata)}
    tflite.ModelStart(builder)
    tflite.ModelAddVersion(builder, root.Version())
    for slot, offset in sorted((kept | vectors).items()):
        builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
    builder.Finish(tflite.ModelEnd(builder), IDENTIFIER)
    return bytes(builder.Output())


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % ALIGNMENT)


def _place(root: Any, slot: int) -> int:
    """Where the vector or string in a slot of a table stands; 0 for none."""
    entry = root._tab.Offset(_OFFSET + 2 * slot)
    return int(root._tab.Indirect(root._tab.Pos + entry)) if entry else 0


def _end_of_last_buffer(root: Any) -> int | None:
    """The byte behind the data of the last buffer, rounded up to the alignment."""
    if not root.BuffersLength():
        return None
    table = root.Buffers(root.BuffersLength() - 1)._tab
    entry = table.Offset(_OFFSET)
    end = table.Vector(entry) + table.VectorLen(entry) if entry else 0
    return int(-(-end // ALIGNMENT) * ALIGNMENT)


def _indices(root: Any) -> dict[str, int]:
    """The buffer of each metadata name."""
    found: dict[str, int] = {}
    for entry in (root.Metadata(i) for i in range(root.MetadataLength())):
        name, index = _name(entry), int(entry.Buffer())
        if name in found:
            raise refused("one metadata buffer of a name", f"two called {name!r}", "the model")
        if index >= root.BuffersLength():
            raise refused(
                "a buffer for its metadata", f"buffer {index} of {root.BuffersLength()}", "the model"
            )
        found[name] = index
    return found


def _name(entry: Any) -> str:
    return (entry.Name() or b"").decode("utf-8", "backslashreplace")


def _content(root: Any, index: int) -> bytes:
    buffer = root.Buffers(index)
    return bytes(buffer.DataAsNumpy()) if buffer.DataLength() else b""


def _buffer(builder: flatbuffers.Builder, content: bytes) -> int:
    builder.StartVector(1, len(content), ALIGNMENT)
    builder.head -= len(content)
    builder.Bytes[builder.head : builder.head + len(content)] = content
    data = builder.EndVector()
    tflite.BufferStart(builder)
    tflite.BufferAddData(builder, data)
    return int(tflite.BufferEnd(builder))


def _entry(builder: flatbuffers.Builder, name: str, index: int) -> int:
    text = builder.CreateString(name)
    tflite.MetadataStart(builder)
    tflite.MetadataAddName(builder, text)
    tflite.MetadataAddBuffer(builder, index)
    return int(tflite.MetadataEnd(builder))


def _vector(builder: flatbuffers.Builder, offsets: list[int]) -> int:
    builder.StartVector(_OFFSET, len(offsets), _OFFSET)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())
