"""Compiles the C of a model for this machine and runs it beside the oracle."""

import ctypes
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.compile import CompiledModel, compile_model
from splkit.codegen.generate import write_model
from splkit.firmware.parity.host import load_library
from splkit.quantize.oracle import TflmOracle


class HostModel:
    """The generated inference of a model, without front end."""

    def __init__(self, content: bytes, folder: Path) -> None:
        self._oracle = TflmOracle(content)
        self.model: CompiledModel = compile_model(content, "test.tflite")
        write_model(self.model, folder)
        self._infer = load_library(folder, [*folder.glob("lib/**/*.c")]).spl_infer
        self._infer.argtypes = (ctypes.c_void_p,) * 3
        # Poison: nothing may depend on what the arena held before.
        self._arena = np.full(self.model.arena_bytes, 0x5A, np.uint8)

    def run(self, inputs: NDArray[np.int8]) -> NDArray[np.int8]:
        """int8[n, m] outputs for int8[n, ...] inputs."""
        rows = np.ascontiguousarray(inputs, np.int8).reshape(len(inputs), -1)
        outputs = np.zeros((len(rows), self.model.output_size), np.int8)
        for row, output in zip(rows, outputs, strict=True):
            assert self._infer(self._arena.ctypes.data, row.ctypes.data, output.ctypes.data) == 0
        return outputs

    def mismatches(self, inputs: NDArray[np.int8]) -> int:
        """How many outputs differ from the oracle's."""
        return int(np.count_nonzero(self.run(inputs) != self._oracle.run(inputs)))
