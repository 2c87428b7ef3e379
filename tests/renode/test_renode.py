"""The ELF that is flashed, on the simulated nRF52840: the suites by renode-test, and the engine itself."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from support.command_line import splkit_json
from support.renode_suites import SUITES, write_files

from splkit import boards
from splkit.ecg.recordings.readers import read_recording
from splkit.errors import ToolError, UsageError
from splkit.firmware.binary.elf import Elf
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.simulators.application import simulate_core
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.simulators.renode import Peripherals, platform_files, run_renode, simulate_renode
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model

FS_HZ = 300


def export_for(name: str, folder: Path) -> Path:
    """The bundled model, exported and built for a board."""
    board, model = boards.load(name), reference_model()
    export(ExportRequest(model, card_for(model), board, board.ecg.fs_hz, board.ecg.uv_per_count), folder)
    return folder


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The bundled model for a board."""
    folder = tmp_path_factory.mktemp("renode")
    return cache(lambda board: export_for(board, folder / board))


@pytest.fixture(scope="module")
def files(
    exported: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, object]]:
    """The folder of what the suites need, and their variables."""
    folder = tmp_path_factory.mktemp("files")
    variables = write_files(exported("nrf52"), exported("nrf52-max30003"), folder)
    return folder, {"FILES": folder, **variables}


@pytest.mark.parametrize("suite", [*sorted(path.stem for path in SUITES.glob("*.robot")), "scenarios"])
def test_suite(renode_test: Path, suite: str, files: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    folder, variables = files
    source = next(path for path in (SUITES / f"{suite}.robot", folder / f"{suite}.robot") if path.exists())
    options = [f"--variable={name}:{value}" for name, value in variables.items()]
    command = [renode_test, *options, "-r", tmp_path / "results", source]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=os.environ)
    cases = len(re.findall(r"^\S.*$", source.read_text().partition("*** Test Cases ***\n")[2], re.MULTILINE))
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("Finished test") == cases > 0, run.stdout


@pytest.mark.usefixtures("renode_test")
@pytest.mark.parametrize(
    ("board", "peripherals"), [("nrf52", "splkit"), ("nrf52", "renode"), ("nrf52-max30003", "splkit")]
)
def test_the_engine_says_what_core_says(
    board: str, peripherals: Peripherals, exported: Callable[[str], Path]
) -> None:
    elf, fs_hz = exported(board) / "firmware.elf", boards.load(board).ecg.fs_hz
    counts = counts_for(exported(board), read_recording("toy"), 20.0)
    steps: list[int] = []
    run = run_renode(elf, board, counts, fs_hz, steps.append, peripherals)
    assert run.lines == simulate_core(elf, counts)
    assert sum(line.startswith("K ") for line in run.lines) >= 1
    assert sum(steps) == len(counts) == run.samples


@pytest.mark.usefixtures("renode_test")
def test_verify_runs_a_signed_export_from_its_slot(tmp_path: Path) -> None:
    key, folder = tmp_path / "key.pem", tmp_path / "signed"
    make_key = [sys.executable, "-m", "imgtool.main", "keygen", "-k", key, "-t", "ecdsa-p256"]
    subprocess.run(make_key, check=True, capture_output=True)
    splkit_json("export", "--board", "nrf52", "--sign", str(key), "--out", str(folder))
    slot = boards.load("nrf52").mcuboot
    assert slot is not None
    assert Elf(folder / "firmware.elf").symbol("vectors").address == slot.slot.origin + slot.header_bytes
    options = ("--engine", "renode", "--inputs", "4", "--cycles", "4", "--duration", "20")
    checks = splkit_json("verify", str(folder), *options)
    assert checks[-1]["name"] == "application, toy, ECG, firmware on renode"
    assert checks[-1]["compared"] > 30
    assert {check["mismatches"] for check in checks} == {0}


def test_a_board_without_a_platform_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="mps2-an386 runs on core and qemu; found --engine renode"):
        platform_files("mps2-an386", tmp_path)


def test_a_missing_renode_is_said_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RENODE", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError, match=r"none on PATH; unpack a release, 1\.16 or newer"):
        simulate_renode(tmp_path / "firmware.elf", "nrf52", np.zeros(1, np.int16), FS_HZ)


@pytest.mark.usefixtures("renode_test")
def test_what_is_no_firmware_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "firmware.elf").write_text("not an ELF")
    with pytest.raises(ToolError, match="without a complaint"):
        simulate_renode(tmp_path / "firmware.elf", "nrf52", np.zeros(300, np.int16), FS_HZ)
