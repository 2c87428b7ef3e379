"""A chip with the drivers' own code on it: unicorn's CPU, the vendor's registers, interrupts and time.

Every access is held to the vendor's tables (support.chip_tables). It is refused where its address is no
register's, where it has bits that no field has, or a value that a field does not know. What registers do is
for models to say: `on_write`, `on_read` and `lines`. Code takes no time, reading a register does, and a sleep
lasts until something happens.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

from support.chip_tables import SOURCES, chip_of
from support.register_macros import Header
from support.svd import Register

from splkit import boards
from splkit.firmware.binary.elf import Elf
from splkit.firmware.simulators.cpu import PAGE_BYTES, STOP, arm, unicorn

READ_NS = 200
REGISTER_BITS = 32
EXCEPTION_FRAME_BYTES = 104
WFI, CPSIE = b"\x30\xbf", b"\x62\xb6"
CORE_PAGE = 0xE000_E000
AIRCR_RESET = 0x05FA_0004
HANDLER_INSTRUCTIONS = 20_000
PATIENCE_S = 60
SECOND = 1_000_000_000


class RefusedError(AssertionError):
    """What the drivers did is not what the chip is for."""


class Machine:
    """A board with a firmware, from its reset on.

    Args:
        folder: an exported and built one.
        board: its board, by name or as it is.

    Attributes:
        now: nanoseconds since the power came.
        resets: how often it has been reset since.
        values: of each register, by its name in the drivers and its place in an array.
        last_words: interrupts that need not return, before the chip is reset.
        unnamed: registers that no table has, and what was written to them.
    """

    def __init__(self, folder: Path, board: str | boards.Board) -> None:
        self.board = boards.load(board) if isinstance(board, str) else board
        self.elf = Elf(folder / "firmware.elf")
        self.now = 0
        self.resets = 0
        self.values: dict[tuple[str, int], int] = defaultdict(int)
        self.on_write: dict[str, Callable[[int, int], None]] = {}
        self.on_read: dict[str, Callable[[int], int]] = {}
        self.lines: dict[int, Callable[[], bool]] = {}
        self.last_words: set[int] = set()
        self.on_reset: list[Callable[[], None]] = []
        self.unnamed: dict[int, int | None] = {}
        self.enabled: set[int] = set()
        self.pages: dict[int, tuple[Callable[[int], int], Callable[[int, int], None]]] = {}
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._asked = 0
        self._stopped = "reset"
        self._resume = 0
        self._goes_on_at = 0
        self._in_handler = False
        self.failure: Exception | None = None
        self.names = _names(self.board.name.partition("-")[0])  # a chip beside it has no place in its memory
        self.on_write["NVIC_ISER"] = self._enable
        self._map(folder)

    def _map(self, folder: Path) -> None:
        self.uc = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS)
        self.uc.ctl_set_cpu_model(arm.UC_CPU_ARM_CORTEX_M4)
        flash, ram = self.board.memory.flash, self.board.memory.ram
        self.uc.mem_map(flash.origin, flash.length, unicorn.UC_PROT_READ | unicorn.UC_PROT_EXEC)
        image = (folder / "firmware.bin").read_bytes()
        self.uc.mem_write(flash.origin, image)
        self.vectors = self.elf.symbol("vectors").address
        self.uc.mem_map(ram.origin, ram.length, unicorn.UC_PROT_READ | unicorn.UC_PROT_WRITE)
        self.uc.mem_map(STOP, PAGE_BYTES, unicorn.UC_PROT_READ | unicorn.UC_PROT_EXEC)
        for page in {address - address % PAGE_BYTES for address in self.names}:
            self.map_page(page)
        self.uc.hook_add(unicorn.UC_HOOK_MEM_INVALID, self._on_invalid)
        for at in range(0, len(image), 2):
            code = image[at : at + 2]
            if code in (WFI, CPSIE):
                address = flash.origin + at + (2 if code == CPSIE else 0)
                reason = "asleep" if code == WFI else "unmasked"
                self.uc.hook_add(
                    unicorn.UC_HOOK_CODE, self._stop_at, user_data=reason, begin=address, end=address
                )

    def _enable(self, _index: int, value: int) -> None:
        self.enabled |= {bit for bit in range(32) if value >> bit & 1}

    def map_page(self, page: int) -> None:
        """Let registers, or what behaves like them, answer in a page of the memory."""
        self.uc.mmio_map(page, PAGE_BYTES, self._read, page, self._write, page)

    def ram_holds(self, address: int, size: int) -> bool:
        """Whether EasyDMA reaches all of it."""
        ram = self.board.memory.ram
        return ram.origin <= address and address + size <= ram.origin + ram.length

    def refuse(self, why: str) -> None:
        """End the run: the test fails with this."""
        self._fail(RefusedError(f"{why} {self._place()}"))

    def _fail(self, error: Exception) -> None:
        self.failure = self.failure or error
        self.uc.emu_stop()

    def _place(self) -> str:
        function = self.elf.function_at(int(self.uc.reg_read(arm.UC_ARM_REG_PC)))
        return f"(by {function.name}, after {self.now / 1e9:.6f} s)" if function else ""

    def after(self, nanoseconds: float, action: Callable[[], None]) -> None:
        """Have something happen, unless a reset comes before."""
        self._asked += 1
        heapq.heappush(self._queue, (self.now + round(nanoseconds), self._asked, action))

    def _read(self, _uc: Any, offset: int, size: int, page: int) -> int:
        try:
            self._pass(self.now + READ_NS)
            return self._value_at(page + offset, size)
        except Exception as error:
            self._fail(error)
            return 0

    def _value_at(self, address: int, size: int) -> int:
        if page_handler := self.pages.get(address - address % PAGE_BYTES):
            return page_handler[0](address)
        if address not in self.names or size != 4:
            raise RefusedError(f"{size} bytes are read from {address:#010x}, no register {self._place()}")
        for name, index, _ in self.names[address]:
            if name in self.on_read:
                return self.on_read[name](index)
        return self.values[self.names[address][0][:2]]

    def _write(self, _uc: Any, offset: int, size: int, value: int, page: int) -> None:
        try:
            self._write_at(page + offset, size, value)
        except Exception as error:
            self._fail(error)

    def _write_at(self, address: int, size: int, value: int) -> None:
        if page_handler := self.pages.get(address - address % PAGE_BYTES):
            page_handler[1](address, value)
            return
        if address in self.unnamed:
            self.unnamed[address] = value
            return
        if address not in self.names or size != 4:
            raise RefusedError(f"{size} bytes are written to {address:#010x}, no register {self._place()}")
        entries = self.names[address]
        if why := complaint(value, [register for _, _, register in entries]):
            raise RefusedError(f"{entries[0][0]} = {value:#010x}: {why} {self._place()}")
        for name, index, _ in entries:
            self.values[name, index] = value
            if name in self.on_write:
                self.on_write[name](index, value)

    def _on_invalid(self, _uc: Any, _access: int, address: int, size: int, *_: Any) -> bool:
        self.refuse(f"{size} bytes at {address:#010x}, where nothing is")
        return False

    def _stop_at(self, uc: Any, address: int, _size: int, reason: str) -> None:
        if self._in_handler or address == self._goes_on_at:
            self._goes_on_at = 0
            return
        self._stopped, self._resume = reason, address
        uc.emu_stop()

    def _pass(self, until: int) -> None:
        """Let time go on."""
        while self._queue and self._queue[0][0] <= until:
            when, _, action = heapq.heappop(self._queue)
            self.now = max(self.now, when)
            action()
        self.now = max(self.now, until)

    def _wakes(self, until: int) -> bool:
        """Sleep until something is due, or reset; False where nothing is before `until`."""
        while not self._due() and self._stopped == "asleep" and self._queue and self._queue[0][0] <= until:
            self._pass(self._queue[0][0])
        wakes = bool(self._due()) or self._stopped != "asleep"
        self.now = self.now if wakes else until
        return wakes

    def _due(self) -> list[int]:
        return [number for number, line in self.lines.items() if number in self.enabled and line()]

    def reset(self) -> None:
        """What the chip does by itself: registers at their start, RAM as it was."""
        self.resets += 1
        self.values.clear()
        self.enabled.clear()
        self._queue.clear()
        for each in self.on_reset:
            each()
        self._stopped = "reset"
        self.uc.emu_stop()

    def run(self, seconds: float) -> None:
        """Let it run for so long.

        Raises:
            RefusedError: the drivers did what the chip is not for.
        """
        late = Timer(
            PATIENCE_S, lambda: self._fail(RefusedError(f"no end within {PATIENCE_S} s {self._place()}"))
        )
        late.daemon = True
        late.start()
        try:
            self._run(self.now + round(seconds * SECOND))
        finally:
            late.cancel()

    def _run(self, until: int) -> None:
        while self.now < until:
            if self._stopped == "asleep" and not self._wakes(until):
                return
            if self._stopped == "unmasked":
                self._handle()
            if self._stopped == "reset":
                stack, entry = (self._word(self.vectors + at) for at in (0, 4))
                self.uc.reg_write(arm.UC_ARM_REG_SP, stack)
                self._go(entry)
            else:
                self._go(self._resume + (2 if self._stopped == "asleep" else 0))

    def _word(self, address: int) -> int:
        return int.from_bytes(self.uc.mem_read(address, 4), "little")

    def _go(self, pc: int, **limits: int) -> None:
        self._stopped, self._goes_on_at = "", pc
        try:
            self.uc.emu_start(pc | 1, STOP, **limits)
        except unicorn.UcError as error:
            self.failure = self.failure or RefusedError(f"{error} {self._place()}")
        if self.failure is not None:
            raise self.failure

    def _handle(self) -> None:
        """Call the handlers of all that is due; one that ends in a loop waits for a reset."""
        while (due := self._due()) and self._stopped == "unmasked":
            context = self.uc.context_save()
            stack = int(self.uc.reg_read(arm.UC_ARM_REG_SP)) - EXCEPTION_FRAME_BYTES
            frame = [0] * 6 + [self._resume, 0x0100_0000]
            self.uc.mem_write(stack, b"".join(word.to_bytes(4, "little") for word in frame))
            self.uc.reg_write(arm.UC_ARM_REG_SP, stack)
            self.uc.reg_write(arm.UC_ARM_REG_LR, STOP | 1)
            self._in_handler = True
            limits = {"count": HANDLER_INSTRUCTIONS} if due[0] in self.last_words else {}
            self._go(self._word(self.vectors + 4 * (16 + due[0])), **limits)
            self._in_handler = False
            returned = int(self.uc.reg_read(arm.UC_ARM_REG_PC)) & ~1 == STOP
            while not returned and self._stopped != "reset":
                if not self._queue:
                    raise RefusedError(f"interrupt {due[0]} does not return, and nothing resets the chip")
                self._pass(self._queue[0][0])
            if self._stopped != "reset":
                self.uc.context_restore(context)
                self._stopped = "unmasked"


def _names(board: str) -> dict[int, list[tuple[str, int, Register]]]:
    """Name, place in its array and description of each address's registers, of peripherals that are used."""
    source, macros, found = SOURCES[board], Header(board).macros, defaultdict(list)
    theirs = {vendor: ours for ours, vendor in source.peripherals.items() if ours != "GPIO"}
    theirs |= {port: f"P{number}" for number, port in enumerate(source.ports)}
    used = {macro.name.removesuffix("_BASE") for macro in macros.values() if macro.name.endswith("_BASE")}
    prefixes = {source.peripherals.get(each, each) for each in used} | set(source.ports)
    prefixes |= {"SCB", "NVIC", "MPU", "ERRATUM"}
    for name, register in chip_of(board).registers.items():
        if name.startswith(("NVIC_", "SCB_", "MPU_")) and name not in macros:
            continue  # a vendor's name for what Arm calls otherwise
        peripheral = max((each for each in prefixes if name.startswith(f"{each}_")), key=len, default=None)
        if peripheral is not None:
            ours = theirs.get(peripheral, peripheral) + name.removeprefix(peripheral)
            for index, address in enumerate(register.addresses):
                found[address].append((ours, index, register))
    return dict(found)


def complaint(value: int, registers: list[Register]) -> str:
    """Why a register cannot hold a value; empty where it can."""
    fields = [bits for register in registers for bits in register.fields.values()]
    if len(fields) > 1:  # one over all of them names the values that each of them may have
        fields = [bits for bits in fields if bits.width < REGISTER_BITS or not bits.values]
    if not fields:
        return "" if value in (0, 1) else "a task or an event is 0 or 1"
    rest = value
    for bits in fields:
        rest &= ~bits.mask
        part = (value & bits.mask) >> bits.offset
        known = set(bits.values.values())
        if known and part not in known and not (bits.width == 1 or (part == 0 and bits.width > 8)):
            return f"bits {bits.offset} and on are {part}, none of {sorted(known)}"
    return f"bits {rest:#x} are reserved" if rest else ""
