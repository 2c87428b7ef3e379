"""What the suites in tests/renode need, in one folder: firmware, recordings, scenarios, what is expected."""

import json
import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from support.scenarios import Scenario, scenarios
from support.stand_in import DEAF, FS_HZ, PAUSE, STALL, STUCK, TRAP, board_at_vddh, export_stand_in

from splkit import boards
from splkit.ecg.recordings.readers import read_recording
from splkit.firmware.binary.elf import Elf
from splkit.firmware.binary.stack import stack_bound
from splkit.firmware.build import build, find_compiler
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.inference import CoreInference
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.simulators.renode import platform_files
from splkit.firmware.wire.framing import frame

SUITES = Path(__file__).parents[1] / "renode"
RECORDING_S = 60.0
LEAD_OFF_S = 60
GOLDEN_INPUTS = 64
RAILS_S, RAILS_GAIN = 30, 10
SWING = (100 << 14) // 3600
LOWEST, HIGHEST = SWING - (1 << 13), (3500 << 14) // 3600 - SWING - (1 << 13)
"""Counts from which on the amplifier is on its rails: 0.1 V from ground, and from the supply of 3.5 V."""
PAINT = b"\xa5"
SAMPLES = {
    "trap": ({10: 1001, 100: TRAP, 400: 1002, 700: 1000}, 1200),
    "stuck": ({10: 1001, 100: STUCK, 400: 1002, 2050: 1001}, 2400),
    "deaf": ({100: DEAF}, 1800),
    "stall": ({300: STALL, 1199: 1000}, 1300),
    "pauses": (dict.fromkeys(range(0, 3000, 240), 1001) | dict.fromkeys((5, 1000, 2000, 2500), PAUSE), 3300),
    "silence": ({}, 900 * FS_HZ),
    "short": ({}, FS_HZ),
    "critical": (dict.fromkeys(range(300, 60 * FS_HZ, 240), 6600), 60 * FS_HZ),
    "high": (dict.fromkeys(range(3000, 60 * FS_HZ, 240), 5600), 60 * FS_HZ),
}
"""Recordings of faults.robot and others: what some samples are, the others are 0, and how many there are."""


def write_files(exported: Path, with_max30003: Path, folder: Path) -> dict[str, int]:
    """Write the files of all suites into `folder`; returns the variables that they need beside FILES.

    Args:
        exported: the bundled model, exported and built for nrf52.
        with_max30003: the same for nrf52-max30003.
        folder: an empty one.
    """
    platform_files("nrf52", folder)
    for name, source in (("firmware", exported), ("max30003", with_max30003)):
        (folder / f"{name}.elf").write_bytes((source / "firmware.elf").read_bytes())
    stand_in = build(export_stand_in("nrf52", folder / "stand-in")).elf
    (folder / "stand_in.elf").write_bytes(stand_in.read_bytes())
    at_vddh = build(export_stand_in(board_at_vddh("nrf52"), folder / "at-vddh")).elf
    (folder / "at_vddh.elf").write_bytes(at_vddh.read_bytes())
    for name, (values, size) in SAMPLES.items():
        counts = np.zeros(size, "<i2")
        counts[list(values)] = list(values.values())
        counts.tofile(folder / f"{name}.i16")
    counts = counts_for(exported, read_recording("toy"), RECORDING_S)
    off = np.zeros(LEAD_OFF_S * FS_HZ, np.int16)
    _play(exported, counts, folder / "recording")
    _play(exported, np.concatenate([counts[: 20 * FS_HZ], off, counts[20 * FS_HZ :]]), folder / "lead_off")
    _play(exported, counts[: RAILS_S * FS_HZ] * RAILS_GAIN, folder / "rails")
    _play(with_max30003, counts_for(with_max30003, read_recording("toy"), RECORDING_S), folder / "max30003")
    (folder / "scenarios.robot").write_text(_scenario_suite(folder))
    misbehaving = Elf(stand_in).symbol("spl_push")
    where = {"PUSH_START": misbehaving.address, "PUSH_END": misbehaving.address + misbehaving.size}
    return where | _stack(exported, folder) | _golden(exported, counts, folder)


def _stack(exported: Path, folder: Path) -> dict[str, int]:
    """A stack full of paint, its size, and the bound of what a run takes of it."""
    size = boards.load("nrf52").memory.stack_bytes
    (folder / "paint.bin").write_bytes(PAINT * size)
    return {"STACK_BYTES": size, "STACK_BOUND": stack_bound(Elf(exported / "firmware.elf")).bytes}


def _play(exported: Path, counts: NDArray[np.int16], stem: Path) -> None:
    """Writes a recording, int16[n], and what the twin says of it, as the board's converter takes it."""
    twin = Twin(exported)
    counts.astype("<i2").tofile(stem.with_suffix(".i16"))
    if boards.load(twin.manifest.board).ecg.sampler == "adc":
        counts = np.select([counts <= LOWEST, counts >= HIGHEST], [-32768, 32767], counts).astype(np.int16)
    lines = twin.lines(twin.front_end(counts), len(counts))
    stem.with_suffix(".txt").write_text("\n".join(lines) + "\n")


def _scenario_suite(folder: Path) -> str:
    """A test case a scenario of tests/system/scenarios.toml, whose recording and steps are written, too."""
    cases = []
    for number, scenario in enumerate(scenarios()):
        scenario.counts.astype("<i2").tofile(folder / f"scenario{number}.i16")
        (folder / f"scenario{number}.json").write_text(json.dumps(_steps(scenario)))
        cases.append(f"{scenario.name}\n    Play Scenario    scenario{number}\n")
    settings = f"Resource    {SUITES / 'nrf52.resource'}\nTest Teardown    Nothing Was Amiss\n"
    return f"*** Settings ***\n{settings}\n*** Test Cases ***\n" + "\n".join(cases)


def _steps(scenario: Scenario) -> dict[str, object]:
    """The scenario as `Play Scenario` of nrf52.resource takes it."""
    steps = []
    for step in scenario.steps:
        kind, _, what = step.partition(" ")
        steps.append((kind[0], f"{frame(what)}\n" if kind == ">" else what))
    return {"steps": steps, "never": scenario.never}


def _golden(exported: Path, counts: NDArray[np.int16], folder: Path) -> dict[str, int]:
    """Golden inputs, cycles and random ones, and what the oracle and the core engine say of them."""
    twin = Twin(exported)
    outputs_each = twin.device.oracle.run(np.zeros((1, 270), np.int8)).size
    inference = CoreInference(exported / "firmware.elf", output_size=outputs_each)
    inputs = np.random.default_rng(3).integers(-128, 128, (GOLDEN_INPUTS, 270)).astype(np.int8)
    cycles = twin.device.quantize(twin.front_end(counts).cycles)[: GOLDEN_INPUTS // 2]
    inputs[: len(cycles)] = cycles
    with inference.core.counting() as counter:
        for values in inputs:
            inference.infer(values)
    outputs = twin.device.oracle.run(inputs).ravel().tolist()
    inputs.tofile(folder / "inputs.i8")
    (folder / "outputs.txt").write_text("\n".join(map(str, outputs)) + "\n")
    _assemble(SUITES / "each_input.s", folder / "each_input")
    return {"INSTRUCTIONS": counter.total, "INPUT_COUNT": GOLDEN_INPUTS, "OUTPUT_SIZE": outputs_each}


def _assemble(source: Path, stem: Path) -> None:
    """The machine code of an assembly source that does not care where it lies, as `stem`.bin."""
    gcc = find_compiler()
    subprocess.run([gcc, "-c", "-o", stem.with_suffix(".o"), source], check=True)
    objcopy = gcc.with_name(gcc.name.removesuffix("gcc") + "objcopy")
    options = ["-O", "binary", "-j", ".text"]
    subprocess.run([objcopy, *options, stem.with_suffix(".o"), stem.with_suffix(".bin")], check=True)
