"""A device that is verified over the wire: the firmware in QEMU, in real time, its UART behind a socket."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.qemu_device import device

from splkit.ecg.recordings.readers import read_recording
from splkit.errors import ToolError, UsageError
from splkit.firmware.parity.on_device import device_engine
from splkit.firmware.parity.verify import CountStream, verify
from splkit.firmware.simulators.application import KEY
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.wire.replay import replay
from splkit.firmware.wire.signing import DeviceKey


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


def test_a_device_is_not_replayed_into_without_its_key(folder: Path, tmp_path: Path) -> None:
    counts = counts_for(folder, read_recording("toy"), 4.0)
    with device(folder / "firmware.elf", tmp_path) as (board, _):
        board.use_key(DeviceKey(bytes(16)))
        with pytest.raises(ToolError, match="R ! error signature"):
            replay(board, counts)
        board.use_key(KEY)
        assert replay(board, counts)
