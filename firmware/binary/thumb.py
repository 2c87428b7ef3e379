"""What a Thumb instruction does to the stack pointer, and where it goes: enough to bound a stack.

Encodings: Armv7-M Architecture Reference Manual, A5 and A7; Armv6-M and Armv8-M share them.
"""

from collections.abc import Iterator
from typing import NamedTuple

_WIDE = frozenset({0b11101, 0b11110, 0b11111})
"""The upper five bits of the first halfword of a 32-bit instruction (A5.1)."""

SP = 13
LR = 14


class Instruction(NamedTuple):
    """One instruction; `second` is 0 where it has one halfword."""

    address: int
    first: int
    second: int


def is_wide(first: int) -> bool:
    """Whether an instruction that starts with this halfword has a second."""
    return first >> 11 in _WIDE


def decode(halfwords: dict[int, int]) -> Iterator[Instruction]:
    """The instructions of code, halfwords by ascending address."""
    addresses = iter(halfwords)
    for address in addresses:
        first = halfwords[address]
        second = halfwords[next(addresses)] if is_wide(first) else 0
        yield Instruction(address, first, second)


def stack_taken(each: Instruction) -> int:
    """Bytes by which an instruction lowers the stack pointer, where that can be seen in it."""
    first, second = each.first, each.second
    if first & 0xFE00 == 0xB400:  # push {registers}
        return 4 * (first & 0x1FF).bit_count()
    if first & 0xFF80 == 0xB080:  # sub sp, #
        return 4 * (first & 0x7F)
    if first == 0xE92D:  # push.w {registers}
        return 4 * second.bit_count()
    if first & 0xFFBF == 0xED2D and second & 0x0E00 == 0x0A00:  # vpush
        return 4 * (second & 0xFF)
    if first == 0xF84D and second & 0x0F00 == 0x0D00:  # str [sp, #-]!
        return second & 0xFF
    if first == 0xE96D:  # strd [sp, #-]!
        return 4 * (second & 0xFF)
    if first & 0xFBEF == 0xF1AD and second >> 8 & 0x8F == SP:  # sub.w sp, sp, #
        return _expanded(first, second)
    if first & 0xFBFF == 0xF2AD and second >> 8 & 0x8F == SP:  # subw sp, sp, #
        return _immediate_12(first, second)
    return 0


def _immediate_12(first: int, second: int) -> int:
    return (first >> 10 & 1) << 11 | (second >> 12 & 7) << 8 | second & 0xFF


def _expanded(first: int, second: int) -> int:
    """ThumbExpandImm: a byte, repeated, or rotated with its top bit set."""
    value = _immediate_12(first, second)
    byte = value & 0xFF
    if value >> 10 == 0:
        return byte * (0x0000_0001, 0x0001_0001, 0x0100_0100, 0x0101_0101)[value >> 8 & 3]
    turns = value >> 7
    rotated = 0x80 | value & 0x7F
    return (rotated >> turns | rotated << 32 - turns) & 0xFFFF_FFFF


def added_register(each: Instruction) -> int | None:
    """The register that `add sp, register` adds: Armv6-M's way to a large frame."""
    return each.first >> 3 & 0xF if each.first & 0xFF87 == 0x4485 else None


def literal_load(each: Instruction) -> tuple[int, int] | None:
    """Register and address of `ldr register, [pc, #]` in one halfword."""
    if each.first & 0xF800 != 0x4800:
        return None
    return each.first >> 8 & 7, (each.address + 4 & ~3) + 4 * (each.first & 0xFF)


def is_indirect(each: Instruction) -> bool:
    """Whether it calls, or leaves for, what a register says; `bx lr` returns."""
    is_blx, is_bx = each.first & 0xFF87 == 0x4780, each.first & 0xFF87 == 0x4700
    return is_blx or (is_bx and each.first >> 3 & 0xF != LR)


def is_call(each: Instruction) -> bool:
    """Whether it is `bl`."""
    return each.first & 0xF800 == 0xF000 and each.second & 0xD000 == 0xD000


def target(each: Instruction) -> int | None:
    """Where a call or a branch goes."""
    first, second, pc = each.first, each.second, each.address + 4
    if first & 0xF800 == 0xE000:  # b
        return pc + 2 * _signed(first & 0x7FF, 11)
    if first & 0xF000 == 0xD000 and first >> 8 & 0xF < 0xE:  # b, on a condition
        return pc + 2 * _signed(first & 0xFF, 8)
    if first & 0xF800 != 0xF000 or second & 0x8000 == 0:
        return None
    s, j1, j2 = first >> 10 & 1, second >> 13 & 1, second >> 11 & 1
    if second & 0xD000 in (0x9000, 0xD000):  # b.w and bl
        i1, i2 = 1 ^ j1 ^ s, 1 ^ j2 ^ s
        high = s << 23 | i1 << 22 | i2 << 21
        return pc + 2 * _signed(high | (first & 0x3FF) << 11 | second & 0x7FF, 24)
    if second & 0xD000 == 0x8000 and first >> 7 & 7 != 7:  # b.w, on a condition
        high = s << 19 | j2 << 18 | j1 << 17
        return pc + 2 * _signed(high | (first & 0x3F) << 11 | second & 0x7FF, 20)
    return None


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> bits - 1 else value
