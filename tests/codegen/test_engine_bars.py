"""One build of the anchor model meets every bar at once, as `bench/engine.py` measures it."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from splkit.firmware.build import find_compiler

BENCH = Path(__file__).parents[2] / "bench" / "engine.py"


def test_one_build_meets_all_bars(anchor_dir: Path) -> None:
    """The bars are for one compiler; what another makes must still be smaller and faster than TFLM."""
    tflm = tomllib.loads((BENCH.parent / "tflm.toml").read_text())
    version = [find_compiler(), "-dumpfullversion"]
    found = subprocess.run(version, capture_output=True, text=True, check=True).stdout.strip()
    model = anchor_dir / "dscrnn_4k_int8.tflite"
    command = [sys.executable, str(BENCH), str(model), "--inputs", "40", "--cycles", "40", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = json.loads(done.stdout)
    differ = said["splkit"].pop("outputs_that_differ")
    assert differ == said["bars"].pop("outputs_that_differ") == 0
    assert said["splkit"].keys() == said["bars"].keys()
    assert all(ratio > 1 for rival in said["times_splkit"].values() for ratio in rival.values())
    if found == tflm["compiler"]:
        assert done.returncode == 0 and said["beyond"] == []
        assert all(0 < figure <= said["bars"][name] for name, figure in said["splkit"].items())
