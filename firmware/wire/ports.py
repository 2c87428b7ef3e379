"""Where a firmware's lines come from: a serial port, a socket, a file, or standard input."""

import os
import socket
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from splkit.errors import ToolError, UsageError, reason
from splkit.optional import optional

WAIT_S = 0.2
"""How long a read waits for bytes before it gives way."""
CHUNK_BYTES = 4096
STANDARD_INPUT = "-"
SOCKET_PREFIX = "tcp:"
SERIAL_PURPOSE = "a serial port is read with pyserial"


class Port(ABC):
    """A stream of bytes, and back where it can."""

    name: str

    @abstractmethod
    def read(self) -> bytes | None:
        """The bytes that have come, none after `WAIT_S`; None where the stream is over."""

    def write(self, data: bytes) -> None:
        """Send bytes.

        Raises:
            UsageError: nobody listens there.
        """
        raise UsageError(
            "commands go to a device",
            found=f"{self.name}, with {len(data)} bytes to send",
            next_step="name a serial port, or tcp:HOST:PORT",
        )

    def close(self) -> None:  # noqa: B027
        """Leave it."""

    def __enter__(self) -> "Port":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class FilePort(Port):
    """A file, or standard input, to its end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._descriptor = sys.stdin.fileno() if name == STANDARD_INPUT else os.open(name, os.O_RDONLY)

    def read(self) -> bytes | None:
        """The next bytes."""
        return os.read(self._descriptor, CHUNK_BYTES) or None

    def close(self) -> None:
        """Closes the file."""
        if self.name != STANDARD_INPUT:
            os.close(self._descriptor)


class SocketPort(Port):
    """`tcp:HOST:PORT`: the UART of a simulator, for one."""

    def __init__(self, name: str) -> None:
        self.name = name
        host, colon, number = name.removeprefix(SOCKET_PREFIX).rpartition(":")
        if not colon or not number.isdecimal():
            raise UsageError("a socket is tcp:HOST:PORT", found=name, next_step="name host and port")
        try:
            self._socket = socket.create_connection((host, int(number)), timeout=10)
        except (OSError, OverflowError) as error:
            raise _absent(name, error) from error
        self._socket.settimeout(WAIT_S)

    def read(self) -> bytes | None:
        """What has come."""
        try:
            return self._socket.recv(CHUNK_BYTES) or None
        except TimeoutError:
            return b""
        except OSError:
            return None

    def write(self, data: bytes) -> None:
        """Send bytes."""
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise _absent(self.name, error) from error

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class SerialPort(Port):
    """A serial port, by pyserial."""

    def __init__(self, name: str, baud: int) -> None:
        self.name = name
        serial: Any = optional("serial", SERIAL_PURPOSE)
        try:
            self._serial = serial.Serial(name, baud, timeout=WAIT_S)
        except (OSError, ValueError) as error:
            raise _absent(name, error) from error

    def read(self) -> bytes | None:
        """What has come; None where the device was pulled out."""
        try:
            return bytes(self._serial.read(max(1, min(self._serial.in_waiting, CHUNK_BYTES))))
        except OSError:
            return None

    def write(self, data: bytes) -> None:
        """Send bytes."""
        try:
            self._serial.write(data)
        except OSError as error:
            raise _absent(self.name, error) from error

    def close(self) -> None:
        """Leave the port to others."""
        self._serial.close()


def open_port(name: str, baud: int) -> Port:
    """The port called `name`: "-", "tcp:HOST:PORT", a file, or else a serial port at `baud`.

    Raises:
        UsageError: a socket without a port.
        ToolError: it cannot be opened, or pyserial is not installed.
    """
    if name == STANDARD_INPUT or Path(name).is_file():
        return FilePort(name)
    return SocketPort(name) if name.startswith(SOCKET_PREFIX) else SerialPort(name, baud)


def _absent(name: str, error: Exception) -> ToolError:
    return ToolError(
        "a port is there and free",
        found=f"{name}: {reason(error)}",
        next_step="check its name, its cable, and that no other program has it",
    )
