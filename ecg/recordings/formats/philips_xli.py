"""XLI, the compression of Philips Sierra XML: LZW over the bytes of second differences.

No specification has been published. The layout is the one that the Sierra ECG Tools (C. Watford) describe.
"""

import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_CODE_BITS = 10
_MAX_CODE = (1 << _CODE_BITS) - 2  # the last code never stands for a string
_HEAD = struct.Struct("<IHh")  # length of the lead in bytes, two unused bytes, first correction
_BIAS = 64  # added to each second difference
_MAX_SAMPLES = 1 << 20  # of one lead; a recording of 10 s at 500 Hz has 5,000


class XliError(ValueError):
    """The bytes are not valid XLI."""


def decode_xli(code: bytes) -> list[NDArray[np.int64]]:
    """The leads in `code`, each as int64[samples].

    Raises:
        XliError: `code` is damaged.
    """
    leads = []
    at = 0
    while at < len(code):
        if at + _HEAD.size > len(code):
            raise XliError("ends in the head of a lead")
        size, _, correction = _HEAD.unpack_from(code, at)
        at += _HEAD.size
        if at + size > len(code):
            raise XliError(f"has {len(code) - at} of {size} bytes of a lead")
        leads.append(_undifferenced(_words(b"".join(_strings(code[at : at + size]))), correction))
        at += size
    return leads


def _codes(code: bytes) -> Iterator[int]:
    """The 10-bit codes, most significant bit first."""
    buffer = held = 0
    for byte in code:
        buffer, held = buffer << 8 | byte, held + 8
        if held >= _CODE_BITS:
            held -= _CODE_BITS
            yield buffer >> held
            buffer &= (1 << held) - 1


def _strings(code: bytes) -> Iterator[bytes]:
    """The byte string of each LZW code. When the table is full, it no longer changes."""
    table = [bytes([byte]) for byte in range(256)]
    previous, length = b"", 0
    for number in _codes(code):
        if number > _MAX_CODE:
            return
        if number < len(table):
            string = table[number]
        elif number == len(table) and previous:
            string = previous + previous[:1]
        else:
            raise XliError("has a code before its string")
        if previous and len(table) <= _MAX_CODE:
            table.append(previous + string[:1])
        length += len(string)
        if length > 2 * _MAX_SAMPLES:
            raise XliError(f"has over {_MAX_SAMPLES} samples in a lead")
        yield string
        previous = string


def _words(plain: bytes) -> NDArray[np.int64]:
    """Signed 16-bit numbers. In `plain`, all high bytes come first, then all low bytes."""
    half = (len(plain) + 1) // 2
    halves = np.frombuffer(plain.ljust(2 * half, b"\0"), np.uint8).reshape(2, half)
    words: NDArray[np.int64] = halves[0].astype(np.int64) << 8 | halves[1]
    words[words >= 1 << 15] -= 1 << 16
    return words


def _undifferenced(words: NDArray[np.int64], correction: int) -> NDArray[np.int64]:
    """Samples from second differences.

    The first two words are samples. Each further step between samples is the step before it minus a
    correction; the word of a correction comes one place earlier than its sample.
    """
    if len(words) < 2:
        raise XliError("has a lead of under two samples")
    bends = -np.concatenate([[correction], words[2:-1] - _BIAS])[: len(words) - 2]
    steps = words[1] - words[0] + np.cumsum(bends)
    samples = np.concatenate([words[:2], words[1] + np.cumsum(steps)])
    if np.abs(samples).max() > np.iinfo(np.int16).max + 1:
        raise XliError("has samples of over 16 bits")
    return samples
