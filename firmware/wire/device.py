"""A device at the other end of a port: its events as they come, and commands with their answers."""

from collections import deque
from collections.abc import Iterator
from time import monotonic

from splkit.errors import ToolError, UsageError
from splkit.firmware.wire.events import Event, Reply
from splkit.firmware.wire.framing import MAX_COMMAND_LETTERS, Deframer, frame
from splkit.firmware.wire.ports import Port
from splkit.firmware.wire.protocol import parse_event
from splkit.firmware.wire.signing import DeviceKey, Signer, changes_something

ANSWER_S = 3.0
"""Longer than anything that a device does between two characters: an erasure, an inference."""


class Device:
    """Reads events from a port, and sends commands, signed where the device asks for that.

    Args:
        port: where it is.
        key: its key; without one it takes no command that changes something, unless its button was held.

    Attributes:
        is_over: whether the stream has ended.
    """

    def __init__(self, port: Port, key: DeviceKey | None = None) -> None:
        self._port, self._key, self._deframer = port, key, Deframer()
        self._signer: Signer | None = None
        self._waiting: deque[str] = deque()
        self._unknown = 0
        self.is_over = False

    @property
    def bad_lines(self) -> int:
        """Lines that were dropped: their checksum was wrong, or no event is like them."""
        return self._deframer.bad_lines + self._unknown

    def texts(self) -> Iterator[str]:
        """The lines that have come, without their checksums; waits a moment for the first bytes."""
        data = b"" if self._waiting else self._port.read()
        self.is_over = data is None
        self._waiting.extend(self._deframer.feed(data or b""))
        while self._waiting:
            yield self._waiting.popleft()

    def events(self) -> Iterator[Event]:
        """The events that have come; waits a moment for the first bytes."""
        for text in self.texts():
            try:
                yield parse_event(text)
            except ValueError:
                self._unknown += 1

    def send(self, command: str) -> None:
        """Send a command, signed if it changes something and there is a key.

        Raises:
            UsageError: no command is so long, or holds such letters; or the port takes none.
            ToolError: the device opens no session.
        """
        if self._key and changes_something(command):
            self._signer = self._signer or self._open_session(self._key)
            command = self._signer.sign(command)
        if len(command) > MAX_COMMAND_LETTERS or not command.isascii() or not command.isprintable():
            raise UsageError(
                f"a command is printable ASCII, {MAX_COMMAND_LETTERS} letters at most",
                found=repr(command),
                next_step="docs/protocol.md lists the commands",
            )
        # The empty line ends whatever half a line the device may have heard before.
        self._port.write(f"\n{frame(command)}\n".encode("ascii"))

    def use_key(self, key: DeviceKey) -> None:
        """Sign with this key from now on: it has just been given to the device."""
        self._key, self._signer = key, None

    def _open_session(self, key: DeviceKey) -> Signer:
        reply = self.ask("session")
        if not reply.ok:
            raise ToolError(
                "a device with a key opens a session",
                found=" ".join(reply.fields),
                next_step="keyless: `splkit provision` gives it a key",
            )
        session, count = map(int, reply.fields)
        return Signer(key, session, count)

    def ask(self, command: str) -> Reply:
        """Send a command and wait for its answer; what else is said is let go.

        Raises:
            UsageError, ToolError: as `answer`.
        """
        *_, text = self.answer(command)
        reply = parse_event(text)
        assert isinstance(reply, Reply)
        return reply

    def answer(self, command: str) -> Iterator[str]:
        """Send a command; what is said up to its answer, which comes last.

        Raises:
            UsageError: as `send`.
            ToolError: no answer within `ANSWER_S`, or the stream ended.
        """
        self.send(command)
        answers = tuple(
            f"R {word} {how}" for word in (command.split(" ")[0], "?", "!") for how in ("ok", "error")
        )
        end = monotonic() + ANSWER_S
        while monotonic() < end and not self.is_over:
            for text in self.texts():
                yield text
                if text.startswith(answers):
                    return
        raise ToolError(
            "a device answers",
            found=f"no answer to {command!r}" + (", the stream ended" if self.is_over else ""),
            next_step="check the cable's other direction and the baud rate",
        )
