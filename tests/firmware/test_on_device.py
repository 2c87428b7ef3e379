"""A device that is verified over the wire: the firmware in QEMU, in real time, its UART behind a socket."""

import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest
from support.stand_in import FS_HZ

from splkit.children import child
from splkit.ecg.recordings.readers import read_recording
from splkit.errors import ToolError, UsageError
from splkit.firmware.parity.on_device import device_engine
from splkit.firmware.parity.verify import CountStream, verify
from splkit.firmware.simulators.application import KEY
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.simulators.qemu import PSRAM, RECORDING_MAGIC
from splkit.firmware.wire.device import Device
from splkit.firmware.wire.ports import Port, open_port
from splkit.firmware.wire.replay import replay
from splkit.needs import QEMU

SILENCE_S = 120


@contextmanager
def device(elf: Path, scratch: Path) -> Iterator[tuple[Device, str]]:
    """A board whose converter sees nothing for two minutes, and the name of its port."""
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
        port = f"tcp:127.0.0.1:{number}"
        with when_it_listens(port) as opened:
            board = Device(opened)
            assert board.ask(f"provision {KEY.digits}").ok
            board.use_key(KEY)
            yield board, port
        process.kill()


def when_it_listens(port: str) -> Port:
    end = monotonic() + 30
    while True:
        try:
            return open_port(port, 115200)
        except ToolError:
            assert monotonic() < end, "QEMU does not listen"
            sleep(0.05)


@pytest.fixture
def folder(exported_model: Callable[[str], Path]) -> Path:
    return exported_model("mps2-an386")


def test_a_device_says_what_its_twin_says(folder: Path, tmp_path: Path) -> None:
    counts = counts_for(folder, read_recording("toy"), 12.0)
    with device(folder / "firmware.elf", tmp_path) as (board, port):
        engine = device_engine(board, port)
        checks = verify(folder, [CountStream("toy", counts)], inputs=0, cycles=0, engines=[engine])
    found = {check.name: check for check in checks}[f"application, toy, firmware on the device on {port}"]
    assert (found.mismatches, found.compared > 12) == (0, True), found


def test_a_device_that_was_calibrated_or_set_is_not_compared(folder: Path, tmp_path: Path) -> None:
    with device(folder / "firmware.elf", tmp_path) as (board, port):
        assert board.ask("alert 5600 6600").ok
        with pytest.raises(UsageError, match="found 0 blood tests, levels 5600 and 6600"):
            device_engine(board, port)


def test_a_replay_that_was_broken_off_is_ended_first(folder: Path, tmp_path: Path) -> None:
    counts = counts_for(folder, read_recording("toy"), 4.0)
    with device(folder / "firmware.elf", tmp_path) as (board, _):
        assert board.ask("replay start").ok
        assert board.ask("replay 7FFF7FFF7FFF").ok
        said = replay(board, counts)
        assert said and said == replay(board, counts)
        assert board.ask("status").fields[0] == "live"
