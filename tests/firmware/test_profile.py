"""Profile of the anchor model on nrf52: figures that add up, below every figure of TensorFlow Lite Micro."""

import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.contracts import ANCHOR

from splkit import boards
from splkit.codegen.compile import compile_model
from splkit.codegen.operators.base import Layer
from splkit.firmware.binary.elf import Elf
from splkit.firmware.binary.stack import stack_bound_of
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.manifest import read_manifest
from splkit.firmware.profiling.profile import STEPS, Profile, profile
from splkit.firmware.simulators.application import run_application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.inference import infer_core

FS_HZ = 300


@pytest.fixture(scope="module")
def folder(anchor_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The anchor model, exported for nrf52."""
    model, board = anchor_dir / "dscrnn_4k_int8.tflite", boards.load("nrf52")
    out = tmp_path_factory.mktemp("profile") / "nrf52"
    export(ExportRequest.for_board(model, board, ANCHOR), out)
    return out


@pytest.fixture(scope="module")
def beats() -> NDArray[np.int16]:
    """10 s of narrow beats of 1 mV, 0.8 s apart."""
    t_s = np.arange(10 * FS_HZ) / FS_HZ
    return (455 * np.exp(-((((t_s % 0.8) - 0.4) / 0.015) ** 2))).astype(np.int16)


@pytest.fixture(scope="module")
def figures(folder: Path, beats: NDArray[np.int16]) -> Profile:
    steps: list[int] = []
    before = sorted(path.name for path in folder.iterdir())
    figures = profile(folder, beats, steps.append)
    assert sum(steps) == STEPS + len(beats)
    assert sorted(path.name for path in folder.iterdir()) == before
    return figures


def test_every_golden_input_gives_the_oracles_output_on_the_elf(folder: Path, anchor_dir: Path) -> None:
    golden = np.load(anchor_dir / "dscrnn_4k_golden.npz")
    inputs = golden["inputs"].reshape(64, 270).astype(np.int8)
    assert infer_core(folder / "firmware.elf", inputs).ravel().tolist() == golden["outputs_tflm"].tolist()


def test_layers_are_those_of_the_model_and_add_up(figures: Profile, folder: Path) -> None:
    model = compile_model((folder / "model" / "model.tflite").read_bytes(), "model.tflite")
    assert [layer.name for layer in figures.layers] == [layer.name for layer in model.layers]
    assert sum(layer.macs for layer in figures.layers) == model.macs
    within_layers = sum(layer.instructions for layer in figures.layers)
    assert 0 < figures.instructions - within_layers < 200


def test_a_fused_layer_says_what_it_computes(figures: Profile) -> None:
    assert any(" + " in layer.operators for layer in figures.layers)
    for layer in figures.layers:
        assert layer.name.endswith(layer.operators.split(" + ")[0].lower())
        assert (layer.instructions_a_mac is None) == (layer.macs == 0)


def test_the_arena_is_planned_without_overlap(figures: Profile, folder: Path) -> None:
    step = {layer.name: i for i, layer in enumerate(figures.layers)}
    assert figures.arena_bytes == read_manifest(folder).arena_bytes < figures.ram_bytes
    end = max(each.offset + each.size for each in figures.memory)
    assert figures.arena_bytes - 4 < end <= figures.arena_bytes
    for layer in figures.layers:
        alive = sorted(
            (each.offset, each.size)
            for each in figures.memory
            if step[each.first] <= step[layer.name] <= step[each.last]
        )
        assert sum(size for _, size in alive) == layer.arena_bytes
        assert all(a + size <= b for (a, size), (b, _) in pairwise(alive))


def constant_bytes(layer: Layer) -> int:
    itemsize = {"int8_t": 1, "int16_t": 2, "int32_t": 4}
    own = sum(
        array.values.size * itemsize[array.ctype] for array in layer.arrays.values() if not array.struct
    )
    return own + sum(constant_bytes(part) for part in layer.parts.values())


def test_a_layers_flash_holds_its_constants(figures: Profile, folder: Path) -> None:
    model = compile_model((folder / "model" / "model.tflite").read_bytes(), "model.tflite")
    constants = {layer.name: constant_bytes(layer) for layer in model.all_layers}
    for layer in figures.layers:
        assert constants[layer.name] < layer.flash_bytes <= constants[layer.name] + 400, layer.name
    assert 0 < figures.shared_flash_bytes < figures.flash_bytes / 2
    assert (
        figures.shared_flash_bytes + sum(each.flash_bytes for each in figures.layers) == figures.flash_bytes
    )


def test_the_stack_is_under_the_bound_of_the_deepest_layer(figures: Profile, folder: Path) -> None:
    of_inference = stack_bound_of(Elf(folder / "firmware.elf"), "spl_infer")
    deepest = max(layer.stack_bound_bytes for layer in figures.layers)
    assert figures.stack_bytes <= of_inference < figures.stack_bound_bytes
    assert of_inference - 64 < deepest < of_inference  # 64: the frame of spl_infer itself


def test_inference_costs_less_than_every_build_of_tflm(figures: Profile, root: Path) -> None:
    rows = tomllib.loads((root / "bench" / "tflm.toml").read_text())["build"]
    assert len(rows) == 4
    for row in rows:
        for figure in ("flash_bytes", "ram_bytes", "stack_bytes", "instructions"):
            assert getattr(figures, figure) < row[figure], figure


def test_the_whole_firmware_holds_the_inference(figures: Profile) -> None:
    stack_bytes = boards.load("nrf52").memory.stack_bytes
    assert figures.flash_bytes < figures.firmware_flash_bytes
    assert figures.ram_bytes + stack_bytes < figures.firmware_ram_bytes
    assert figures.stack_bytes < figures.stack_bound_bytes <= 0.75 * stack_bytes
    # With personal calibration, Nordic's anomalies, alarms, signatures, encryption, and cycles under motion.
    assert figures.firmware_flash_bytes <= 31 * 1024
    assert figures.firmware_ram_bytes <= 8 * 1024


def test_the_front_end_is_counted_sample_by_sample(figures: Profile, beats: NDArray[np.int16]) -> None:
    assert figures.front_end is not None
    assert figures.front_end.samples == len(beats)
    assert 0 < figures.front_end.mean_instructions < figures.front_end.worst_instructions


def test_the_application_leaves_a_quarter_of_the_stack(folder: Path, beats: NDArray[np.int16]) -> None:
    core = CoreSimulator(folder / "firmware.elf")
    core.paint_stack()
    lines = run_application(core, beats)
    assert any(line.startswith("B ") for line in lines)
    # An interrupt adds a frame with the FPU's registers, and the handler's own.
    assert core.stack_used() + 104 + 64 < 0.75 * core.cpu.stack.size
