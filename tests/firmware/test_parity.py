"""The bundled model on the instruction set of each board's core: equal to the oracle, bit for bit."""

from pathlib import Path

import numpy as np
import pytest

from splkit import boards
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.inference import infer_core
from splkit.quantize.card import card_for
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model

FS_HZ = 300
INPUTS = 16


@pytest.mark.parametrize("name", ["nrf52", "nrf5340", "rp2040"])  # Cortex-M4, M33 and M0+
def test_every_output_is_the_oracles(name: str, tmp_path: Path) -> None:
    board, model = boards.load(name), reference_model()
    export(ExportRequest(model, card_for(model), board, FS_HZ, board.ecg.uv_per_count), tmp_path / name)
    inputs = np.random.default_rng(7).integers(-128, 128, (INPUTS, 270)).astype(np.int8)
    inputs[0], inputs[1] = -128, 127
    outputs = infer_core(tmp_path / name / "firmware.elf", inputs)
    oracle = TflmOracle(model.read_bytes()).run(inputs)
    assert outputs.ravel().tolist() == oracle.ravel().tolist()
    assert len(set(outputs.ravel().tolist())) > 3
