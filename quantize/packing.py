"""One form for a .tflite, so that equal weights give equal bytes.

It is written with the schema that TensorFlow ships, as the package `tflite` has no whole models to change.
That is why it stands here, and not in `splkit.codegen.tflite_file`.

No metadata, no signatures, no unreferenced buffers.
"""

from typing import Any

import flatbuffers

_FILE_IDENTIFIER = b"TFL3"
_BUFFER_ALIGNMENT = 16  # `force_align` of Buffer.data in the TFLite schema, which the Python packer ignores


def canonical(model: bytes) -> bytes:
    """Rewrite a .tflite flatbuffer in its one form; what it computes stays the same.

    The converter leaves run-time dependent metadata and buffers that no tensor uses.

    Raises:
        ToolError: TensorFlow, whose schema is used for writing, is not installed.
    """
    graph = unpacked(model)
    graph.description = "splkit"
    graph.metadata = graph.metadataBuffer = graph.signatureDefs = None
    _drop_unreferenced_buffers(graph)
    return packed(graph)


def unpacked(model: bytes) -> Any:
    """The `ModelT` of a .tflite, to be changed and packed again.

    Raises:
        ToolError: TensorFlow is not installed.
    """
    return _schema().ModelT.InitFromPackedBuf(model, 0)


def packed(graph: Any) -> bytes:
    """The .tflite of a `ModelT`, which is not to be used again.

    Raises:
        ToolError: TensorFlow is not installed.
    """
    graph.buffers = [_AlignedBuffer(_schema(), buffer.data) for buffer in graph.buffers]
    builder = flatbuffers.Builder(1 << 16)
    builder.Finish(graph.Pack(builder), file_identifier=_FILE_IDENTIFIER)
    return bytes(builder.Output())


def _schema() -> Any:
    from splkit.train.backend import tensorflow

    tensorflow()
    from tensorflow.lite.python import schema_py_generated

    return schema_py_generated


def _drop_unreferenced_buffers(graph: Any) -> None:
    """Renumber buffers in the order in which tensors use them; buffer 0 is the one of all without data."""
    kept = {0: 0}
    for subgraph in graph.subgraphs:
        for tensor in subgraph.tensors:
            has_data = graph.buffers[tensor.buffer].data is not None
            tensor.buffer = kept.setdefault(tensor.buffer, len(kept)) if has_data else 0
    graph.buffers = [graph.buffers[old] for old in kept]


class _AlignedBuffer:
    """A `BufferT` that packs its bytes at a multiple of 16, so that int32 constants can be read in place."""

    def __init__(self, schema: Any, data: Any) -> None:
        self._schema = schema
        self._data = b"" if data is None else bytes(data)

    def Pack(self, builder: Any) -> int:  # noqa: N802 - the name that ModelT.Pack calls
        size = len(self._data)
        if size:
            builder.StartVector(1, size, _BUFFER_ALIGNMENT)
            builder.head -= size
            builder.Bytes[builder.head : builder.head + size] = self._data
            data = builder.EndVector()
        self._schema.BufferStart(builder)
        if size:
            self._schema.BufferAddData(builder, data)
        return int(self._schema.BufferEnd(builder))
