"""Compile an exported folder: its Makefile knows how, this finds the compiler and reads what went wrong."""

import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from splkit.children import child
from splkit.errors import ToolError, UsageError
from splkit.escapes import make_value, require_one_line, require_target
from splkit.folders import scratch_folder
from splkit.needs import ARM_GCC, MAKE
from splkit.progress import Advance, ignore_progress

_STEP = re.compile(r"^(CC|LD) ")
_ERROR = re.compile(r"^(?!collect2|make).*(error:|undefined reference|cannot find|/ld: )")


@dataclass(frozen=True)
class BuildResult:
    """The files that a build leaves, and the compiler that made them."""

    elf: Path
    hex: Path
    bin: Path
    map: Path
    compiler: str


def find_compiler() -> Path:
    """The Arm bare-metal GCC: `$ARM_GCC`, or the one on PATH.

    Raises:
        ToolError: there is none.
    """
    found = ARM_GCC.path()
    if not found.name.endswith("gcc"):
        raise ToolError(
            "ARM_GCC names a gcc, beside its objcopy", found=str(found), next_step=ARM_GCC.install
        )
    return found


def compiler_version(compiler: Path) -> str:
    """The compiler's own first line ("arm-none-eabi-gcc (15:12.2.rel1-1) 12.2.1 20221205")."""
    answer = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)
    return answer.stdout.partition("\n")[0]


def build_steps(folder: Path) -> int:
    """How many steps a build from scratch reports to its `advance`: one a source file, and the link."""
    return len(list(folder.glob("lib/**/*.c*"))) + len(list(folder.glob("app/*.c")))


def build(folder: Path, advance: Advance = ignore_progress) -> BuildResult:
    """Build `firmware.elf`, `.hex`, `.bin` and `.map` in an exported folder.

    Raises:
        UsageError: `folder` is not an exported folder.
        ToolError: the compiler or make is missing, or the sources do not build.
    """
    compiler = make(folder, "all", advance)
    elf, hex_, bin_, map_ = (folder / f"firmware.{suffix}" for suffix in ("elf", "hex", "bin", "map"))
    return BuildResult(elf, hex_, bin_, map_, compiler_version(compiler))


def make(
    folder: Path, target: str, advance: Advance = ignore_progress, *, objects: Path = Path("build")
) -> Path:
    """Run the folder's Makefile for one target, with its objects in `objects`; returns the compiler.

    Raises:
        UsageError, ToolError: as `build`.
    """
    if not (folder / "Makefile").is_file():
        raise UsageError(
            "an exported folder has a Makefile",
            found=f"none in {folder}",
            next_step="name a folder that export made",
        )
    program, compiler = MAKE.path(), find_compiler()
    prefix = make_value(require_one_line(compiler)).removesuffix("gcc")
    command = [str(program), "--no-print-directory", "-j2", "-C", str(require_one_line(folder))]
    command += [f"CROSS={prefix}", f"BUILD={require_target(objects)}", target]
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with (
        scratch_folder() as scratch,
        child(
            command, text=True, errors="replace", env=os.environ | {"TMPDIR": str(scratch)}, **streams
        ) as process,
    ):
        assert process.stdout is not None
        complaints = []
        for line in process.stdout:
            if _STEP.match(line):
                advance(1)
            else:
                complaints.append(line.strip())
    if process.returncode != 0:
        raise ToolError(
            "the exported sources build without a warning",
            found=_first_error(complaints),
            next_step=f"run make -C {shlex.quote(str(folder))} to see all of it",
        )
    return compiler


def _first_error(complaints: list[str]) -> str:
    """The line of the compiler's or linker's output that says what is wrong."""
    errors = (
        line for line in complaints if re.search(r"error:|undefined reference|overflowed|cannot find", line)
    )
    return next(errors, complaints[0] if complaints else "a failure without a message")
