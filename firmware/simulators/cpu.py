"""A Cortex-M4 with a firmware in its memory, on unicorn: map, load, run, and say what went wrong.

Memory is what the ELF occupies, to the page, a scratch area for arguments, and nothing else: there are no
peripherals, so that a stray access ends the run.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from time import process_time
from typing import Any

from splkit.errors import ParityError, ToolError
from splkit.firmware.binary.elf import THUMB_BIT, Elf
from splkit.firmware.simulators.interrupt import interruptible
from splkit.optional import optional

unicorn = optional("unicorn", "the core engine runs on unicorn")
arm = optional("unicorn.arm_const", "the core engine runs on unicorn")

PAGE_BYTES = 4096
SCRATCH, SCRATCH_BYTES = 0x6000_0000, 1 << 20
GUARD_BYTES = 64  # between buffers, so that an overrun by a vector is seen
STOP = 0x7000_0000  # where calls return to
TIMEOUT_US = 120_000_000
__all__ = ["STOP", "Buffer", "Cpu", "arm", "unicorn"]
RETURN = b"\x70\x47"  # bx lr
REGISTERS = (arm.UC_ARM_REG_R0, arm.UC_ARM_REG_R1, arm.UC_ARM_REG_R2, arm.UC_ARM_REG_R3)


@dataclass(frozen=True)
class Buffer:
    """Bytes in the simulated memory."""

    address: int
    size: int

    @property
    def end(self) -> int:
        """The first address behind it."""
        return self.address + self.size


class Cpu:
    """The CPU and its memory, as the start-up code leaves them: `.data` filled, `.bss` zero."""

    def __init__(self, elf: Elf) -> None:
        self.elf = elf
        self.uc = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS)
        self.uc.ctl_set_cpu_model(arm.UC_CPU_ARM_CORTEX_M4)
        self.stack_top = elf.symbol("stack_top").address
        limit = elf.symbol("stack_limit").address
        self.stack = Buffer(limit, self.stack_top - limit)
        self._mapped: set[int] = set()
        self._ram = [self._map(SCRATCH, SCRATCH_BYTES, executable=False)]
        self._map(STOP, PAGE_BYTES, executable=True)
        for segment in elf.segments:
            region = self._map(segment.address, segment.size, executable=segment.executable)
            if not segment.executable:
                self._ram.append(region)
            self.write(segment.address, segment.data)
        self._next_buffer = SCRATCH
        self._fault = ""
        self.uc.hook_add(unicorn.UC_HOOK_MEM_INVALID, self._on_invalid_access)

    def _map(self, address: int, size: int, *, executable: bool) -> Buffer:
        first = address - address % PAGE_BYTES
        length = -(-(address + size - first) // PAGE_BYTES) * PAGE_BYTES
        access = unicorn.UC_PROT_EXEC if executable else unicorn.UC_PROT_WRITE
        for page in range(first, first + length, PAGE_BYTES):
            if page not in self._mapped:  # segments may meet within a page
                self.uc.mem_map(page, PAGE_BYTES, unicorn.UC_PROT_READ | access)
                self._mapped.add(page)
        return Buffer(first, length)

    def allocate(self, size: int) -> Buffer:
        """A zeroed buffer in the scratch area, 8-aligned, with a guard behind it.

        Raises:
            ToolError: the scratch area is full.
        """
        buffer = Buffer(self._next_buffer, size)
        self._next_buffer += -(-(size + GUARD_BYTES) // 8) * 8
        if self._next_buffer > SCRATCH + SCRATCH_BYTES:
            raise ToolError(
                f"buffers fit into {SCRATCH_BYTES} bytes",
                found=f"{size} bytes more",
                next_step="free them first",
            )
        return buffer

    def write(self, address: int, data: bytes) -> None:
        """Write into the simulated memory, read-only memory included."""
        self.uc.mem_write(address, data)

    def read(self, address: int, size: int) -> bytes:
        """Read from the simulated memory."""
        return bytes(self.uc.mem_read(address, size))

    def run(self, entry: int, arguments: Sequence[int]) -> int:
        """Call the code at `entry` with up to four integer arguments; returns r0.

        Raises:
            ParityError: it accessed memory that is not its own, or did not return.
        """
        for register, value in zip(REGISTERS, arguments, strict=False):
            self.uc.reg_write(register, value & 0xFFFF_FFFF)
        self.uc.reg_write(arm.UC_ARM_REG_SP, self.stack_top)
        self.uc.reg_write(arm.UC_ARM_REG_LR, STOP | THUMB_BIT)
        self._fault = ""
        begun_s, next_address = process_time(), entry
        try:
            while next_address != STOP and not self._fault:
                if process_time() - begun_s > TIMEOUT_US / 1e6:
                    raise self._failure(f"no return within {TIMEOUT_US / 1e6:g} s {self._place()}")
                # A signal or a clock that was set ends it too early; it goes on, if nothing is raised.
                with interruptible(self.uc.emu_stop):
                    self.uc.emu_start(next_address | THUMB_BIT, STOP, timeout=TIMEOUT_US)
                next_address = self._pc()
        except unicorn.UcError as error:
            raise self._failure(self._fault or f"{error} {self._place()}") from error
        if self._fault:
            raise self._failure(self._fault)
        return int(self.uc.reg_read(arm.UC_ARM_REG_R0))

    def replace(self, name: str, instead: Callable[[], int | None]) -> None:
        """Have `instead` called for the function `name`, and its result returned."""
        address = self.elf.symbol(name).address
        self.write(address, RETURN)

        def call(*_: Any) -> None:
            if (result := instead()) is not None:
                self.uc.reg_write(arm.UC_ARM_REG_R0, result)

        self.uc.hook_add(unicorn.UC_HOOK_CODE, call, begin=address, end=address)

    def argument(self, index: int) -> int:
        """The register argument `index` of the function that is being called."""
        return int(self.uc.reg_read(REGISTERS[index]))

    @contextmanager
    def only_writing(self, writable: Sequence[Buffer]) -> Iterator[None]:
        """Within it, writes to any RAM but the stack and `writable` end the run."""
        hooks = [
            self.uc.hook_add(
                unicorn.UC_HOOK_MEM_WRITE, self._on_stray_write, begin=gap.address, end=gap.end - 1
            )
            for region in self._ram
            for gap in _gaps(region, [self.stack, *writable])
        ]
        try:
            yield
        finally:
            for hook in hooks:
                self.uc.hook_del(hook)

    def _pc(self) -> int:
        return int(self.uc.reg_read(arm.UC_ARM_REG_PC)) & ~THUMB_BIT

    def _on_stray_write(self, uc: Any, _access: int, address: int, size: int, *_: Any) -> None:
        self._fault = self._fault or f"a write of {size} bytes to {address:#010x} {self._place()}"
        uc.emu_stop()

    def _on_invalid_access(self, _uc: Any, _access: int, address: int, size: int, *_: Any) -> bool:
        self._fault = f"an access of {size} bytes to {address:#010x} {self._place()}"
        return False

    def _place(self) -> str:
        function = self.elf.function_at(pc := self._pc())
        return f"by {function.name}+{pc - function.address:#x}" if function else f"at {pc:#010x}"

    def _failure(self, found: str) -> ParityError:
        return ParityError(
            "generated code keeps to its own memory and returns",
            found=f"{found} in {self.elf.path}",
            next_step="this is a defect of splkit: please report it with the model",
        )


def _gaps(region: Buffer, allowed: Sequence[Buffer]) -> Iterator[Buffer]:
    """The parts of `region` that no buffer of `allowed` covers."""
    inside = sorted(
        (each for each in allowed if region.address <= each.address < region.end), key=lambda b: b.address
    )
    ends = [Buffer(region.address, 0), *inside, Buffer(region.end, 0)]
    for before, after in pairwise(ends):
        if after.address > before.end:
            yield Buffer(before.end, after.address - before.end)
