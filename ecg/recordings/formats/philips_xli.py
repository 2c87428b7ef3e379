"""XLI, the compression of Philips Sierra XML: LZW over the bytes of second differences.

No specification is public. The layout is what the Sierra ECG Tools (C. Watford) found in files.
"""

import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_CODE_BITS = 10
_MAX_CODE = (1 << _CODE_BITS) - 2  # the last code is never given to a string
_HEAD = struct.Struct("<IHh")  # bytes of a lead, two unused bytes, first correction
_BIAS = 64  # added to each second difference
_MAX_SAMPLES = 1 << 20  # of a lead; a recording of 10 s at 500 Hz has 5,000


class XliError(ValueError):
    """Bytes that no XLI holds."""


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
    """Numbers of ten bits, most significant first."""
    buffer = held = 0
    for byte in code:
        buffer, held = buffer << 8 | byte, held + 8
        if held >= _CODE_BITS:
            held -= _CODE_BITS
            yield buffer >> held
            buffer &= (1 << held) - 1


def _strings(code: bytes) -> Iterator[bytes]:
    """What LZW's codes stand for; the table fills up and then stays."""
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
    """Signed numbers of 16 bits: all high bytes stand before all low bytes."""
    half = (len(plain) + 1) // 2
    halves = np.frombuffer(plain.ljust(2 * half, b"\0"), np.uint8).reshape(2, half)
    words: NDArray[np.int64] = halves[0].astype(np.int64) << 8 | halves[1]
    words[words >= 1 << 15] -= 1 << 16
    return words


def _undifferenced(words: NDArray[np.int64], correction: int) -> NDArray[np.int64]:
    """Two samples, then from each the step before, less a correction that came one word earlier."""
    if len(words) < 2:
        raise XliError("has a lead of under two samples")
    bends = -np.concatenate([[correction], words[2:-1] - _BIAS])[: len(words) - 2]
    steps = words[1] - words[0] + np.cumsum(bends)
    samples = np.concatenate([words[:2], words[1] + np.cumsum(steps)])
    if np.abs(samples).max() > np.iinfo(np.int16).max + 1:
        raise XliError("has samples of over 16 bits")
    return samples
