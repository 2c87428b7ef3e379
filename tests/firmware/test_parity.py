"""The bundled model on the instruction set of each board's core: equal to the oracle, bit for bit."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from splkit.firmware.simulators.inference import infer_core
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model

INPUTS = 16


@pytest.mark.parametrize("board", ["nrf52", "nrf5340", "rp2040"])  # Cortex-M4, M33 and M0+
def test_every_output_is_the_oracles(board: str, exported_model: Callable[[str], Path]) -> None:
    inputs = np.random.default_rng(7).integers(-128, 128, (INPUTS, 270)).astype(np.int8)
    inputs[0], inputs[1] = -128, 127
    oracle = TflmOracle(reference_model().read_bytes()).run(inputs)
    outputs = infer_core(exported_model(board) / "firmware.elf", inputs, oracle.shape[1])
    assert outputs.tolist() == oracle.tolist()
    assert len(set(outputs.ravel().tolist())) > 3
