"""One export of the bundled model, made by the command line, for all tests of it."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def exported(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("exports") / "nrf52"
    command = [sys.executable, "-m", "splkit", "export", "--board", "nrf52", "--out", str(folder)]
    subprocess.run(command, check=True)
    return folder
