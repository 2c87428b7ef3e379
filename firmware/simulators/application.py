"""The application of a firmware on the `core` engine, with its board replaced: lines, outputs, flash."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.playback import Respond, listen
from splkit.firmware.wire.framing import frame, unframe
from splkit.firmware.wire.signing import DeviceKey, Signer, changes_something
from splkit.progress import Advance, ignore_progress

ERASED = 0xFFFF_FFFF
STORE_SLOTS = 2
STORE_WORDS = 22
ADDRESS_BYTES = 6
ADVERT_BYTES = 31
KEY = DeviceKey(bytes(range(16)))
"""Of devices that are simulated; no secret."""
BLOCK_SAMPLES = 64
"""Samples between two looks at the wire."""


@dataclass(frozen=True)
class Advert:
    """What a board was told to advertise.

    Attributes:
        address: that it sends from; None for the chip's own.
        data: AD structures; none of them ends the broadcast.
    """

    address: bytes | None
    data: bytes


class Application:
    """An application that has started; what it does from then on is in the attributes.

    Args:
        core: a fresh one. The board's drivers are left out; functions that its family lacks stay untouched.
        store: the words of its flash slots before it starts, erased if left out. They change in place.

    Attributes:
        written: the text that it wrote, whole lines.
        shown: each mask of outputs that it set.
        adverts: each advertisement that it asked for.
        store: its flash slots, words of 32 bits.
        battery_mv: what it is told of its supply.
        pressed: whether the acknowledge button is.
        key: its owner's.
        signer: what signs the commands that `send` gives it; None before the first.
    """

    def __init__(self, core: CoreSimulator, store: list[list[int]] | None = None) -> None:
        self.core = core
        self.written = bytearray()
        self.shown: list[int] = []
        self.adverts: list[Advert] = []
        self.store = store or [[ERASED] * STORE_WORDS for _ in range(STORE_SLOTS)]
        self.battery_mv = 0
        self.pressed = False
        self.key = KEY
        self.signer: Signer | None = None
        argument = core.cpu.argument
        board: dict[str, Callable[[], int | None]] = {
            "board_write": lambda: self.written.extend(core.cpu.read(argument(0), argument(1))),
            "board_show": lambda: self.shown.append(argument(0)),
            "board_advertise": lambda: self.adverts.append(
                _advert(core.cpu.read(argument(0), 2 + ADDRESS_BYTES + ADVERT_BYTES))
            ),
            "board_store_read": lambda: self.store[argument(0)][argument(1)],
            "board_store_erase": lambda: self._erase(argument(0)),
            "board_store_program": lambda: self._program(argument(0), argument(1), argument(2)),
            "board_battery_mv": lambda: self.battery_mv,
            "board_acknowledges": lambda: int(self.pressed),
        }
        present = {each.name for each in core.elf.functions("board_")}
        for name in board.keys() & present:
            core.cpu.replace(name, board[name])
        core.call("app_init")

    @property
    def lines(self) -> list[str]:
        """The lines so far, the banner first."""
        return self.written.decode("ascii", "replace").splitlines()

    @property
    def listens(self) -> bool:
        """Whether the main loop would give it the next character."""
        return self.core.call("app_listens") == 1

    def push(self, counts: npt.NDArray[np.int16], advance: Advance = ignore_progress) -> None:
        """Stream int16[n] counts through it.

        Raises:
            ParityError: it left its memory.
        """
        self.core.stream("app_push", counts, advance)

    def receive(self, data: bytes) -> None:
        """Give it characters from the wire, whether it listens or not."""
        for letter in data:
            self.core.call("app_receive", letter)

    def send(self, command: str) -> list[str]:
        """Give it a command as its owner does, and the lines that it then writes.

        What changes something is signed; a device that has no key yet gets one first.
        """
        if changes_something(command):
            if self.signer is None:
                self.open_session()
            command = self.signer.sign(command) if self.signer else command
        return self.send_as_it_is(command)

    def send_as_it_is(self, text: str) -> list[str]:
        """Give it a text with its checksum, and the lines that it then writes."""
        before = len(self.lines)
        self.receive(f"{frame(text)}\n".encode("ascii"))
        return self.lines[before:]

    def open_session(self) -> None:
        """From now on `send` signs; the device gets the key where it has none."""
        self.send_as_it_is(f"provision {self.key.digits}")
        answer = unframe(self.send_as_it_is("session")[-1]).split(" ")
        if answer[2] == "ok":
            self.signer = Signer(self.key, int(answer[3]), int(answer[4]))

    def _erase(self, slot: int) -> None:
        self.store[slot][:] = [ERASED] * len(self.store[slot])

    def _program(self, slot: int, word: int, value: int) -> None:
        self.store[slot][word] &= value


def _advert(struct: bytes) -> Advert:
    """A `board_advert_t` of board.h."""
    has_address, address, length = struct[0], struct[1:][:ADDRESS_BYTES], struct[1 + ADDRESS_BYTES]
    return Advert(address if has_address else None, struct[2 + ADDRESS_BYTES :][:length])


def run_application(
    core: CoreSimulator,
    counts: npt.NDArray[np.int16],
    advance: Advance = ignore_progress,
    respond: Respond = listen,
) -> list[str]:
    """Stream a recording through the application of a firmware.

    Args:
        core: a fresh one.
        counts: int16[n], one lead at the firmware's sampling rate.
        advance: called with the number of samples done.
        respond: what to send, line by line.

    Returns:
        The lines that the application wrote, the banner first.
    """
    application = Application(core)
    if respond is listen:
        application.push(counts, advance)
        return application.lines
    heard, pending = 0, ""
    for start in range(0, len(counts), BLOCK_SAMPLES):
        block = counts[start : start + BLOCK_SAMPLES]
        application.push(block, advance)
        while pending and application.listens:
            application.receive(pending[:1].encode("latin-1"))
            pending = pending[1:]
        lines = application.lines
        pending += "".join(respond(line.rpartition("*")[0]) for line in lines[heard:])
        heard = len(lines)
    return application.lines


def simulate_core(
    elf: Path,
    counts: npt.NDArray[np.int16],
    advance: Advance = ignore_progress,
    respond: Respond = listen,
) -> list[str]:
    """`run_application` of `firmware.elf` of an exported folder, of any board."""
    return run_application(CoreSimulator(elf), counts, advance, respond)
