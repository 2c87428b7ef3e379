"""The default Huffman code of SCP-ECG (EN 1064, annex C: table 1)."""

import numpy as np
from numpy.typing import NDArray

_SMALL = 8  # each difference from -8 to 8 has a code of its own
_LONG_PREFIX = 9  # after so many ones, a 0 or a 1 announces a difference of 8 or of 16 bits
_LITERAL_BITS = (8, 16)


class CodeEndsError(ValueError):
    """The bytes end before the last sample."""


def decode(code: bytes, count: int) -> NDArray[np.int64]:
    """The first `count` numbers in `code`, most significant bit first.

    A single 0 bit stands for the number 0. A number n with 1 <= |n| <= 8 is written as |n| ones, a zero,
    and a sign bit (1 means negative). Nine ones and a zero are followed by a signed 8-bit number. Ten ones
    are followed by a signed 16-bit number.

    Raises:
        CodeEndsError: `code` holds fewer than `count` numbers.
    """
    bits = "".join(f"{byte:08b}" for byte in code)
    numbers = np.empty(min(count, len(bits)), np.int64)
    at = 0
    for index in range(count):
        zero = bits.find("0", at, at + _LONG_PREFIX + 1)
        ones = (zero if zero >= 0 else at + _LONG_PREFIX + 1) - at
        start = at + ones + 1 if ones <= _LONG_PREFIX else at + ones
        if ones == 0:
            number, at = 0, start
        elif ones <= _SMALL:
            number, at = (-ones if bits[start : start + 1] == "1" else ones), start + 1
        else:
            width = _LITERAL_BITS[ones - _LONG_PREFIX]
            number, at = _signed(bits[start : start + width], width), start + width
        if at > len(bits) or index >= len(numbers):
            raise CodeEndsError
        numbers[index] = number
    return numbers


def _signed(digits: str, width: int) -> int:
    if len(digits) < width:
        raise CodeEndsError
    value = int(digits, 2)
    return value - (1 << width) if digits[0] == "1" else value
