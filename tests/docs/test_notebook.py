"""The notebook runs cell by cell, draws its pictures, and finds no bit that differs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DRAW = """
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
plt.show = lambda: (plt.savefig(f"{len(plt.get_fignums())}-{id(plt.gcf())}.png"), plt.close("all"))
"""


def cells(path: Path, kind: str) -> list[str]:
    notebook = json.loads(path.read_text("utf-8"))
    assert notebook["nbformat"] == 4
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


@pytest.mark.long
def test_it_runs_and_no_bit_differs(root: Path, tmp_path: Path) -> None:
    code = cells(root / "examples" / "one_ecg.ipynb", "code")
    program = tmp_path / "notebook.py"
    program.write_text("\n".join([DRAW, *code]), "utf-8")
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("*.png"))) == sum(each.count("plt.show()") for each in code)
    differing = re.findall(r"(\d+) compared, (\d+) differ", done.stdout)
    assert len(differing) > 4 and all(int(compared) > 0 and differ == "0" for compared, differ in differing)
    assert "trained on simulated potassium" in done.stdout


def test_it_is_kept_without_outputs(root: Path) -> None:
    notebook = json.loads((root / "examples" / "one_ecg.ipynb").read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code and not [cell for cell in code if cell["outputs"] or cell["execution_count"]]
