"""The firmware in QEMU, in real time, its UART behind a socket: a device at a port."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import numpy as np
from support.stand_in import FS_HZ

from splkit.children import child
from splkit.errors import ToolError
from splkit.firmware.simulators.application import KEY
from splkit.firmware.simulators.qemu import PSRAM, RECORDING_MAGIC
from splkit.firmware.wire.device import Device
from splkit.firmware.wire.ports import Port, open_port
from splkit.needs import QEMU

SILENCE_S = 120


@contextmanager
def port_of(elf: Path, scratch: Path) -> Iterator[str]:
    """The name of the port of a board whose converter sees nothing for two minutes."""
    recording = scratch / "silence.bin"
    header = np.array([RECORDING_MAGIC, SILENCE_S * FS_HZ], "<u4").tobytes()
    recording.write_bytes(header + bytes(2 * SILENCE_S * FS_HZ))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number = probe.getsockname()[1]
    command = [
        *(str(QEMU.path()), "-machine", "mps2-an386", "-kernel", str(elf), "-icount", "shift=4"),
        *("-device", f"loader,file={recording},addr={PSRAM:#x},force-raw=on"),
        *("-semihosting-config", "enable=on,target=native", "-display", "none", "-monitor", "none"),
        *("-serial", f"tcp:127.0.0.1:{number},server=on,wait=on"),
    ]
    with child(command, cwd=scratch, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield f"tcp:127.0.0.1:{number}"
        process.kill()


@contextmanager
def device(elf: Path, scratch: Path) -> Iterator[tuple[Device, str]]:
    """Such a board, with a key, and the name of its port."""
    with port_of(elf, scratch) as port, when_it_listens(port) as opened:
        board = Device(opened)
        assert board.ask(f"provision {KEY.digits}").ok
        board.use_key(KEY)
        yield board, port


def when_it_listens(port: str) -> Port:
    end = monotonic() + 30
    while True:
        try:
            return open_port(port, 115200)
        except ToolError:
            assert monotonic() < end, "QEMU does not listen"
            sleep(0.05)
