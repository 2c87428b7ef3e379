"""Exact instruction counts: which blocks ran how often, and how many instructions each block has.

The per-instruction hook of unicorn misses Thumb instructions whose condition is false, so blocks are counted
and their halfwords decoded instead. QEMU's `-icount` gives the same numbers.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple

from splkit.firmware.binary.elf import THUMB_BIT, Elf
from splkit.firmware.binary.thumb import is_wide
from splkit.firmware.simulators.cpu import arm, unicorn


def thumb_instructions(code: bytes) -> int:
    """How many instructions a straight run of Thumb code holds."""
    halfwords = memoryview(code).cast("H")
    count = at = 0
    while at < len(halfwords):
        at += 2 if is_wide(halfwords[at]) else 1
        count += 1
    return count


@dataclass
class Calls:
    """The calls of one function: how many, their instructions with all callees', and those of the worst."""

    count: int = 0
    instructions: int = 0
    worst: int = 0

    def add(self, instructions: int) -> None:
        """One more call."""
        self.count += 1
        self.instructions += instructions
        self.worst = max(self.worst, instructions)


class _Frame(NamedTuple):
    """A call that has not returned."""

    function: str
    returns_to: int
    sp: int
    total_at_entry: int


class InstructionCounter:
    """Counts what a `Uc` executes, from `start()` to `stop()`.

    Attributes:
        total: instructions executed, those with a false condition included.
        calls: the calls of each watched function, in the order of their first return.
        by_function: instructions executed in each function itself.
    """

    def __init__(self, uc: Any, elf: Elf, watched: str = "") -> None:
        """Watch the functions whose name starts with `watched`; none where it is empty."""
        self._uc, self._elf = uc, elf
        self._entries = {each.address: each.name for each in elf.functions(watched)} if watched else {}
        self._lengths: dict[tuple[int, int], int] = {}
        self._runs: Counter[tuple[int, int]] = Counter()
        self._open: list[_Frame] = []
        self.total = 0
        self.calls: defaultdict[str, Calls] = defaultdict(Calls)
        self._hook: int | None = None

    def start(self) -> None:
        """Count from here on."""
        hook = self._watch if self._entries else self._count
        self._hook = self._uc.hook_add(unicorn.UC_HOOK_BLOCK, hook)

    def stop(self) -> None:
        """Count no more."""
        self._uc.hook_del(self._hook)

    def end_of_run(self) -> None:
        """What was called has returned, to code that is not counted."""
        while self._open:
            self._close()

    @property
    def by_function(self) -> dict[str, int]:
        """Instructions executed in each function itself, the most first."""
        counts: Counter[str] = Counter()
        for (address, size), runs in self._runs.items():
            function = self._elf.function_at(address)
            counts[function.name if function else "?"] += runs * self._lengths[address, size]
        return dict(counts.most_common())

    def _count(self, _uc: Any, address: int, size: int, _data: Any) -> None:
        block = (address, size)
        length = self._lengths.get(block)
        if length is None:
            length = self._lengths[block] = thumb_instructions(bytes(self._uc.mem_read(address, size)))
        self._runs[block] += 1
        self.total += length

    def _sp(self) -> int:
        return int(self._uc.reg_read(arm.UC_ARM_REG_SP))

    def _close(self) -> None:
        frame = self._open.pop()
        self.calls[frame.function].add(self.total - frame.total_at_entry)

    def _watch(self, uc: Any, address: int, size: int, data: Any) -> None:
        while self._open and address == self._open[-1].returns_to and self._sp() == self._open[-1].sp:
            self._close()
        if address in self._entries:
            returns_to = uc.reg_read(arm.UC_ARM_REG_LR) & ~THUMB_BIT
            frame = _Frame(self._entries[address], returns_to, self._sp(), self.total)
            # A loop may lead back to a function's first instruction: that is no second call.
            if not self._open or frame[:3] != self._open[-1][:3]:
                self._open.append(frame)
        self._count(uc, address, size, data)
