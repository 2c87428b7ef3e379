"""The ELF that is flashed, on the simulated nRF52840: nrf52.robot by renode-test, and the engine itself."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.stand_in import DEAF, PAUSE, STALL, STUCK, TRAP, export_stand_in

from splkit import boards
from splkit.ecg.readers import read_recording
from splkit.errors import ToolError, UsageError
from splkit.firmware.application import simulate_core
from splkit.firmware.build import build, find_compiler
from splkit.firmware.elf import Elf
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.inference import CoreInference
from splkit.firmware.playback import counts_for
from splkit.firmware.protocol import parse_lines
from splkit.firmware.renode import find_renode_test, platform_files, simulate_renode
from splkit.firmware.twin import Twin
from splkit.quantize.card import card_for
from splkit.quantize.reference import reference_model

HERE = Path(__file__).parent
FS_HZ = 300
RECORDING_S = 60.0
GOLDEN_INPUTS = 64


@pytest.fixture(scope="module")
def renode_test() -> Path:
    """Renode's runner of suites; without Renode, the reason for skipping."""
    try:
        return find_renode_test()
    except ToolError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled model, exported and built for nrf52."""
    folder = tmp_path_factory.mktemp("renode") / "nrf52"
    board = boards.load("nrf52")
    model = reference_model()
    export(ExportRequest(model, card_for(model), board, FS_HZ, board.ecg.uv_per_count), folder)
    return folder


@pytest.fixture(scope="module")
def counts(exported: Path) -> NDArray[np.int16]:
    """A minute of the toy ECG, a recording of a patient."""
    return counts_for(exported, read_recording("toy"), RECORDING_S)


@pytest.fixture
def variables(exported: Path, counts: NDArray[np.int16], tmp_path: Path) -> dict[str, object]:
    """The variables of nrf52.robot, with the files that they name."""
    elf = exported / "firmware.elf"
    platform_files("nrf52", tmp_path)
    counts.astype("<i2").tofile(tmp_path / "recording.i16")
    (tmp_path / "lines.txt").write_text("\n".join(simulate_core(elf, counts)) + "\n")
    return {
        "BOARD": tmp_path,
        "ELF": elf,
        "RECORDING": tmp_path / "recording.i16",
        "LINES": tmp_path / "lines.txt",
        **golden_variables(exported, counts, tmp_path),
    }


def golden_variables(exported: Path, counts: NDArray[np.int16], folder: Path) -> dict[str, object]:
    """Golden inputs, cycles and random ones, and what the oracle and the core engine say of them."""
    twin, inference = Twin(exported), CoreInference(exported / "firmware.elf")
    inputs = np.random.default_rng(3).integers(-128, 128, (GOLDEN_INPUTS, 270)).astype(np.int8)
    cycles = twin.quantize(twin.front_end(counts).cycles)[: GOLDEN_INPUTS // 2]
    inputs[: len(cycles)] = cycles
    with inference.core.counting() as counter:
        for values in inputs:
            inference.infer(values)
    outputs = twin.oracle.run(inputs).ravel().tolist()
    inputs.tofile(folder / "inputs.i8")
    (folder / "outputs.txt").write_text("\n".join(map(str, outputs)) + "\n")
    return {
        "INPUTS": folder / "inputs.i8",
        "OUTPUTS": folder / "outputs.txt",
        "EACH_INPUT": assemble(HERE / "each_input.s", folder / "each_input"),
        "INSTRUCTIONS": counter.total,
    }


def assemble(source: Path, stem: Path) -> Path:
    """The machine code of an assembly source that does not care where it lies."""
    gcc = find_compiler()
    elf, code = stem.with_suffix(".o"), stem.with_suffix(".bin")
    subprocess.run([gcc, "-c", "-o", elf, source], check=True)
    objcopy = gcc.with_name(gcc.name.removesuffix("gcc") + "objcopy")
    subprocess.run([objcopy, "-O", "binary", "-j", ".text", elf, code], check=True)
    return code


def test_nrf52_suite(renode_test: Path, variables: dict[str, object], tmp_path: Path) -> None:
    options = [f"--variable={name}:{value}" for name, value in variables.items()]
    command = [renode_test, *options, "-r", tmp_path / "results", HERE / "nrf52.robot"]
    suite = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert suite.returncode == 0, suite.stdout + suite.stderr
    assert suite.stdout.count("Finished test") == 5, suite.stdout


@pytest.mark.usefixtures("renode_test")
def test_the_engine_says_what_core_says(exported: Path, counts: NDArray[np.int16]) -> None:
    steps: list[int] = []
    lines = simulate_renode(exported / "firmware.elf", "nrf52", counts, FS_HZ, steps.append)
    assert lines == simulate_core(exported / "firmware.elf", counts)
    assert sum(line.startswith("K ") for line in lines) >= 1
    assert sum(steps) == len(counts)


def test_a_board_without_a_platform_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="mps2-an386 runs on core and qemu; found --engine renode"):
        platform_files("mps2-an386", tmp_path)


def test_a_missing_renode_is_said_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RENODE", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError, match=r"none on PATH; install Renode 1\.15 or newer"):
        simulate_renode(tmp_path / "firmware.elf", "nrf52", np.zeros(1, np.int16), FS_HZ)


@pytest.mark.usefixtures("renode_test")
def test_a_fault_resets_the_chip_which_then_says_where_it_was(tmp_path: Path) -> None:
    elf = build(export_stand_in("nrf52", tmp_path / "stand-in")).elf
    counts = np.zeros(900, np.int16)
    counts[[10, 100, 400, 700]] = (1001, TRAP, 1002, 1000)
    banner, before, again, fault, after = simulate_renode(elf, "nrf52", counts, FS_HZ)
    assert banner == again
    assert before == "B 10 0 2199 first"
    assert Elf(elf).function_at(int(fault.removeprefix("E fault "))).name == "spl_push"
    # Sample 100 is seen with its block, whose end is 112. Samples are counted from the reset on.
    assert after.startswith("B ")
    assert 283 <= int(after.split()[1]) <= 400 - 112


@pytest.mark.usefixtures("renode_test")
def test_no_sample_is_lost_while_an_inference_runs(tmp_path: Path) -> None:
    elf = build(export_stand_in("nrf52", tmp_path / "stand-in")).elf
    counts = np.random.default_rng(4).integers(-900, 900, 3011).astype(np.int16)
    counts[::240] = 1001
    counts[[5, 1000, 2000, 2500]] = PAUSE  # half a second each, of the 0.85 s that the ring holds
    lines = simulate_renode(elf, "nrf52", counts, FS_HZ)
    assert lines == simulate_core(elf, counts)
    assert parse_lines(lines).faults == []


@pytest.mark.usefixtures("renode_test")
def test_a_stuck_loop_is_ended_by_the_watchdog_which_says_where_it_was(tmp_path: Path) -> None:
    elf = build(export_stand_in("nrf52", tmp_path / "stand-in")).elf
    counts = np.zeros(2100, np.int16)
    counts[[10, 100, 400, 2050]] = (1001, STUCK, 1002, 1000 + 1)
    banner, before, again, watchdog, after = simulate_renode(elf, "nrf52", counts, FS_HZ)
    assert banner == again
    assert before == "B 10 0 2199 first"
    assert Elf(elf).function_at(int(watchdog.removeprefix("E watchdog "))).name == "spl_push"
    # The watchdog was last fed at the block that holds sample 100, and let 4 s go by.
    assert after.startswith("B ")
    assert 2050 - 112 - 4 * FS_HZ - 5 < int(after.split()[1]) < 2050 - 96 - 4 * FS_HZ


@pytest.mark.usefixtures("renode_test")
def test_with_interrupts_off_the_reset_register_still_tells_of_the_watchdog(tmp_path: Path) -> None:
    elf = build(export_stand_in("nrf52", tmp_path / "stand-in")).elf
    counts = np.zeros(1800, np.int16)
    counts[100] = DEAF
    banner, again, watchdog = simulate_renode(elf, "nrf52", counts, FS_HZ)
    assert banner == again
    assert watchdog == "E watchdog 0"


@pytest.mark.usefixtures("renode_test")
def test_samples_lost_in_a_stall_are_counted(tmp_path: Path) -> None:
    elf = build(export_stand_in("nrf52", tmp_path / "stand-in")).elf
    counts = np.zeros(1200, np.int16)
    counts[[300, 1199]] = (STALL, 1000)
    (fault,) = parse_lines(simulate_renode(elf, "nrf52", counts, FS_HZ)).faults
    assert fault.word == "lost"
    assert 20 < fault.count < 800


@pytest.mark.usefixtures("renode_test")
def test_what_is_no_firmware_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "firmware.elf").write_text("not an ELF")
    with pytest.raises(ToolError, match="without a complaint"):
        simulate_renode(tmp_path / "firmware.elf", "nrf52", np.zeros(300, np.int16), FS_HZ)
