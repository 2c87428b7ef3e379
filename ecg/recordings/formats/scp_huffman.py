"""The default Huffman code of SCP-ECG (EN 1064, annex C: table 1)."""

import numpy as np
from numpy.typing import NDArray

_SMALL = 8  # differences of -8 to 8 have codes of their own
_LONG_PREFIX = 9  # so many ones, then 0 or 1: a difference of 8 or of 16 bits follows
_LITERAL_BITS = (8, 16)


class CodeEndsError(ValueError):
    """The bytes end before the last sample."""


def decode(code: bytes, count: int) -> NDArray[np.int64]:
    """The first `count` numbers in `code`, most significant bit first.

    0 stands for 0. So many ones as |n|, a zero and a sign bit (1 is negative) stand for n, |n| <= 8. Nine
    ones and a zero announce a signed number of 8 bits, ten ones a signed number of 16 bits.

    Raises:
        CodeEndsError: fewer numbers than `count` are in `code`.
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
