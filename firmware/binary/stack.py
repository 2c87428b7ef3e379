"""An upper bound of a firmware's stack, from the code that is flashed: frames, and who calls whom.

Frames and calls are read off the ELF's instructions, so that what the compiler inlined, cloned or took from
its own library is there as it is. A frame is all that a function ever takes, whichever way it goes through,
and a jump to another function counts as a call: the bound may be too high, never too low.
"""

from dataclasses import dataclass

from splkit.errors import ToolError
from splkit.firmware.binary import thumb
from splkit.firmware.binary.elf import THUMB_BIT, Elf, Symbol

RESET_VECTOR = 1
EMPTIES_THE_STACK = frozenset({"fault_handler", "watchdog_handler"})
"""They start over at the top of the stack, and do not return."""

EXCEPTION_FRAME_BYTES = 26 * 4 + 4
"""What an interrupt pushes, the FPU's registers included, and a word to align it (Armv7-M ARM, B1.5.7)."""


@dataclass(frozen=True)
class StackBound:
    """The deepest that a stack can be: the worst chain of calls, and the worst interrupt on top of it.

    All interrupts have one priority, so that there is one at a time.

    Attributes:
        bytes: from the top of the stack.
        chain: functions and their frames, from the start-up code down.
        interrupt: the same of the worst interrupt, without its exception frame; empty where there is none.
    """

    bytes: int
    chain: tuple[tuple[str, int], ...]
    interrupt: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Function:
    frame: int
    callees: frozenset[int]


def stack_bound(elf: Elf) -> StackBound:
    """The bound of a whole firmware.

    Raises:
        ToolError: it recurses, calls by a register, or moves the stack pointer by what cannot be seen.
    """
    vectors = elf.symbol("vectors")
    entries = [elf.word(vectors.address + at) & ~THUMB_BIT for at in range(4, vectors.size, 4)]
    start = entries[RESET_VECTOR - 1]
    handlers = [_function_at(elf, entry) for entry in set(entries[RESET_VECTOR:]) - {0}]
    graph = _Graph(elf)
    chain = graph.worst(_function_at(elf, start))
    interrupts = [graph.worst(each) for each in handlers if each.name not in EMPTIES_THE_STACK]
    worst = max(interrupts, key=_depth, default=())
    extra = EXCEPTION_FRAME_BYTES + _depth(worst) if worst else 0
    return StackBound(_depth(chain) + extra, chain, worst)


def stack_bound_of(elf: Elf, function: str) -> int:
    """The bound of one function with all that it calls, in bytes.

    Raises:
        ToolError: as `stack_bound`, or there is no such function.
    """
    return _depth(_Graph(elf).worst(elf.symbol(function)))


def frame_bytes(elf: Elf, function: Symbol) -> int:
    """All that a function by itself can take of the stack.

    Raises:
        ToolError: as `stack_bound`.
    """
    return _read(elf, function).frame


def _depth(chain: tuple[tuple[str, int], ...]) -> int:
    return sum(frame for _, frame in chain)


def _function_at(elf: Elf, address: int) -> Symbol:
    function = elf.function_at(address)
    if function is None:
        raise _unbounded(f"a call of {address:#x}, which is in no function, in {elf.path}")
    return function


class _Graph:
    """Functions as they are reached, each with its worst chain of calls."""

    def __init__(self, elf: Elf) -> None:
        self._elf = elf
        self._worst: dict[int, tuple[tuple[str, int], ...]] = {}
        self._open: list[str] = []

    def worst(self, function: Symbol) -> tuple[tuple[str, int], ...]:
        """The deepest chain of calls from `function` on, itself first."""
        if function.address in self._worst:
            return self._worst[function.address]
        if function.name in self._open:
            cycle = " -> ".join([*self._open[self._open.index(function.name) :], function.name])
            raise _unbounded(f"the recursion {cycle}")
        self._open.append(function.name)
        read = _read(self._elf, function)
        below = (self.worst(_function_at(self._elf, callee)) for callee in sorted(read.callees))
        chain = ((function.name, read.frame), *max(below, key=_depth, default=()))
        self._open.pop()
        self._worst[function.address] = chain
        return chain


def _read(elf: Elf, function: Symbol) -> _Function:
    """A function's frame and callees."""
    frame, callees = 0, set()
    literals: dict[int, int] = {}
    for each in thumb.decode(elf.halfwords(function)):
        frame += thumb.stack_taken(each)
        if load := thumb.literal_load(each):
            literals[load[0]] = elf.word(load[1])
        if (register := thumb.added_register(each)) is not None:
            if register not in literals:
                raise _unbounded(f"a frame of unknown size in {function.name}")
            frame += -literals[register] & 0xFFFF_FFFF if literals[register] >> 31 else 0
        if thumb.is_indirect(each):
            raise _unbounded(f"a call by a register in {function.name}")
        goes_to = thumb.target(each)
        within = range(function.address, function.address + function.size)
        if goes_to is not None and (thumb.is_call(each) or goes_to not in within):
            callees.add(goes_to)
    return _Function(frame, frozenset(callees))


def _unbounded(found: str) -> ToolError:
    return ToolError(
        "the stack of a firmware has a bound",
        found=found,
        next_step="take out recursion, calls by pointer and arrays of variable length",
    )
