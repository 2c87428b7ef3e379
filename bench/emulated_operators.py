"""Holds each kind of operator to the oracle on cores that QEMU alone has: Cortex-M55, RISC-V with Zba, Zbb.

    python bench/emulated_operators.py [--models N] [--kind NAME ...]

Of each of the tests' strategies so many random models are built for each core and run on three inputs; all
outputs are compared. It found that GCC 12.2 compiles a loop over pairs wrongly for the M55. Exit status 1
where an output differs.
"""

import argparse
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import emulated
import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from portable import FLAGS, LINK
from support.model_strategies import MODELS

from splkit.codegen.compile import compile_model
from splkit.codegen.generate import write_model
from splkit.console import out, progress
from splkit.firmware.options import KERNELS
from splkit.quantize.oracle import TflmOracle

SOURCES = Path(__file__).parents[1] / "codegen" / "kernels"
INPUTS = 3


def models(kind: str, count: int) -> list[bytes]:
    """The last of the models that hypothesis draws, the same ones every time."""
    drawn: list[bytes] = []
    options = settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )

    def collect(content: bytes) -> None:
        drawn.append(content)

    options(given(MODELS[kind])(collect))()
    return drawn[-count:]


@cache
def kernels(core: emulated.Core) -> Path:
    """All kernels, compiled once for a core."""
    folder = Path(tempfile.mkdtemp())
    sources = sorted(SOURCES.glob("*.c"))
    compile_for(core, folder, *KERNELS, "-c", *sources)
    subprocess.run(
        ["ar", "rc", "libkernels.a", *(f"{each.stem}.o" for each in sources)], cwd=folder, check=True
    )
    return folder / "libkernels.a"


def compile_for(core: emulated.Core, folder: Path, *arguments: Path | str) -> None:
    """Runs a core's compiler in a folder."""
    command = [core.machine.compiler, *core.flags, *FLAGS, "-Iinclude", f"-I{SOURCES}", *arguments]
    subprocess.run(list(map(str, command)), cwd=folder, check=True)


def differing(core: emulated.Core, content: bytes) -> int:
    """How many outputs of one model differ on a core."""
    model = compile_model(content, "model")
    inputs = np.random.default_rng(0).integers(-128, 128, (INPUTS, model.input_size)).astype(np.int8)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_model(model, folder)
        emulated.write_caller(core, inputs, 0, folder)
        sources = ("lib/spl_model.c", "main.c", kernels(core))
        compile_for(core, folder, "-Os", *LINK, "-Wl,--entry=start", "-o", "model.elf", *sources)
        found, _ = emulated.run(core, folder / "model.elf")
    return int(np.count_nonzero(found != TflmOracle(content).run(inputs).ravel()))


def main() -> int:
    """Runs all, then says how many outputs differ; 1 if any does."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=int, default=2)
    parser.add_argument("--kind", nargs="+", choices=MODELS, default=list(MODELS))
    asked = parser.parse_args()
    cores = [core for core in emulated.CORES if not emulated.missing(core)]
    for core in emulated.CORES:
        if packages := emulated.missing(core):
            out.print(f"{core.name}: left out, for want of {packages}")
    wrong: list[str] = []
    with progress("kinds", len(asked.kind)) as advance:
        for kind in asked.kind:
            for content in models(kind, asked.models):
                wrong += [f"{kind} on {core.name}" for core in cores if differing(core, content)]
            advance(1)
    for each in wrong:
        out.print(f"differs: {each}")
    count = len(asked.kind) * asked.models * len(cores)
    out.print(f"{count} models on {len(cores)} cores, of {len(wrong)} an output differs")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
