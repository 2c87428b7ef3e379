"""Types hold everywhere: mypy on the package as a user gets it."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.long
def test_mypy_finds_nothing(root: Path) -> None:
    command = [sys.executable, str(root / "tools" / "typecheck.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
