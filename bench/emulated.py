"""Inferences on cores that unicorn does not have, on QEMU: what `bench/portable.py` prints of them.

The program holds its inputs, writes the outputs of each in hexadecimal, and ends. A second build runs
one inference more: what it executes beyond the first is what that inference takes.
"""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

PLUGIN = Path(__file__).parent / "qemu_instructions.c"
MAIN = """#include "spl_model.h"
#include "inputs.h"
static spl_model_t model;
static int8_t output[SPL_OUTPUT_SIZE];
void start(void);
static void infer(const int8_t *input) {
  if (spl_infer(&model, input, output) != SPL_OK) {
    write_line("no\\n");
    leave();
  }
}
void start(void) {
  static const char digits[] = "0123456789abcdef";
  begin();
  for (int i = 0; i < MORE; i++) {
    infer(inputs[0]);
  }
  for (int i = 0; i < INPUTS; i++) {
    infer(inputs[i]);
    for (int j = 0; j < SPL_OUTPUT_SIZE; j++) {
      char line[] = {digits[(output[j] >> 4) & 15], digits[output[j] & 15], '\\n', 0};
      write_line(line);
    }
  }
  leave();
}
"""


@dataclass(frozen=True)
class Machine:
    """How a program begins, writes and ends, where it lies, and what runs it."""

    compiler: str
    package: str
    support: str
    memory: str
    run: tuple[str, ...]


@dataclass(frozen=True)
class Core:
    """A core, as GCC and QEMU are told."""

    name: str
    machine: Machine
    flags: tuple[str, ...]
    run: tuple[str, ...] = ()


RISCV = Machine(
    compiler="riscv64-unknown-elf-gcc",
    package="gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-user",
    support="""
/* There is no C library for every choice of extensions; the volatile keeps GCC from calling itself. */
void *memcpy(void *to, const void *from, unsigned size);
void *memset(void *to, int value, unsigned size);
void *memcpy(void *to, const void *from, unsigned size) {
  for (unsigned i = 0; i < size; i++) {
    ((volatile char *)to)[i] = ((const char *)from)[i];
  }
  return to;
}
void *memset(void *to, int value, unsigned size) {
  for (unsigned i = 0; i < size; i++) {
    ((volatile char *)to)[i] = (char)value;
  }
  return to;
}
static long call(long number, long a, long b, long c) {
  register long a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c, a7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
  return a0;
}
static void begin(void) {}
static void write_line(const char *line) {
  call(64, 1, (long)line, 3);
}
static void leave(void) { call(93, 0, 0, 0); }
""",
    memory="""ENTRY(start) SECTIONS {
  . = 0x10000; .text : { *(.text*) *(.rodata*) *(.srodata*) }
  . = ALIGN(4096); .data : { *(.data*) *(.sdata*) } .bss : { *(.bss*) *(.sbss*) }
  /DISCARD/ : { *(.eh_frame*) }
}""",
    run=("qemu-riscv32",),
)
ARM = Machine(
    compiler="arm-none-eabi-gcc",
    package="gcc-arm-none-eabi qemu-system-arm",
    support="""
extern unsigned char stack_top[];
void start(void);
__attribute__((section(".vectors"), used)) static const void *const vectors[] = {stack_top, (void *)start};
static void call(int number, const void *argument) {
  register int r0 __asm__("r0") = number;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}
/* Floating point and vectors are off after a reset: CPACR. */
static void begin(void) {
  *(volatile unsigned *)0xe000ed88u |= 0xfu << 20;
  __asm__ volatile("dsb\\n isb");
}
static void write_line(const char *line) { call(4, line); }
static void leave(void) { call(0x18, (void *)0x20026); }
""",
    memory="""ENTRY(start) SECTIONS {
  . = 0x10000000; .text : { KEEP(*(.vectors)) *(.text*) *(.rodata*) }
  . = 0x30000000; .data : { *(.data*) } .bss : { *(.bss*) }
  . = 0x30040000; stack_top = .;
  /DISCARD/ : { *(.ARM.exidx*) *(.eh_frame*) }
}""",
    run=("qemu-system-arm", "-M", "mps3-an547", "-display", "none", "-serial", "null", "-monitor", "null",
         "-semihosting-config", "enable=on,target=native", "-kernel"),
)  # fmt: skip
M55 = ("-mcpu=cortex-m55", "-mthumb", "-mfloat-abi=hard", "--specs=nano.specs")
RV32 = ("-mabi=ilp32", "--specs=picolibc.specs", "-nostdlib")
CORES = (
    Core("Cortex-M55, MVE", ARM, M55),
    Core("RISC-V rv32imc, on QEMU", RISCV, ("-march=rv32imc", *RV32)),
    Core(
        "RISC-V rv32imc, Zba, Zbb",
        RISCV,
        ("-march=rv32imc_zba_zbb", *RV32),
        ("-cpu", "rv32,zba=true,zbb=true"),
    ),
)


def missing(core: Core) -> str:
    """The packages to install where compiler or QEMU is not there; "" where they are."""
    programs = (core.machine.compiler, core.machine.run[0])
    return core.machine.package if any(shutil.which(each) is None for each in programs) else ""


def write_caller(core: Core, inputs: np.ndarray, more: int, folder: Path) -> None:
    """Writes main.c with int8[n, size] inputs, the first computed so many times more, and a linker script."""
    rows = ",".join("{" + ",".join(map(str, row)) + "}" for row in inputs)
    text = [
        f"enum {{ INPUTS = {len(inputs)}, MORE = {more} }};",
        f"static const int8_t inputs[{len(inputs)}][{inputs.shape[1]}] = {{{rows}}};",
    ]
    (folder / "inputs.h").write_text("\n".join([*text, core.machine.support]))
    (folder / "memory.ld").write_text(core.machine.memory)
    (folder / "main.c").write_text(MAIN)


def run(core: Core, elf: Path) -> tuple[np.ndarray, int]:
    """The outputs of all inferences side by side, and all instructions that were executed."""
    count = elf.with_suffix(".count")
    program, *options = core.machine.run
    command = [program, *core.run, "-plugin", f"{_plugin()},to={count}", *options, elf]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120, check=False)
    said = (done.stdout or done.stderr).split()
    if done.returncode != 0 or "no" in said:
        raise SystemExit(f"{core.name}: {done.stdout[-200:]}{done.stderr[-400:]}")
    values = np.array([int(line, 16) for line in said], np.uint8).astype(np.int8)
    return values, int(count.read_text())


@cache
def _plugin() -> Path:
    path = Path(mkdtemp()) / "instructions.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", path, PLUGIN], check=True)
    return path
