"""What the front end made of records: the unit that a cache of cut cycles keeps, and its bytes."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.record_files import FileState

_HASH_BYTES: Final = 64


class RecordCut(NamedTuple):
    """The averaged cycles of one record, in one lead.

    Attributes:
        lead: the standard lead of its channel; "" where its name says none.
        means: by how many cycles are in each, the means, int16[k, n], Q12.
        potassium_meq_l: as a laboratory reports it, of a simulated record; a table says that of others.
        files: what it was read from, as the files were before they were read.
    """

    lead: str
    means: Mapping[int, NDArray[np.int16]]
    potassium_meq_l: float | None = None
    files: tuple[FileState, ...] = ()


Chunk = dict[str, RecordCut]
"""Records by the name that their cohort or table knows them by."""


def to_bytes(chunk: Chunk) -> bytes:
    """A chunk as a file keeps it: SHA-256 of the rest, a line of JSON, the samples; the same for the same."""
    listed, samples = [], []
    for name, cut in sorted(chunk.items()):
        shapes = {str(beats): means.shape for beats, means in cut.means.items()}
        listed.append((name, cut.lead, shapes, cut.potassium_meq_l, cut.files))
        samples += [means.astype("<i2").tobytes() for means in cut.means.values()]
    rest = b"\n".join([json.dumps(listed, separators=(",", ":")).encode(), b"".join(samples)])
    return hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest


def from_bytes(content: bytes) -> Chunk | None:
    """What `to_bytes` wrote; None where a byte of it is missing or another one."""
    stated, rest = content[:_HASH_BYTES], content[_HASH_BYTES + 1 :]
    if stated != hashlib.sha256(rest).hexdigest().encode():
        return None
    listed, _, samples = rest.partition(b"\n")
    values, at, chunk = np.frombuffer(samples, "<i2").astype(np.int16), 0, Chunk()
    for name, lead, shapes, potassium_meq_l, files in json.loads(listed):
        means = {}
        for beats, shape in shapes.items():
            size = int(np.prod(shape))
            means[int(beats)] = values[at : at + size].reshape(shape)
            at += size
        states = tuple(FileState(*state) for state in files)
        chunk[name] = RecordCut(lead, means, potassium_meq_l, states)
    return chunk
