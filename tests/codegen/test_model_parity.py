"""Whole models against the oracle, on the host and on the Cortex-M4F ELF."""

import numpy as np
import pytest
from support.contracts import ANY_NUMBER
from support.host_model import HostModel

from splkit import boards
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.simulators.inference import infer_core
from splkit.quantize.carried import without_card
from splkit.quantize.convert import convert_model
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model
from splkit.train.zoo import dscrnn_4k, randomize


def random_inputs(count: int) -> np.ndarray:
    return np.random.default_rng(1).integers(-128, 128, (count, 270)).astype(np.int8)


def elf_of(content: bytes, folder):
    """The firmware of any model, with weights drawn at random or without a card, for nrf52."""
    path = folder / "model.tflite"
    path.write_bytes(without_card(content))
    export(ExportRequest.for_board(path, boards.load("nrf52"), ANY_NUMBER, accept_weak=True), folder / "out")
    return folder / "out" / "firmware.elf"


def test_the_anchor_model_equals_its_golden_outputs(anchor_dir, tmp_path):
    golden = np.load(anchor_dir / "dscrnn_4k_golden.npz")
    inputs = golden["inputs"].reshape(-1, 270)
    expected = golden["outputs_tflm"].reshape(-1, 1)
    content = (anchor_dir / "dscrnn_4k_int8.tflite").read_bytes()
    assert len(inputs) == 64
    np.testing.assert_array_equal(HostModel(content, tmp_path / "host").run(inputs), expected)
    np.testing.assert_array_equal(infer_core(elf_of(content, tmp_path), inputs), expected)


def test_the_bundled_model_equals_the_oracle(tmp_path):
    content = reference_model().read_bytes()
    inputs = random_inputs(300)
    expected = TflmOracle(content).run(inputs)
    assert len(np.unique(expected)) > 20
    np.testing.assert_array_equal(HostModel(content, tmp_path / "host").run(inputs), expected)
    export(ExportRequest.for_board(reference_model(), boards.load("nrf52")), tmp_path / "out")
    found = infer_core(tmp_path / "out" / "firmware.elf", inputs[:64], 7)
    np.testing.assert_array_equal(found, expected[:64])


@pytest.mark.parametrize("order", ["conv-bn-relu", "conv-relu-bn"])
def test_both_orders_equal_the_oracle(order, tmp_path):
    representative = np.random.default_rng(2).normal(0, 0.5, (64, 270)).astype(np.float32)
    content = convert_model(randomize(dscrnn_4k(order), 1), representative)
    inputs = random_inputs(64)
    expected = TflmOracle(content).run(inputs)
    np.testing.assert_array_equal(HostModel(content, tmp_path / "host").run(inputs), expected)
    np.testing.assert_array_equal(infer_core(elf_of(content, tmp_path), inputs[:16]), expected[:16])
