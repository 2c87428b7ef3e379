"""The formatter of lines, called in the ELF of the board that ships it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.cpu import Buffer
from splkit.firmware.wire.framing import frame


class Line:
    """The line that is put together in the simulated memory."""

    def __init__(self, elf: Path) -> None:
        self.core = CoreSimulator(elf)
        variables = [self.core.elf.symbol(name) for name in ("line", "length")]
        self.writable = [Buffer(each.address, each.size) for each in variables]
        self.sent = bytearray()
        argument = self.core.cpu.argument
        self.core.cpu.replace(
            "board_write", lambda: self.sent.extend(self.core.cpu.read(argument(0), argument(1)))
        )

    def add(self, function: str, argument: int | Buffer) -> None:
        self.core.call(function, argument, writable=self.writable)

    def word(self, word: str) -> None:
        text = self.core.allocate(len(word) + 1)
        self.core.cpu.write(text.address, word.encode())
        self.add("line_word", text)

    @property
    def text(self) -> str:
        line, length = (self.core.read(each).tobytes() for each in self.writable)
        return line[: int.from_bytes(length, "little")].decode()


@pytest.fixture
def line(built: Callable[[str], Path]) -> Line:
    line = Line(built("nrf52") / "firmware.elf")
    line.add("line_begin", ord("B"))
    return line


@pytest.mark.parametrize("value", [0, 1, 9, 10, 99, 100, 12345, 2**31, 2**32 - 1])
def test_unsigned(line: Line, value: int) -> None:
    line.add("line_unsigned", value)
    assert line.text == f"B {value}"


@pytest.mark.parametrize("value", [0, 1, -1, 10, -10, 2**31 - 1, -(2**31) + 1, -(2**31)])
def test_signed(line: Line, value: int) -> None:
    line.add("line_signed", value)
    assert line.text == f"B {value}"


def test_the_longest_beat_fits(line: Line) -> None:
    line.add("line_unsigned", 2**32 - 1)
    line.add("line_unsigned", 2**32 - 1)
    line.add("line_signed", -(2**31))
    line.word("w" * 16)
    assert line.text == f"B {2**32 - 1} {2**32 - 1} {-(2**31)} {'w' * 16}"


def test_what_does_not_fit_is_cut_and_the_end_of_the_line_still_fits(line: Line) -> None:
    line.word("w" * 200)
    assert line.text == "B " + "w" * (144 - len("B *1A2B\n"))


def test_begin_starts_over(line: Line) -> None:
    line.word("more")
    line.add("line_begin", ord("K"))
    assert line.text == "K"


def test_a_line_is_sent_with_its_checksum_and_ended(line: Line) -> None:
    line.word("first")
    line.core.call("line_send")
    line.word("w" * 200)
    line.core.call("line_send")
    assert line.sent.decode().splitlines() == [frame("B first"), frame("B first " + "w" * 130)]
    assert line.sent.endswith(b"\n")


@pytest.mark.parametrize("text", ["", "#", "# " + "x" * 240])
def test_a_text_of_any_length_is_sent_the_same_way(line: Line, text: str) -> None:
    buffer = line.core.allocate(len(text) + 1)
    line.core.cpu.write(buffer.address, text.encode())
    line.core.call("line_send_text", buffer)
    assert line.sent.decode() == f"{frame(text)}\n"


@pytest.mark.parametrize("value", [0, 1, 0x1234, 0xABCD, 0xFFFF])
def test_hexadecimal_digits_come_without_a_space(line: Line, value: int) -> None:
    line.add("line_hex", value)
    assert line.text == f"B{value:04X}"
