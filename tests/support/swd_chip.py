"""An nRF52840 as pyOCD sees it: a debug port, memory, and a core that runs pyOCD's own flash loader.

Registers as in Arm IHI 0031 (ADIv5), Arm DDI 0403 (debug registers) and the nRF52840 Product Specification
(NVMC, CTRL-AP).
"""

from collections.abc import Callable, Sequence
from typing import Any

import unicorn
from pyocd.core import exceptions
from pyocd.core.memory_interface import MemoryInterface
from pyocd.probe.debug_probe import DebugProbe
from unicorn import arm_const

PAGE_BYTES = 4096
REGIONS = {0x0: 0x10_0000, 0x1000_0000: 0x2000, 0x2000_0000: 0x4_0000}
FLASH_BYTES = REGIONS[0x0]
PART, UICR_APPROTECT = 0x1000_0100, 0x1000_1208
VARIANT, AAF0 = 0x1000_0104, 0x4141_4630  # a revision that locks itself
PERIPHERALS, PERIPHERALS_BYTES = 0x4000_0000, 0x2_0000
NVMC_READY, NVMC_CONFIG, NVMC_ERASEPAGE = 0x4001_E400, 0x4001_E504, 0x4001_E508
AIRCR, DHCSR, DCRSR, DCRDR, DEMCR = 0xE000_ED0C, 0xE000_EDF0, 0xE000_EDF4, 0xE000_EDF8, 0xE000_EDFC
S_REGRDY, S_HALT, S_RESET_ST = 1 << 16, 1 << 17, 1 << 25
CORE_SIGHT = {
    0xE000_ED00: 0x410F_C241,
    **dict(
        zip(
            range(0xE000_EFD0, 0xE000_F000, 4),
            (4, 0, 0, 0, 0x0C, 0xB0, 0x0B, 0, 0x0D, 0xE0, 5, 0xB1),
            strict=True,
        )
    ),
    0xE00F_F000: 0xFFF0_F003,
    **dict(zip(range(0xE00F_FFF0, 0xE010_0000, 4), (0x0D, 0x10, 5, 0xB1), strict=True)),
}
"""CPUID, and what tells a ROM table and a Cortex-M4's system control space."""
CTRL_STAT, POWER_REQUESTS = 0x4, 0x5000_0000
ERASEALL, APPROTECTSTATUS = 0x0100_0004, 0x0100_000C
ACCESS_PORTS = {0x00: 0x2300_0052, 0xF8: 0xE00F_F003, 0xFC: 0x2477_0011, 0x0100_00FC: 0x1288_0000}
"""CSW, BASE and IDR of the memory's access port, IDR of the control access port."""
REGISTERS = [
    getattr(arm_const, f"UC_ARM_REG_{name}")
    for name in (*(f"R{i}" for i in range(13)), "SP", "LR", "PC", "XPSR")
]


class Chip:
    """Flash whose bits are only cleared, unless a page is erased; `locked` as it comes out of the factory.

    Attributes:
        faults: what no driver should do: words programmed that were not erased, or with the NVMC not enabled.
        erased: addresses of the pages that were erased; None among them is all of the flash.
        runs: whether it was let go after a reset.
    """

    def __init__(self, *, locked: bool = False, part: int = 0x52840) -> None:
        self.locked, self.faults, self.erased, self.runs = locked, [], [], False
        self._was_reset = False
        self._words: dict[int, int] = dict(CORE_SIGHT)
        self._cpu = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS)
        for base, size in REGIONS.items():
            self._cpu.mem_map(base, size)
            self._cpu.mem_write(base, b"\xff" * size)
        self._cpu.mmio_map(
            PERIPHERALS, PERIPHERALS_BYTES, self._read_peripheral, None, self._write_peripheral, None
        )
        self._cpu.hook_add(unicorn.UC_HOOK_MEM_WRITE, self._check_flash_write, begin=0, end=FLASH_BYTES - 1)
        self.write(PART, part.to_bytes(4, "little"))
        self.write(VARIANT, AAF0.to_bytes(4, "little"))

    def read(self, address: int, size: int) -> bytes:
        """Bytes, as the debugger reads them."""
        if any(base <= address < base + length for base, length in REGIONS.items()):
            return bytes(self._cpu.mem_read(address, size))
        word = self._word(address & ~3).to_bytes(4, "little")
        return word[address & 3 :][:size]

    def write(self, address: int, data: bytes) -> None:
        """Bytes, as the debugger writes them."""
        if any(base <= address < base + length for base, length in REGIONS.items()):
            self._cpu.mem_write(address, data)
        else:
            self._set_word(address, int.from_bytes(data, "little"))

    def erase_all(self) -> None:
        """What unlocks it."""
        for base, size in ((0x0, FLASH_BYTES), (0x1000_1000, PAGE_BYTES)):
            self._cpu.mem_write(base, b"\xff" * size)
        self.erased.append(None)
        self.locked = False

    def _word(self, address: int) -> int:
        if address == NVMC_READY:
            return 1
        if address == DHCSR:
            reset, self._was_reset = S_RESET_ST if self._was_reset else 0, False
            return self._words.get(DHCSR, 0) & 0xF | S_REGRDY | reset | (0 if self.runs else S_HALT)
        return self._words.get(address, 0)

    def _set_word(self, address: int, value: int) -> None:
        self._words[address] = value
        if address == NVMC_ERASEPAGE:
            self._cpu.mem_write(value, b"\xff" * PAGE_BYTES)
            self.erased.append(value)
        elif address == DCRSR:
            self._transfer_register(value & 0x7F, is_write=bool(value >> 16 & 1))
        elif address == DHCSR and value >> 16 == 0xA05F:
            self._go(halt=bool(value & 2))
        elif address == AIRCR and value & 4:
            self._was_reset = True
            self.runs = not self._words.get(DEMCR, 0) & 1

    def _transfer_register(self, number: int, *, is_write: bool) -> None:
        if number >= len(REGISTERS):
            return
        if is_write:
            self._cpu.reg_write(REGISTERS[number], self._words.get(DCRDR, 0))
        else:
            self._words[DCRDR] = self._cpu.reg_read(REGISTERS[number])

    def _go(self, *, halt: bool) -> None:
        """Runs pyOCD's loader, which lies in RAM and returns to its own start; a firmware is only let go."""
        link = self._cpu.reg_read(arm_const.UC_ARM_REG_LR) & ~1
        if not halt and 0x2000_0000 <= link < 0x2004_0000:
            self._cpu.emu_start(self._cpu.reg_read(arm_const.UC_ARM_REG_PC) | 1, link)
        else:
            self.runs = not halt

    def _read_peripheral(self, _cpu: Any, offset: int, _size: int, _data: Any) -> int:
        return self._word(PERIPHERALS + offset)

    def _write_peripheral(self, _cpu: Any, offset: int, _size: int, value: int, _data: Any) -> None:
        self._set_word(PERIPHERALS + offset, value)

    def _check_flash_write(
        self, _cpu: Any, _kind: int, address: int, size: int, value: int, _data: Any
    ) -> None:
        there = int.from_bytes(self._cpu.mem_read(address, size), "little")
        if self._word(NVMC_CONFIG) != 1 or there & value != value:
            self.faults.append(address)


class _Memory(MemoryInterface):
    """The chip's memory as its access port gives it; none while it is locked."""

    def __init__(self, chip: Chip) -> None:
        self._chip = chip

    def _check(self) -> None:
        if self._chip.locked:
            raise exceptions.TransferFaultError

    def write_memory(self, addr: int, data: int, transfer_size: int = 32, **_: Any) -> None:
        self._check()
        self._chip.write(addr, data.to_bytes(transfer_size // 8, "little"))

    def read_memory(self, addr: int, transfer_size: int = 32, now: bool = True, **_: Any) -> Any:
        self._check()
        return _answer(int.from_bytes(self._chip.read(addr, transfer_size // 8), "little"), now)

    def write_memory_block32(self, addr: int, data: Sequence[int], **_: Any) -> None:
        for i, word in enumerate(data):
            self.write_memory(addr + 4 * i, word)

    def read_memory_block32(self, addr: int, size: int, **_: Any) -> list[int]:
        return [self.read_memory(addr + 4 * i) for i in range(size)]

    def write_memory_block8(self, addr: int, data: Sequence[int], **_: Any) -> None:
        for i, byte in enumerate(data):
            self.write_memory(addr + i, byte, 8)

    def read_memory_block8(self, addr: int, size: int, **_: Any) -> list[int]:
        return [self.read_memory(addr + i, 8) for i in range(size)]


class SwdProbe(DebugProbe):
    """A probe with that chip behind it: access port 0 is its memory, 1 its control access port."""

    unique_id, vendor_name, product_name = "0123456789", "splkit", "simulated probe"
    wire_protocol = DebugProbe.Protocol.SWD
    supported_wire_protocols = (DebugProbe.Protocol.DEFAULT, DebugProbe.Protocol.SWD)
    capabilities = frozenset(
        {DebugProbe.Capability.MANAGED_AP_SELECTION, DebugProbe.Capability.MANAGED_DPBANKSEL}
    )
    is_open = False

    def __init__(self, chip: Chip) -> None:
        super().__init__()
        self.chip = chip
        self._dp: dict[int, int] = {0: 0x2BA0_1477}
        self._ap: dict[int, int] = dict(ACCESS_PORTS)

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def nothing(self, *_: Any) -> None:
        """There is no wire to set up, and no reset line."""

    connect = disconnect = set_clock = swj_sequence = flush = assert_reset = reset = nothing

    def is_reset_asserted(self) -> bool:
        return False

    def read_dp(self, addr: int, now: bool = True) -> Any:
        value = self._dp.get(addr, 0)
        return _answer(value | (value & POWER_REQUESTS) << 1 if addr == CTRL_STAT else value, now)

    def write_dp(self, addr: int, data: int) -> None:
        self._dp[addr] = data

    def read_ap(self, addr: int, now: bool = True) -> Any:
        if addr == APPROTECTSTATUS:
            return _answer(int(not self.chip.locked), now)
        return _answer(self._ap.get(addr, 0), now)

    def write_ap(self, addr: int, data: int) -> None:
        if addr == ERASEALL and data == 1:
            self.chip.erase_all()
        elif addr != ERASEALL:
            self._ap[addr] = data

    def get_memory_interface_for_ap(self, ap_address: Any) -> MemoryInterface | None:
        return _Memory(self.chip) if ap_address.apsel == 0 else None


def _answer(value: int, now: bool) -> int | Callable[[], int]:
    return value if now else lambda: value
