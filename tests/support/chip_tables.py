"""What the vendors say of the drivers' chips: pyOCD's SVD files, and tests/firmware/registers.

A table of that folder has what no SVD file of pyOCD has, or all of a chip that it knows nothing of. It names
its source, and has a line a register, with `count` and `step` where it is an array:

    UARTE0_ENABLE = { at = 0x40002500, fields = { ENABLE = [0, 4] }, values = { ENABLE = { ENABLED = 8 } } }

A field is its lowest bit and its width.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from support.svd import Chip, Field, Register, read_svd

TABLES = Path(__file__).parents[1] / "firmware" / "registers"
MAX30003 = "max30003/max30003_registers.h"
"""Of registers behind SPI: they have no place in the core's memory."""
NRF52 = {"UARTE": "UARTE0", "SPIM": "SPIM1", "RTC": "RTC1", "GPIO": "P0"}
NRF52_INTERRUPTS = {
    "CLOCK_POWER": "POWER_CLOCK",
    "UARTE": "UARTE0_UART0",
    "SPIM": "SPIM1_SPIS1_TWIM1_TWIS1_SPI1_TWI1",
    "RTC": "RTC1",
}


@dataclass(frozen=True)
class Source:
    """Where a board's chip is described, and how the drivers' names become the vendor's.

    Attributes:
        headers: of firmware/drivers, all that name registers.
        tables: of tests/firmware/registers, beside the core's.
        svd: the file in pyOCD's package, where it has one.
        peripherals: the drivers' names of those that the vendor calls otherwise.
        interrupts: the same of the interrupts.
        ports: names of GPIO ports, by number, where a register's name has the port's.
        defines: of the compiler, beside none.
    """

    headers: tuple[str, ...]
    tables: tuple[str, ...]
    svd: str | None
    peripherals: dict[str, str]
    interrupts: dict[str, str]
    ports: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()


def _nrf52(svd: str, errata: str, ports: tuple[str, ...], *defines: str) -> Source:
    headers = ("nrf/nrf.h", "nrf52/chip.h")
    return Source(headers, ("nrf52_more", errata), svd, NRF52, NRF52_INTERRUPTS, ports, defines)


_SECURE = ("CLOCK", "POWER", "RESET", "REGULATORS", "CACHE", "SAADC", "NVMC", "DPPIC", "FICR")
SOURCES = {
    "nrf52": _nrf52("nrf52840.svd", "nrf52840_errata", ("P0", "P1")),
    "nrf52832": _nrf52("nrf52.svd", "nrf52832_errata", ("P0",), "BOARD_CHIP_NRF52832"),
    "nrf5340": Source(
        ("nrf/nrf.h", "nrf53/chip.h"),
        ("nrf5340", "nrf5340_errata"),
        None,
        {each: f"{each}_S" for each in _SECURE}
        | {"UARTE": "UARTE0_S", "SPIM": "SPIM1_S", "RTC": "RTC1_S", "GPIO": "P0_S", "GPIOTE": "GPIOTE0_S"}
        | {"WDT": "WDT0_S"},
        {"UARTE": "SERIAL0", "SPIM": "SERIAL1", "RTC": "RTC1", "GPIOTE": "GPIOTE0", "WDT": "WDT0"},
        ("P0_S", "P1_S"),
    ),
    "stm32f407": Source(
        ("stm32/stm32.h", "stm32f4/chip.h"),
        ("stm32f407_more",),
        "STM32F41x.svd",
        {"GPIO": "GPIOA"},
        {"ADC": "ADC_IRQ"},
        tuple(f"GPIO{port}" for port in "ABCDE"),
    ),
    "stm32l476": Source(
        ("stm32/stm32.h", "stm32l4/chip.h"),
        ("stm32l476_more",),
        "STM32L4x5.svd",
        {"GPIO": "GPIOA", "ADC_COMMON": "ADC123_COMMON"},
        {"ADC": "ADC1_2"},
        tuple(f"GPIO{port}" for port in "ABC"),
    ),
    "rp2040": Source(("rp2040/chip.h",), ("rp2040", "rp2040_more"), None, {}, {"PWM": "PWM_IRQ_WRAP"}),
    "max30003": Source((MAX30003,), ("max30003",), None, {}, {}),
}
"""The boards with a chip of silicon, and a chip that stands beside one; QEMU's model holds the MPS2."""


@cache
def chip_of(board: str) -> Chip:
    """All that is known of a board's chip."""
    source, chip = SOURCES[board], Chip({}, {})
    if source.svd is not None:
        with (
            (files("pyocd") / "debug" / "svd" / "svd_data.zip").open("rb") as packed,
            ZipFile(packed) as archive,
            archive.open(source.svd) as file,
        ):
            chip = read_svd(file)
    for name in (*source.tables, "cortex_m"):
        _add(chip, tomllib.loads((TABLES / f"{name}.toml").read_text("utf-8")))
    return chip


def _add(chip: Chip, table: dict[str, Any]) -> None:
    """A table's interrupts and registers; of a register that is there, only what it says anew."""
    chip.interrupts.update(table.get("interrupts", {}))
    for name, entry in table["registers"].items():
        addresses = tuple(entry["at"] + at * entry.get("step", 4) for at in range(entry.get("count", 1)))
        known = chip.registers.get(name, Register(addresses, {}))
        assert known.addresses == addresses, f"{name}: two tables disagree"
        fields = known.fields | {each: Field(*bits) for each, bits in entry.get("fields", {}).items()}
        for each, values in entry.get("values", {}).items():
            bits = fields.get(each, Field(0, 32))
            fields[each] = replace(bits, values=bits.values | values)
        chip.registers[name] = replace(known, fields=fields)
