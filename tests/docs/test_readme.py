"""README's commands in its order: those for everyone work after the demo, others name the missing extra."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from support.console_page import Command, run, steps

from splkit.optional import _PACKAGES, EXTRAS

BLOCK = re.compile(r"```console\n.*?```", re.DOTALL)
NEEDS_AN_EXPORT = "splkit flash"
"""It says that there is none, before it looks for the extra."""
BROUGHT = {"pillow"}
"""By matplotlib, which the demo has."""
HIDING = """import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden())
"""


@pytest.fixture(scope="module")
def blocks(root: Path) -> tuple[str, str]:
    everyone, with_extras = BLOCK.findall((root / "README.md").read_text("utf-8"))
    return everyone, with_extras


@pytest.fixture(scope="module")
def demo(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """On PYTHONPATH it hides the packages of extras that `make demo` does not install."""
    extras = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    asked = [*extras["demo"], *(each for name in ("verify",) for each in extras[name])]
    here = {re.split(r"[=><\[]", each)[0] for each in asked} | BROUGHT
    assert "splkit" in here  # by its extra verify
    modules = {package: module for module, package in _PACKAGES.items()}
    hidden = {modules.get(package, package) for package in EXTRAS if package not in here}
    assert "tensorflow" in hidden and not {"tflite_micro", "matplotlib"} & hidden
    folder = tmp_path_factory.mktemp("demo")
    (folder / "sitecustomize.py").write_text(HIDING.format(hidden=hidden))
    return folder


@pytest.mark.long
def test_what_is_for_everyone_works_after_the_demo(
    blocks: tuple[str, str], demo: Path, tmp_path: Path
) -> None:
    (folder := tmp_path / "reader").mkdir()
    run(blocks[0], folder, PYTHONPATH=str(demo))
    for made in ("peaks.png", "answers/estimates.csv", "firmware/firmware.hex", "firmware.html"):
        assert (folder / made).stat().st_size > 0


def test_what_needs_an_extra_names_it(
    blocks: tuple[str, str], demo: Path, root: Path, tmp_path: Path
) -> None:
    (tmp_path / "scans").mkdir()
    shutil.copy(root / "docs" / "img" / "rendered_page.png", tmp_path / "scans")
    commands = [step.text for step in steps(blocks[1]) if isinstance(step, Command)]
    assert len(commands) > 4
    for text in commands:
        command, _, what = text.partition("#")
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(command)],
            cwd=tmp_path, env={"PYTHONPATH": str(demo), "PATH": "", "HOME": str(tmp_path)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        extra = what.partition(":")[0].strip()
        said = done.stdout + done.stderr
        assert done.returncode != 0, command + said
        assert f"[{extra}]" in said or command.startswith(NEEDS_AN_EXPORT), command + said
