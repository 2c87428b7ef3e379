"""The demo as `make demo` runs it: every verb of the chain, no mismatch, the table at its end."""

import subprocess
import sys

import pytest


@pytest.mark.long
def test_demo_ends_with_its_table(root):
    command = [sys.executable, str(root / "examples" / "demo.py")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    for word in (
        "flash",
        "RAM",
        "stack",
        "instructions",
        "beats",
        "SPL",
        "simulated",
        "0 mismatches",
        "firmware.elf",
    ):
        assert word in result.stdout
