"""Compiles the C of a model for the Cortex-M4F and runs it in the core simulator beside the oracle."""

import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.compile import CompiledModel, compile_model
from splkit.codegen.generate import write_model
from splkit.firmware.binary.elf import Elf
from splkit.firmware.build import find_compiler
from splkit.firmware.options import KERNELS
from splkit.firmware.simulators.inference import CoreInference, infer_core
from splkit.quantize.oracle import TflmOracle

ROOT = Path(__file__).parents[2]
CORE = ("-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16")
FLAGS = (*CORE, "-std=c99", "-g", "-Wall", "-Wextra", "-Wconversion", "-Werror")
LINK = ("--specs=nano.specs", "-nostartfiles", "-Wl,--gc-sections", "-Wl,--entry=footprint")
MEMORY = """
SECTIONS {
  . = 0; .text : { *(.text*) *(.rodata*) }
  . = 0x20000000; .data : { *(.data*) } .bss : { *(.bss*) stack_limit = .; . += 4096; stack_top = .; }
}
"""


@cache
def kernel_library(options: str) -> Path:
    """All kernels, compiled once a session with these options."""
    folder = Path(mkdtemp())
    sources = sorted((ROOT / "codegen" / "kernels").glob("*.c"))
    _run([find_compiler(), *FLAGS, *options.split(), "-ffunction-sections", "-c", *sources], folder)
    _run(["arm-none-eabi-ar", "rc", "libkernels.a", *(f"{source.stem}.o" for source in sources)], folder)
    return folder / "libkernels.a"


class Counted(NamedTuple):
    """What one inference takes, and the instructions of each layer's function."""

    instructions: int
    stack_bytes: int
    flash_bytes: int
    layers: dict[str, int]


class CoreModel:
    """The generated inference of a model in a simulated Cortex-M4F, held to its context and its output."""

    def __init__(
        self,
        content: bytes,
        folder: Path,
        options: str = " ".join(KERNELS),
        *,
        ram_bytes: int | None = None,
    ) -> None:
        self._oracle = TflmOracle(content)
        self.model: CompiledModel = compile_model(content, "test.tflite", ram_bytes)
        write_model(self.model, folder)
        (folder / "memory.ld").write_text(MEMORY)
        sources = ["lib/spl_model.c", ROOT / "firmware" / "app" / "footprint.c", kernel_library(options)]
        include = ["-Iinclude", f"-I{ROOT / 'codegen' / 'kernels'}"]
        command = [find_compiler(), *FLAGS, *options.split(), *include, *LINK, "-Tmemory.ld"]
        _run([*command, "-o", "model.elf", *sources], folder)
        self._elf = folder / "model.elf"

    def mismatches(self, inputs: NDArray[np.int8]) -> int:
        """How many outputs differ from the oracle's."""
        rows = np.ascontiguousarray(inputs, np.int8).reshape(len(inputs), -1)
        outputs = infer_core(self._elf, rows, self.model.output_size)
        return int(np.count_nonzero(outputs != self._oracle.run(inputs)))

    def count(self, values: NDArray[np.int8]) -> Counted:
        """What one inference takes."""
        inference = CoreInference(self._elf, self.model.input_size, self.model.output_size)
        inference.core.paint_stack()
        with inference.core.counting("spl_layer_") as counter:
            inference.infer(np.ascontiguousarray(values, np.int8).ravel())
        layers = {name.partition(".")[0]: calls.instructions for name, calls in counter.calls.items()}
        return Counted(counter.total, inference.core.stack_used(), Elf(self._elf).flash_bytes, layers)


def _run(command: list[object], folder: Path) -> None:
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
