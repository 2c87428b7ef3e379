"""The whole firmware in QEMU says what its functions say on the core engine, and says what goes wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.stand_in import DEAF, FS_HZ, OVERFLOW, PAUSE, STALL, STRAY, STUCK, TRAP

from splkit.errors import ToolError
from splkit.firmware.simulators import qemu
from splkit.firmware.simulators.application import simulate_core
from splkit.firmware.simulators.qemu import simulate_qemu
from splkit.firmware.wire.protocol import parse_lines


@pytest.fixture
def elf(built: Callable[[str], Path]) -> Path:
    return built("mps2-an386") / "firmware.elf"


def spoilt(sample: int) -> NDArray[np.int16]:
    """3 s with a beat, and one sample that makes the stand-in library misbehave."""
    counts = np.zeros(900, np.int16)
    counts[10], counts[500] = 1001, sample
    return counts


def test_thirty_seconds_are_the_same_on_qemu_and_core(elf: Path, thirty_seconds: NDArray[np.int16]) -> None:
    steps: list[int] = []
    lines = simulate_qemu(elf, thirty_seconds, FS_HZ, steps.append)
    assert lines == simulate_core(elf, thirty_seconds)
    assert sum(line.startswith("B ") for line in lines) == 38
    assert sum(line.startswith("K ") for line in lines) == 9
    assert sum(steps) == len(thirty_seconds)


def test_an_empty_recording_ends_after_the_banner(elf: Path) -> None:
    assert len(simulate_qemu(elf, np.zeros(0, np.int16), FS_HZ)) == 1


@pytest.mark.parametrize(
    ("sample", "found"),
    [
        (TRAP, r"a fault at 0x\w+, in spl_push"),
        (STRAY, "in spl_push"),
        (OVERFLOW, "a fault with the stack pointer outside of the RAM"),
    ],
)
def test_a_fault_is_reported_with_its_function(elf: Path, sample: int, found: str) -> None:
    with pytest.raises(ToolError, match=found):
        simulate_qemu(elf, spoilt(sample), FS_HZ)


def test_samples_lost_in_a_stall_are_counted(elf: Path) -> None:
    lines = simulate_qemu(elf, spoilt(STALL), FS_HZ)
    (fault,) = parse_lines(lines).faults
    assert fault.word == "lost"
    assert 20 < fault.count < 400


def test_no_sample_is_lost_in_half_a_second_of_inference(elf: Path) -> None:
    lines = simulate_qemu(elf, spoilt(PAUSE), FS_HZ)
    assert lines == simulate_core(elf, spoilt(PAUSE))
    assert parse_lines(lines).faults == []


@pytest.mark.parametrize("sample", [STUCK, DEAF])
def test_a_stuck_loop_is_ended_by_the_watchdog(elf: Path, sample: int) -> None:
    with pytest.raises(ToolError, match=r"a loop without an end at 0x\w+, in spl_push"):
        simulate_qemu(elf, spoilt(sample), FS_HZ)


def test_a_recording_longer_than_the_memory_is_refused(elf: Path) -> None:
    with pytest.raises(ToolError, match="at most 8384508 samples"):
        simulate_qemu(elf, np.zeros(1 << 23, np.int16), FS_HZ)


def test_a_run_without_an_end_is_ended(elf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qemu, "TIMEOUT_S", 0)
    with pytest.raises(ToolError, match="runs to the end of the recording"):
        simulate_qemu(elf, np.zeros(30, np.int16), FS_HZ)


def test_a_missing_qemu_is_said_with_what_to_install(elf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QEMU", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError, match="apt-get install qemu-system-arm"):
        simulate_qemu(elf, np.zeros(30, np.int16), FS_HZ)


def test_paths_may_hold_commas(elf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = tmp_path / "a, b"
    odd.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(odd))
    copy = Path(shutil.copy(elf, odd / "firmware.elf"))
    assert parse_lines(simulate_qemu(copy, spoilt(0), FS_HZ)).faults == []
