"""A device at the other end of a port: its events as they come, and commands with their answers."""

from collections.abc import Iterator
from time import monotonic

from splkit.errors import ToolError, UsageError
from splkit.firmware.wire.events import Event, Reply
from splkit.firmware.wire.framing import MAX_COMMAND_LETTERS, Deframer, frame
from splkit.firmware.wire.ports import Port
from splkit.firmware.wire.protocol import parse_event

ANSWER_S = 3.0
"""Longer than anything that a device does between two characters: an erasure, an inference."""


class Device:
    """Reads events from a port, and sends commands.

    Attributes:
        is_over: whether the stream has ended.
    """

    def __init__(self, port: Port) -> None:
        self._port, self._deframer = port, Deframer()
        self._unknown = 0
        self.is_over = False

    @property
    def bad_lines(self) -> int:
        """Lines that were dropped: their checksum was wrong, or no event is like them."""
        return self._deframer.bad_lines + self._unknown

    def events(self) -> Iterator[Event]:
        """The events that have come; waits a moment for the first bytes."""
        data = self._port.read()
        self.is_over = data is None
        for text in self._deframer.feed(data or b""):
            try:
                yield parse_event(text)
            except ValueError:
                self._unknown += 1

    def send(self, command: str) -> None:
        """Send a command.

        Raises:
            UsageError: no command is so long, or holds such letters; or the port takes none.
        """
        if len(command) > MAX_COMMAND_LETTERS or not command.isascii() or not command.isprintable():
            raise UsageError(
                f"a command is printable ASCII, {MAX_COMMAND_LETTERS} letters at most",
                found=repr(command),
                next_step="docs/protocol.md lists the commands",
            )
        # The empty line ends whatever half a line the device may have heard before.
        self._port.write(f"\n{frame(command)}\n".encode("ascii"))

    def ask(self, command: str) -> Reply:
        """Send a command and wait for its answer; other events are let go.

        Raises:
            UsageError: as `send`.
            ToolError: no answer within `ANSWER_S`, or the stream ended.
        """
        self.send(command)
        word = command.split(" ")[0]
        end = monotonic() + ANSWER_S
        while monotonic() < end and not self.is_over:
            for event in self.events():
                if isinstance(event, Reply) and event.command in (word, "?"):
                    return event
        raise ToolError(
            "a device answers",
            found=f"no answer to {command!r}" + (", the stream ended" if self.is_over else ""),
            next_step="check the cable's other direction and the baud rate",
        )
