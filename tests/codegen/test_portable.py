"""The kernels on other cores than the Cortex-M4, built with their compilers and run on unicorn or QEMU."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench" / "portable.py"
CORES = {
    "Cortex-M7": 450_000,
    "Cortex-M33": 450_000,
    "Cortex-M33, no DSP": 1_400_000,
    "Cortex-M0+": 3_000_000,
    "RISC-V rv32imc": 1_600_000,
    "Cortex-M55, MVE": 450_000,
    "RISC-V rv32imc, on QEMU": 1_600_000,
    "RISC-V rv32imc, Zba, Zbb": 1_500_000,
}
"""Instructions of an inference of the bundled model stay under these."""


@cache
def rows() -> dict[str, dict[str, object]]:
    command = [sys.executable, str(BENCH), "--inputs", "6", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {row["core"]: row for row in json.loads(done.stdout)}


@pytest.mark.parametrize("core", CORES)
def test_each_core_equals_the_oracle(core):
    row = rows()[core]
    if "missing" in row:
        pytest.skip(f"no compiler or simulator for {core}: apt-get install {row['missing']}")
    assert row["differ"] == 0
    assert row["instructions"] < CORES[core]
