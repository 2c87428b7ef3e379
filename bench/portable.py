"""Prints what an inference costs on other cores, and whether it is the oracle's equal there.

    python bench/portable.py [MODEL.tflite] [--inputs N] [--json]

Without MODEL it takes the bundled one. Each core's own code runs on unicorn, or on QEMU where unicorn has no
such core: the portable C kernels on cores without Arm's DSP extension, the others on the rest. A core whose
compiler or simulator is missing is named and left out.
"""

import argparse
import json
import shutil
import struct
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import emulated
import numpy as np
import unicorn
from elftools.elf.elffile import ELFFile
from rich.table import Table
from unicorn import arm_const, riscv_const

from splkit.codegen.compile import compile_model
from splkit.codegen.generate import write_model
from splkit.console import out
from splkit.firmware.options import KERNELS
from splkit.firmware.simulators.counting import thumb_instructions
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model

FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-ffunction-sections", "-fdata-sections"]
LINK = ["-nostartfiles", "-Wl,--gc-sections", "-Wl,-Tmemory.ld"]
PAGE, ARGUMENTS, STOP, STACK_TOP = 4096, 0x6000_0000, 0x7000_0000, 0x5001_0000
MEMORY = """
SECTIONS {
  . = 0x10000; .text : { *(.text*) *(.rodata*) *(.srodata*) }
  . = 0x20000000; .data : { *(.data*) *(.sdata*) } .bss : { *(.bss*) *(.sbss*) }
  /DISCARD/ : { *(.ARM.exidx*) *(.eh_frame*) }
}
"""
CALLER = """#include "spl_model.h"
static spl_model_t model;
int run(const int8_t *input, int8_t *output);
int run(const int8_t *input, int8_t *output) { return spl_infer(&model, input, output); }
"""


@dataclass(frozen=True)
class Family:
    """Cores of one instruction set: their compiler, unicorn's constants, how long instructions are."""

    compiler: str
    package: str
    mode: tuple[int, int]
    arguments: tuple[int, int]
    stack: int
    returns_to: int
    result: int
    thumb: int
    instructions: Callable[[bytes], int]


@dataclass(frozen=True)
class Core:
    """One core, as GCC and unicorn are told."""

    name: str
    family: Family
    flags: tuple[str, ...]


def riscv_instructions(code: bytes) -> int:
    """How many instructions a straight run of RISC-V code holds: two low bits tell 4 bytes from 2."""
    count = at = 0
    while at < len(code):
        at += 4 if code[at] & 3 == 3 else 2
        count += 1
    return count


ARM = Family(
    compiler="arm-none-eabi-gcc",
    package="gcc-arm-none-eabi",
    mode=(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS),
    arguments=(arm_const.UC_ARM_REG_R0, arm_const.UC_ARM_REG_R1),
    stack=arm_const.UC_ARM_REG_SP,
    returns_to=arm_const.UC_ARM_REG_LR,
    result=arm_const.UC_ARM_REG_R0,
    thumb=1,
    instructions=thumb_instructions,
)
RISCV = Family(
    compiler="riscv64-unknown-elf-gcc",
    package="gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf",
    mode=(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32),
    arguments=(riscv_const.UC_RISCV_REG_A0, riscv_const.UC_RISCV_REG_A1),
    stack=riscv_const.UC_RISCV_REG_SP,
    returns_to=riscv_const.UC_RISCV_REG_RA,
    result=riscv_const.UC_RISCV_REG_A0,
    thumb=0,
    instructions=riscv_instructions,
)
NANO = ("-mthumb", "--specs=nano.specs")
CORES = (
    Core("Cortex-M4F", ARM, ("-mcpu=cortex-m4", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", *NANO)),
    Core("Cortex-M7", ARM, ("-mcpu=cortex-m7", "-mfloat-abi=hard", "-mfpu=fpv5-d16", *NANO)),
    Core("Cortex-M33", ARM, ("-mcpu=cortex-m33", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16", *NANO)),
    Core("Cortex-M33, no DSP", ARM, ("-mcpu=cortex-m33+nodsp", "-mfloat-abi=soft", *NANO)),
    Core("Cortex-M0+", ARM, ("-mcpu=cortex-m0plus", "-mfloat-abi=soft", *NANO)),
    Core("RISC-V rv32imc", RISCV, ("-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs")),
)


def build(compiler: str, flags: Sequence[str], model: Path, folder: Path, caller: str, entry: str) -> Path:
    """Compiles one inference with a file that calls it, and links by the folder's script; its ELF."""
    write_model(compile_model(model.read_bytes(), model.name), folder)
    include = ["-Iinclude", "-Ilib/kernels"]
    commands = [
        [*KERNELS, "-c", *sorted(folder.glob("lib/kernels/*.c"))],
        ["-Os", "-c", "lib/spl_model.c", caller],
    ]
    for command in commands:
        _run([compiler, *flags, *FLAGS, *include, *command], folder)
    objects = sorted(folder.glob("*.o"))
    _run([compiler, *flags, *LINK, f"-Wl,--entry={entry}", "-o", "model.elf", *objects], folder)
    return folder / "model.elf"


def _run(command: list[Any], folder: Path) -> None:
    done = subprocess.run([str(each) for each in command], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr)


def flash_bytes(program: ELFFile) -> int:
    """What a program takes of flash."""
    allocated = [each for each in program.iter_sections() if each["sh_flags"] & 2]
    return sum(each["sh_size"] for each in allocated if each["sh_type"] != "SHT_NOBITS")


class Machine:
    """A core with an inference in its memory."""

    def __init__(self, family: Family, elf: Path) -> None:
        self.family, self.runs = family, Counter[tuple[int, int]]()
        self.uc = unicorn.Uc(*family.mode)
        with elf.open("rb") as stream:
            program = ELFFile(stream)
            self.flash = flash_bytes(program)
            self.entry = int(program["e_entry"])
            loaded = [each for each in program.iter_segments("PT_LOAD") if each["p_memsz"] > 0]
            parts = [(each["p_vaddr"], each["p_memsz"], each.data()) for each in loaded]
        fixed = [(ARGUMENTS, PAGE, b""), (STOP, PAGE, b""), (STACK_TOP - PAGE * 4, PAGE * 4, b"")]
        for address, size, data in [*parts, *fixed]:
            first = address // PAGE * PAGE
            self.uc.mem_map(first, -(-(address + size - first) // PAGE) * PAGE)
            self.uc.mem_write(address, data)
        self.uc.hook_add(unicorn.UC_HOOK_BLOCK, self._count)

    def _count(self, _uc: Any, address: int, size: int, _data: Any) -> None:
        self.runs[address, size] += 1

    def infer(self, values: np.ndarray) -> int:
        """The first output of one inference; `runs` counts its blocks."""
        uc, family = self.uc, self.family
        self.runs.clear()
        uc.mem_write(ARGUMENTS, values.tobytes())
        for register, value in zip(family.arguments, (ARGUMENTS, ARGUMENTS + values.size), strict=True):
            uc.reg_write(register, value)
        uc.reg_write(family.stack, STACK_TOP)
        uc.reg_write(family.returns_to, STOP | family.thumb)
        uc.emu_start(self.entry | family.thumb, STOP)
        if uc.reg_read(family.result) != 0:
            raise SystemExit("spl_infer refused its input")
        return struct.unpack("b", uc.mem_read(ARGUMENTS + values.size, 1))[0]

    @property
    def instructions(self) -> int:
        """Executed by the last inference."""
        lengths = {block: self.family.instructions(bytes(self.uc.mem_read(*block))) for block in self.runs}
        return sum(lengths[block] * runs for block, runs in self.runs.items())


def measure(core: Core, model: Path, inputs: np.ndarray, expected: np.ndarray) -> dict[str, Any]:
    """A row of the table: instructions of the first input, flash, and outputs that differ."""
    if shutil.which(core.family.compiler) is None:
        return {"core": core.name, "missing": core.family.package}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "memory.ld").write_text(MEMORY)
        (folder / "run.c").write_text(CALLER)
        elf = build(core.family.compiler, core.flags, model, folder, "run.c", "run")
        machine = Machine(core.family, elf)
        found = [machine.infer(inputs[0])]
        instructions = machine.instructions
        found += [machine.infer(values) for values in inputs[1:]]
    differ = int(np.count_nonzero(np.array(found) != expected))
    return {"core": core.name, "instructions": instructions, "flash_bytes": machine.flash, "differ": differ}


def emulate(core: emulated.Core, model: Path, inputs: np.ndarray, expected: np.ndarray) -> dict[str, Any]:
    """The same of a core on QEMU, whose flash holds the inputs and the program around the inference too."""
    if packages := emulated.missing(core):
        return {"core": core.name, "missing": packages}
    with tempfile.TemporaryDirectory() as scratch:
        runs = []
        for more in (0, 1):
            folder = Path(scratch) / str(more)
            folder.mkdir()
            emulated.write_caller(core, inputs, more, folder)
            elf = build(core.machine.compiler, core.flags, model, folder, "main.c", "start")
            runs.append(emulated.run(core, elf))
        with elf.open("rb") as stream:
            flash = flash_bytes(ELFFile(stream)) - inputs.size
    (found, first), (_, second) = runs
    differ = int(np.count_nonzero(found != expected.ravel()))
    return {"core": core.name, "instructions": second - first, "flash_bytes": flash, "differ": differ}


def main() -> None:
    """Measures, then prints a table or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="?", type=Path, default=reference_model())
    parser.add_argument("--inputs", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    oracle = TflmOracle(arguments.model.read_bytes())
    size = compile_model(arguments.model.read_bytes(), "model").input_size
    inputs = np.random.default_rng(0).integers(-128, 128, (arguments.inputs, size)).astype(np.int8)
    expected = oracle.run(inputs)
    rows = [measure(core, arguments.model, inputs, expected[:, 0]) for core in CORES]
    rows += [emulate(core, arguments.model, inputs, expected) for core in emulated.CORES]
    if arguments.json:
        out.print_json(json.dumps(rows))
        return
    table = Table(
        "core", "instructions", "flash", f"differ of {arguments.inputs}", title=arguments.model.name
    )
    for row in rows:
        if "missing" in row:
            table.add_row(row["core"], f"no compiler: {row['missing']}")
        else:
            table.add_row(
                row["core"], *(f"{row[key]:,}" for key in ("instructions", "flash_bytes", "differ"))
            )
    out.print(table)


if __name__ == "__main__":
    main()
