"""The built wheel against the tree: every module and data file of the rooms is in it, and nothing else."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

DATA_SUFFIXES = {".py", ".j2", ".c", ".h", ".toml", ".json", ".tflite", ".repl", ".resc", ".cs", ".typed"}


@pytest.fixture(scope="module")
def wheel_names(root, tmp_path_factory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(folder),
        str(root),
    ]
    subprocess.run(pip, check=True)
    return set(zipfile.ZipFile(next(folder.glob("*.whl"))).namelist())


def tracked_files(root: Path) -> list[Path]:
    listing = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True)
    return [Path(line) for line in listing.stdout.splitlines()]


def test_every_tracked_file_of_a_room_is_in_the_wheel(root, wheel_names):
    package_dir = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]["package-dir"]
    rooms = sorted(
        ((folder, name.replace(".", "/")) for name, folder in package_dir.items()), key=lambda r: -len(r[0])
    )
    expected = set()
    for path in tracked_files(root):
        room = next(((folder, name) for folder, name in rooms if path.is_relative_to(folder)), None)
        if room is not None and path.suffix in DATA_SUFFIXES:
            expected.add(f"{room[1]}/{path.relative_to(room[0]).as_posix()}")
    found = {name for name in wheel_names if ".dist-info/" not in name}
    assert found == expected


def test_nothing_lands_beside_the_package(wheel_names):
    tops = {name.split("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"splkit"}
