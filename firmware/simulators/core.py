"""The `core` engine: functions of the board's own ELF, called in process, their instructions counted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from splkit.errors import ToolError
from splkit.firmware.binary.elf import THUMB_BIT, Elf
from splkit.firmware.simulators.counting import InstructionCounter
from splkit.firmware.simulators.cpu import STOP, Buffer, Cpu
from splkit.progress import Advance, ignore_progress

PAINT = 0xA5
MAX_ARGUMENTS = 4  # in registers; none of splkit's functions has more

# void each(const int16_t *sample, void (*push)(int16_t), uint32_t samples): one call for many samples.
EACH = STOP + 0x100
EACH_CODE = np.array(
    [
        0xB570,  # push  {r4, r5, r6, lr}
        0x4604,  # mov   r4, r0
        0x460D,  # mov   r5, r1
        0x4616,  # mov   r6, r2
        0xF934,  # ldrsh r0, [r4], #2
        0x0B02,
        0x47A8,  # blx   r5
        0x3E01,  # subs  r6, #1
        0xD1FA,  # bne   the ldrsh
        0xBD70,  # pop   {r4, r5, r6, pc}
    ],
    dtype="<u2",
)
STRETCH_SAMPLES = 4096


class CoreSimulator:
    """Calls functions of a firmware, whose memory keeps what the calls before did to it.

    Args:
        elf: `firmware.elf` of an exported folder.

    Raises:
        ToolError: `elf` is not a firmware, or unicorn is not installed.
    """

    def __init__(self, elf: Path) -> None:
        self.elf = Elf(elf)
        self.cpu = Cpu(self.elf)
        self._counters: list[InstructionCounter] = []
        self._stretch: Buffer | None = None

    def call(self, function: str, *arguments: int | Buffer, writable: Sequence[Buffer] | None = None) -> int:
        """Call a function; returns its r0, unsigned.

        Args:
            function: its symbol.
            arguments: integers and buffers (passed by address), at most four.
            writable: buffers that it may write, beside the stack; None allows all RAM.

        Raises:
            ToolError: there is no such function.
            ParityError: it left its memory, wrote what is not `writable`, or did not return.
        """
        entry = self.elf.symbol(function).address
        if len(arguments) > MAX_ARGUMENTS:
            raise ToolError(
                f"the core engine passes at most {MAX_ARGUMENTS} arguments",
                found=f"{len(arguments)} for {function}",
                next_step="pass a pointer to a structure",
            )
        values = [each.address if isinstance(each, Buffer) else each for each in arguments]
        if writable is None:
            return self._run(entry, values)
        with self.cpu.only_writing(writable):
            return self._run(entry, values)

    def _run(self, entry: int, arguments: Sequence[int]) -> int:
        try:
            return self.cpu.run(entry, arguments)
        finally:
            for counter in self._counters:
                counter.end_of_run()

    def stream(
        self, function: str, counts: npt.NDArray[np.int16], advance: Advance = ignore_progress
    ) -> None:
        """Call `function(int16_t sample)` for each sample of counts, int16[n].

        Raises:
            ToolError, ParityError: as `call`.
        """
        entry = self.elf.symbol(function).address | THUMB_BIT
        if self._stretch is None:
            self.cpu.write(EACH, EACH_CODE.tobytes())
            self._stretch = self.allocate(STRETCH_SAMPLES * counts.itemsize)
        buffer = self._stretch
        for start in range(0, len(counts), STRETCH_SAMPLES):
            stretch = counts[start : start + STRETCH_SAMPLES]
            self.write(buffer, stretch)
            self._run(EACH, [buffer.address, entry, len(stretch)])
            advance(len(stretch))

    def allocate(self, size: int) -> Buffer:
        """A zeroed buffer for arguments, outside of the firmware's own RAM."""
        return self.cpu.allocate(size)

    def allocate_type(self, name: str) -> Buffer:
        """A zeroed buffer of the size of the C type called `name`."""
        return self.cpu.allocate(self.elf.type_size(name))

    def write(self, buffer: Buffer, values: npt.NDArray[np.generic]) -> None:
        """Copy an array into a buffer.

        Raises:
            ValueError: it is larger than the buffer.
        """
        data = values.tobytes()
        if len(data) > buffer.size:
            raise ValueError(f"{len(data)} bytes do not fit into {buffer.size}")
        self.cpu.write(buffer.address, data)

    def read(self, buffer: Buffer) -> npt.NDArray[np.int8]:
        """A buffer's bytes, int8[size]; `view` makes other types of them."""
        return np.frombuffer(self.cpu.read(buffer.address, buffer.size), np.int8)

    @contextmanager
    def counting(self, watched: str = "") -> Iterator[InstructionCounter]:
        """Count instructions; with callees, those of functions whose name starts with `watched`."""
        counter = InstructionCounter(self.cpu.uc, self.elf, watched)
        counter.start()
        self._counters.append(counter)
        try:
            yield counter
        finally:
            self._counters.remove(counter)
            counter.stop()

    def paint_stack(self) -> None:
        """Fill the stack with a pattern, for `stack_used` to find the high-water mark."""
        self.cpu.write(self.cpu.stack.address, bytes([PAINT]) * self.cpu.stack.size)

    def stack_used(self) -> int:
        """Bytes of stack that were written since `paint_stack`."""
        stack = self.cpu.read(self.cpu.stack.address, self.cpu.stack.size)
        return len(stack.lstrip(bytes([PAINT])))
