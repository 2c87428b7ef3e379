"""Every register, bit and value that the drivers name is what the chip's vendor says it is."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from support.chip_tables import MAX30003, SOURCES, chip_of
from support.register_macros import DRIVERS, Header, Macro, macros_in
from support.svd import Field

ARITHMETIC = {
    "GPIO_BIT": "a pin's bit within its port",
    "PSM_ALL_BUT_OSCILLATORS": "made of two bits of WDSEL",
    "USART_CLOCK_HZ": "half of the core's clock",
    "CLEAR_BITS_AT": "RP2040 Datasheet, 2.1.2: the atomic bitmask clear alias; in no register table",
}
"""Macros that say a number which is none of a register's, each with its reason."""


@cache
def header(board: str) -> Header:
    return Header(board)


def vendors_name(board: str, name: str) -> str:
    """A driver's name as the vendor spells it: its peripheral by its number."""
    for ours, theirs in SOURCES[board].peripherals.items():
        if name.startswith(f"{ours}_"):
            return theirs + name.removeprefix(ours)
    return name


def arrays(board: str, name: str) -> list[tuple[int, int]]:
    """Argument and address of each place that a register's macro may mean, by the vendor's table."""
    registers, source = chip_of(board).registers, SOURCES[board]
    if name.startswith("GPIO_"):
        ports = [registers[f"{port}{name.removeprefix('GPIO')}"].addresses for port in source.ports]
        if "MODER" in name or "AFR" in name or "ASCR" in name:
            return [(port, places[0]) for port, places in enumerate(ports)]
        return [
            (32 * port + pin, places[pin] if len(places) > 1 else places[0])
            for port, places in enumerate(ports)
            for pin in range(32)
            if len(places) in (1, 32) or pin < len(places)
        ]
    if "_GPIO" in name:  # of the RP2040: a register a pin, named after it
        numbered = name.replace("_GPIO", "_GPIO{}")
        return [(pin, registers[numbered.format(pin)].addresses[0]) for pin in range(30)]
    return list(enumerate(registers[vendors_name(board, name)].addresses))


def field_of(board: str, name: str) -> Iterator[tuple[str, Field]]:
    """Fields whose name starts a driver's name, with what follows it."""
    name = (
        vendors_name(board, name)
        .replace("IO_BANK0_GPIO_", "IO_BANK0_GPIO0_")
        .replace("BANK0_GPIO_OD", "BANK0_GPIO0_OD")
    )
    for register, found in chip_of(board).registers.items():
        if name.startswith(f"{register}_"):
            rest = name.removeprefix(f"{register}_")
            for each, bits in found.fields.items():
                if rest == each or rest.startswith(f"{each}_"):
                    yield rest.removeprefix(each).removeprefix("_"), bits


def expected_constant(board: str, name: str) -> int | None:
    """A one-bit field's mask, or a value in its place; None where the vendor has no such name."""
    for value, bits in field_of(board, name):
        if value == "" and bits.width == 1:
            return bits.mask
        if value in bits.values:
            return bits.values[value] << bits.offset
    return None


def expected_calls(board: str, macro: Macro) -> list[tuple[tuple[int, ...], int]]:
    """Arguments and results of a field that is a function: of its value, of its number, or of both."""
    whole = [bits for value, bits in field_of(board, macro.name) if value == ""]
    highest = [(1 << bits.width) - 1 for bits in whole]
    if len(macro.parameters) == 1 and whole:
        return [((value,), value << whole[0].offset) for value in (1, highest[0])]
    numbered = {}
    for number in range(32):
        for value, bits in field_of(board, f"{macro.name}{number}"):
            if value == "":
                numbered[number] = bits
    if len(macro.parameters) == 1:
        return [((number,), bits.mask) for number, bits in numbered.items()]
    ones = [(1, (1 << bits.width) - 1) for bits in numbered.values()]
    return [
        ((number, value), value << bits.offset)
        for (number, bits), values in zip(numbered.items(), ones, strict=True)
        for value in values
    ]


def expectations(board: str, macro: Macro) -> list[tuple[tuple[int, ...], int]] | None:
    """What a macro has to be by the vendor's tables, call by call; None where they do not know it."""
    name, chip = macro.name, chip_of(board)
    if name.endswith("_IRQ"):
        ours = name.removesuffix("_IRQ")
        number = chip.interrupts.get(SOURCES[board].interrupts.get(ours, ours))
        return None if number is None else [((), number)]
    if not macro.is_register and name in chip.registers:
        return [((), chip.registers[name].addresses[0])]
    if macro.is_register:
        try:
            places = arrays(board, name)
        except KeyError:
            return None
        return [((at,), address) for at, address in places] if macro.parameters else [((), places[0][1])]
    if macro.parameters:
        return expected_calls(board, macro) or None
    constant = expected_constant(board, name)
    return None if constant is None else [((), constant)]


def facts(board: str) -> list[Macro]:
    """The macros that say something of the chip; where a peripheral begins is in the registers' addresses."""
    return [
        each
        for each in header(board).macros.values()
        if each.is_fact and not each.name.endswith("_BASE") and each.name not in ARITHMETIC
    ]


@pytest.mark.parametrize("board", SOURCES)
def test_every_name_is_the_vendors_and_means_what_it_means_there(board: str) -> None:
    calls: list[tuple[str, tuple[int, ...]]] = []
    expected: list[int] = []
    unknown = []
    for macro in facts(board):
        known = expectations(board, macro)
        if known is None:
            unknown.append(macro.name)
        for arguments, value in known or []:
            calls.append((macro.name, arguments))
            expected.append(value)
    assert not unknown, f"in no table of the vendor's: {unknown}"
    found = header(board).values(calls)
    differ = [
        f"{name}{arguments}: {value:#010x}, the vendor says {right:#010x}"
        for (name, arguments), value, right in zip(calls, found, expected, strict=True)
        if value != right
    ]
    assert not differ
    print(f"{board}: {len(facts(board))} names, {len(calls)} numbers, 0 differ")


REGISTER_HEADERS = {each for source in SOURCES.values() for each in source.headers} | {
    "cortex_m/cortex_m.h",
    "mps2/mps2.h",  # QEMU's model holds it
}
NO_REGISTERS = {
    "nrf/store_pages.h": "words of the flash that hold settings",
    "mps2/board.c": "words of the PSRAM that stand for flash",
}


def test_registers_are_named_in_headers_that_are_looked_up_and_nowhere_else() -> None:
    naming = re.compile(r"\bREGISTER\(|\(volatile uint32_t \*\)")
    found = {
        str(path.relative_to(DRIVERS))
        for path in DRIVERS.rglob("*.[ch]")
        if naming.search(path.read_text("utf-8"))
    }
    assert found == (REGISTER_HEADERS - {MAX30003}) | NO_REGISTERS.keys()


def test_what_is_arithmetic_is_still_there() -> None:
    named = {macro.name for each in REGISTER_HEADERS for macro in macros_in(DRIVERS / each)}
    assert ARITHMETIC.keys() <= named


def test_facts_that_were_once_wrong() -> None:
    """Known truths apart from any table: the ones that drivers have had wrong."""
    nrf5340, nrf52 = header("nrf5340"), header("nrf52")
    assert nrf5340.values([("CACHE_INVALIDATE", ())]) == [0x5000_1504]
    assert nrf52.values([("UARTE_BAUDRATE_BAUDRATE_BAUD115200", ())]) == [0x01D6_0000]
