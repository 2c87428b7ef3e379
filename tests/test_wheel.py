"""The built wheel against the tree: every module and data file of the rooms is in it, and nothing else."""

import tomllib
import zipfile

import pytest
from splkit_wheel import build_wheel, tracked_files

DATA_SUFFIXES = {
    ".py",
    ".j2",
    ".c",
    ".h",
    ".toml",
    ".css",
    ".js",
    ".json",
    ".npz",
    ".tflite",
    ".repl",
    ".resc",
    ".cs",
    ".typed",
    ".conf",
    ".overlay",
    ".yaml",
}
DATA_NAMES = {"Kconfig"}


@pytest.fixture(scope="module")
def wheel_names(root, tmp_path_factory) -> set[str]:
    return set(zipfile.ZipFile(build_wheel(root, tmp_path_factory.mktemp("wheel"))).namelist())


def test_every_tracked_file_of_a_room_is_in_the_wheel(root, wheel_names):
    setuptools = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]
    rooms = {folder: name.replace(".", "/") for name, folder in setuptools["package-dir"].items()}
    innermost_first = sorted(rooms, key=len, reverse=True)
    expected = set()
    for path in tracked_files(root):
        room = next((folder for folder in innermost_first if path.is_relative_to(folder)), None)
        if room is not None and (path.suffix in DATA_SUFFIXES or path.name in DATA_NAMES):
            expected.add(f"{rooms[room]}/{path.relative_to(room).as_posix()}")
    assert {name for name in wheel_names if ".dist-info/" not in name} == expected


def test_nothing_lands_beside_the_package(wheel_names):
    tops = {name.split("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"splkit"}
