"""One build of the anchor model meets every bar at once, as `bench/engine.py` measures it."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from splkit.firmware.build import find_compiler

BENCH = Path(__file__).parents[2] / "bench" / "engine.py"


def test_one_build_meets_all_bars(anchor_dir: Path) -> None:
    wanted = tomllib.loads((anchor_dir / "anchors.toml").read_text())["target"]["compiler"].split()[-1]
    version = [find_compiler(), "-dumpfullversion"]
    found = subprocess.run(version, capture_output=True, text=True, check=True).stdout.strip()
    if found != wanted:
        pytest.skip(f"the bars are for GCC {wanted}; found {found}")
    model = anchor_dir / "dscrnn_4k_int8.tflite"
    command = [sys.executable, str(BENCH), str(model), "--inputs", "40", "--cycles", "40", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    differ = said["splkit"].pop("outputs_that_differ")
    assert said["beyond"] == [] and differ == said["bars"].pop("outputs_that_differ") == 0
    assert said["splkit"].keys() == said["bars"].keys()
    assert all(0 < figure <= said["bars"][name] for name, figure in said["splkit"].items())
