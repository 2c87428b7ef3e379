"""The formatter of lines, called in the ELF of the board that ships it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from splkit.firmware.core import CoreSimulator
from splkit.firmware.cpu import Buffer


class Line:
    """A `line_t` in the simulated memory."""

    def __init__(self, elf: Path) -> None:
        self.core = CoreSimulator(elf)
        self.buffer = self.core.allocate_type("line_t")

    def add(self, function: str, argument: int | Buffer) -> None:
        self.core.call(function, self.buffer, argument, writable=[self.buffer])

    def word(self, word: str) -> None:
        text = self.core.allocate(len(word) + 1)
        self.core.cpu.write(text.address, word.encode())
        self.add("line_word", text)

    @property
    def text(self) -> str:
        data = self.core.read(self.buffer).tobytes()
        return data[4 : 4 + int.from_bytes(data[:4], "little")].decode()


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
    assert line.text == "B " + "w" * (112 - len("B *1A2B\n"))


def test_begin_starts_over(line: Line) -> None:
    line.word("more")
    line.add("line_begin", ord("K"))
    assert line.text == "K"
