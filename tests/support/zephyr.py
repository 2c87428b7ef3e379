"""Zephyr, where it is there: builds an application with its CMake, and plays it in simulators."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from splkit.firmware.wire.framing import frame

END = frame("# end")
TIMEOUT_S = 1800
NEEDED = ("cmake", "ninja", "dtc", "gperf")
QEMU = (
    *("qemu-system-arm", "-cpu", "cortex-m3", "-machine", "lm3s6965evb", "-nographic", "-net", "none"),
    *("-icount", "shift=6,align=off,sleep=off", "-kernel"),
)


class Image(NamedTuple):
    """What Zephyr's build has made for a simulator."""

    board: str
    path: Path

    @property
    def has_flash(self) -> bool:
        return self.board.startswith("native")


def build_zephyr(app: Path, board: str, build: Path, *definitions: str) -> Image:
    """The image of an application, built by `$ZEPHYR_BASE` and the modules of `$ZEPHYR_MODULES`.

    Skips the test where Zephyr, or what its build needs, is missing.
    """
    if not os.environ.get("ZEPHYR_BASE"):
        pytest.skip("no ZEPHYR_BASE: Zephyr's tree, 3.7 or newer")
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        pytest.skip(f"Zephyr's build needs {', '.join(missing)} on PATH")
    is_host = board.startswith("native")
    programs = () if is_host else ("arm-none-eabi-gcc", *QEMU[: board.startswith("qemu")])
    if missing := [name for name in programs if shutil.which(name) is None]:
        pytest.skip(f"no {' or '.join(missing)} on PATH")
    if board.startswith("nrf") and "hal_nordic" not in os.environ.get("ZEPHYR_MODULES", ""):
        pytest.skip("no hal_nordic in ZEPHYR_MODULES")
    toolchain = {"ZEPHYR_TOOLCHAIN_VARIANT": "host"}
    if not is_host:
        cross = str(shutil.which("arm-none-eabi-gcc")).removesuffix("gcc")
        toolchain = {"ZEPHYR_TOOLCHAIN_VARIANT": "cross-compile", "CROSS_COMPILE": cross}
    modules = f"-DZEPHYR_MODULES={os.environ.get('ZEPHYR_MODULES', '')}"
    configure = [
        "cmake",
        "-GNinja",
        "-S",
        str(app),
        "-B",
        str(build),
        f"-DBOARD={board}",
        modules,
        *definitions,
    ]
    for step in (configure, ["ninja", "-C", str(build)]):
        done = subprocess.run(
            step, env=os.environ | toolchain, capture_output=True, text=True, check=False, timeout=TIMEOUT_S
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return Image(board, build / "zephyr" / ("zephyr.exe" if is_host else "zephyr.elf"))


def say_zephyr(image: Image, *commands: str, keeps_flash: bool = False) -> list[str]:
    """The lines of a run that is sent `commands` at its start, the banner first, `# end` left out."""
    command = [*QEMU, str(image.path)]
    if image.has_flash:
        command = [str(image.path), "-no-rt", f"--flash={image.path.with_name('flash.bin')}"]
        command += [] if keeps_flash else ["--flash_erase"]
    lines: list[str] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="latin-1",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(frame(each) + "\n" for each in commands))
        process.stdin.close()
        for line in process.stdout:
            lines.append(line.rstrip("\r\n"))
            if lines[-1] == END:
                break
        process.kill()
    assert lines and lines[-1] == END, lines[-1:]
    return lines[:-1]
