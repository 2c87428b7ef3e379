"""The compilers behind ccache: exports of one model share most of their objects, which are compiled once."""

import os
import shutil
from pathlib import Path

PREFIXES = ("", "arm-none-eabi-", "riscv64-unknown-elf-")
COMPILERS = [f"{prefix}{name}" for prefix in PREFIXES for name in ("gcc", "g++")] + ["cc", "c++"]


def use(programs: Path) -> None:
    """Fills a folder with compilers that ask ccache first and puts it on PATH; does nothing without ccache.

    The binutils of a compiler are sought beside it, so links to them stand there too.
    """
    ccache = shutil.which("ccache")
    if ccache is None:
        return
    for prefix in filter(None, PREFIXES):
        compiler = shutil.which(f"{prefix}gcc")
        for program in Path(compiler).parent.glob(f"{prefix}*") if compiler else ():
            (programs / program.name).symlink_to(ccache if program.name in COMPILERS else program)
    for name in COMPILERS:
        if shutil.which(name) and not (programs / name).exists():
            (programs / name).symlink_to(ccache)
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
