"""What the self-test holds a firmware against: checksums of its constants, and one golden inference."""

import zlib
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.operators.base import CArray, Layer
from splkit.quantize.distance import Distance

_ITEMS = {"int8_t": "<i1", "int16_t": "<i2", "int32_t": "<i4"}


def constants_crc32(layers: Iterable[Layer]) -> int:
    """CRC-32 (zlib's, IEEE 802.3) of all arrays of these layers in the order in which they are emitted."""
    crc = 0
    for layer in layers:
        if layer.kernel:
            for array in _arrays(layer):
                crc = zlib.crc32(_memory(array), crc)
    return crc


def distance_crc32(distance: Distance) -> int:
    """The same of the arrays of `lib/spl_distance_config.h`, in their order."""
    basis = distance.basis
    arrays = (
        (basis.mean, "<i2"),
        (basis.components.T, "<i1"),
        (basis.reciprocals, "<i4"),
        (basis.least, "<i4"),
        (basis.greatest, "<i4"),
    )
    return zlib.crc32(b"".join(values.astype(item).tobytes() for values, item in arrays))


def golden_input(size: int) -> NDArray[np.int8]:
    """int8[size], the upper bytes of a linear congruential generator's states (Numerical Recipes) from 0.

    The C makes the same values, so that the input takes no flash.
    """
    state, values = 0, np.empty(size, np.int8)
    for i in range(size):
        state = (1664525 * state + 1013904223) % (1 << 32)
        values[i] = (state >> 24) - 128
    return values


def _arrays(layer: Layer) -> Iterator[CArray]:
    for part in layer.parts.values():
        yield from _arrays(part)
    yield from layer.arrays.values()


def _memory(array: CArray) -> bytes:
    """The array as a little-endian core holds it; members of structures are all int32_t."""
    item = "<i4" if array.struct else _ITEMS[array.ctype]
    return np.ascontiguousarray(array.values).astype(item).tobytes()
