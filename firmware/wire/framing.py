"""Lines with a checksum, as they go over the wire in both directions: docs/protocol.md."""

from collections.abc import Iterator

CRC16_START = 0xFFFF
CRC16_POLYNOMIAL = 0x1021
END_LETTERS = 5
"""`*` and four hexadecimal digits."""
MAX_LINE_LETTERS = 255
"""Of a line that a firmware writes, its end included: the banner is the longest."""
MAX_COMMAND_LETTERS = 72
"""Of a command's text: firmware/app/receiver.h."""


def crc16(text: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, most significant bit first, not inverted."""
    crc = CRC16_START
    for byte in text:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (CRC16_POLYNOMIAL if crc & 0x8000 else 0)) & 0xFFFF
    return crc


def frame(text: str) -> str:
    """A line as it is sent, without its newline."""
    return f"{text}*{crc16(text.encode('ascii')):04X}"


def unframe(line: str) -> str:
    """The text of a line that was sent.

    Raises:
        ValueError: it has no checksum or another one, or is no printable ASCII.
    """
    text, star, stated = line[:-END_LETTERS], line[-END_LETTERS:-4], line[-4:]
    printable = line.isascii() and line.isprintable()
    if star != "*" or not printable or stated != f"{crc16(text.encode('ascii')):04X}":
        raise ValueError(f"no line with its checksum: {line!r}")
    return text


class Deframer:
    """Finds the lines in a stream of bytes that may start, break off and be garbled anywhere.

    Attributes:
        bad_lines: lines that were dropped: too long, no printable ASCII, or with another checksum.
    """

    def __init__(self) -> None:
        self.bad_lines = 0
        self._pending = b""
        self._overlong = False

    def feed(self, data: bytes) -> Iterator[str]:
        """The texts of the whole lines that `data` completes."""
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            yield from self._line(line)
        if len(self._pending) > MAX_LINE_LETTERS:
            self._pending, self._overlong = b"", True

    def _line(self, line: bytes) -> Iterator[str]:
        overlong, self._overlong = self._overlong or len(line) > MAX_LINE_LETTERS, False
        line = line.removesuffix(b"\r")
        if not overlong and not line:
            return
        try:
            if overlong:
                raise ValueError("a line without an end")
            yield unframe(line.decode("ascii"))
        except ValueError:
            self.bad_lines += 1
