"""The shapes of an export beside its folder: one file, a CMake target, a Zephyr module."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from support.c_format import assert_formatted
from support.command_line import splkit_json
from support.library_builds import BARE_METAL, CONSUMER, STRICT, ZEPHYR, cmake, compile_alone

from splkit.codegen.single_file import amalgamate
from splkit.ecg.frontend import to_counts
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import resample
from splkit.firmware.parity.host import HostLibrary
from splkit.firmware.parity.twin import Twin


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shapes") / "export"
    splkit_json("export", "--board", "nrf52", "--single-file", "--arduino", "--out", str(folder))
    return folder


@pytest.fixture(scope="module")
def alone(folder, tmp_path_factory) -> Path:
    """The two files in a folder of their own, and nothing else of the library."""
    place = tmp_path_factory.mktemp("alone")
    shutil.copytree(folder / "single", place / "host")
    return place / "host"


def test_what_is_asked_for_is_in_the_manifest_and_only_then(folder, exported):
    listed = json.loads((folder / "manifest.json").read_text())["files"]
    usual = json.loads((exported / "manifest.json").read_text())["files"]
    assert set(listed) - set(usual) == {
        "single/spl.h",
        "single/spl.c",
        "arduino/library.properties",
        "arduino/src/spl.h",
        "arduino/src/spl.c",
        "arduino/examples/potassium/potassium.ino",
    }
    assert usual.items() <= listed.items()


@pytest.mark.parametrize(
    "compiler",
    [
        ("cc", "-O2"),
        ("arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-O2"),
        ("arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb", "-Os"),
    ],
)
def test_the_single_file_builds_alone_without_a_warning(alone, compiler):
    compile_alone(alone / "spl.c", *compiler)


def test_the_single_file_includes_nothing_but_c_headers(alone):
    for name, own in (("spl.h", 0), ("spl.c", 1)):
        assert (alone / name).read_text().count('#include "') == own
    assert_formatted([alone / "spl.h", alone / "spl.c"])


def test_the_single_file_computes_what_the_twins_do(folder, alone, tmp_path):
    shutil.copytree(alone, tmp_path / "host")
    shutil.copy(folder / "host" / "spl_host.c", tmp_path / "host")
    library, twin = HostLibrary(tmp_path), Twin(folder)
    inputs = np.random.default_rng(7).integers(-128, 128, (200, 270)).astype(np.int8)
    assert np.array_equal(library.infer(inputs), twin.device.oracle.run(inputs))
    fs_hz = twin.config.fs_hz
    counts = to_counts(resample(read_recording("toy"), fs_hz), twin.config)[: 120 * fs_hz]
    trace, found = twin.front_end(counts), library.front_end(counts)
    assert len(trace.r_sample) > 100 and len(trace.averaged) > 2
    assert np.array_equal(trace.r_sample, found.r_sample)
    assert np.array_equal(twin.device.quantize(trace.averaged), found.cycles)


def test_all_kernels_fit_into_one_file(folder, root, tmp_path):
    for name in ("include", "lib"):
        shutil.copytree(folder / name, tmp_path / name)
    for kernel in (root / "codegen" / "kernels").glob("*.[ch]"):
        shutil.copy(kernel, tmp_path / "lib" / "kernels")
    for name, text in amalgamate(tmp_path).items():
        (tmp_path / name).write_text(text)
    compile_alone(tmp_path / "spl.c", "cc", "-O2")


MAIN = """#include "spl.h"
static spl_t spl;
int main(void) { return spl_init(&spl) == SPL_OK ? spl_self_test_all(&spl) : 1; }
"""


def test_a_cmake_project_links_the_target_on_the_host(folder, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(CONSUMER.format(folder=folder.as_posix()))
    (tmp_path / "main.c").write_text(MAIN)
    cmake(tmp_path, tmp_path / "build", " ".join(STRICT[1:]))
    assert subprocess.run([tmp_path / "build" / "consumer"], check=False).returncode == 0


def test_the_cmake_target_builds_for_a_cortex_m4(folder, tmp_path):
    cmake(folder, tmp_path, f"-mcpu=cortex-m4 -mthumb {' '.join(STRICT[1:])}", *BARE_METAL)
    assert (tmp_path / "libsplkit.a").stat().st_size > 10_000


@pytest.mark.parametrize("enabled", ["y", ""])
def test_the_zephyr_module_builds_with_a_stand_in_for_zephyr(folder, tmp_path, enabled):
    (tmp_path / "CMakeLists.txt").write_text(ZEPHYR.format(folder=folder.as_posix(), enabled=enabled))
    cmake(tmp_path, tmp_path / "build", f"-mcpu=cortex-m4 -mthumb {' '.join(STRICT[1:])}", *BARE_METAL)
    assert bool(list(tmp_path.glob("build/module/libsplkit.a"))) == bool(enabled)


def code_options(command: str) -> tuple[str, frozenset[str]]:
    """What of a compiler's call decides on the code: its last optimization level and its `-f` options."""
    words = command.split()
    levels = [word for word in words if word.startswith("-O")]
    return levels[-1], frozenset(word for word in words if word.startswith("-f") and "prefix-map" not in word)


def of_the_makefile(folder: Path) -> dict[str, tuple[str, frozenset[str]]]:
    done = subprocess.run(["make", "-n", "-B"], cwd=folder, capture_output=True, text=True, check=True)
    commands = [line for line in done.stdout.splitlines() if " -c -o build/lib/" in line]
    return {line.split()[-1]: code_options(line) for line in commands}


def of_cmake(folder: Path, source: Path, build: Path) -> dict[str, tuple[str, frozenset[str]]]:
    cmake(source, build, "-mcpu=cortex-m4 -mthumb", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *BARE_METAL)
    commands = json.loads((build / "compile_commands.json").read_text())
    return {
        Path(each["file"]).resolve().relative_to(folder).as_posix(): code_options(each["command"])
        for each in commands
    }


def test_make_cmake_and_zephyr_compile_with_the_same_options(folder, tmp_path):
    make = of_the_makefile(folder)
    assert make["lib/spl_cut.c"][0] == "-O2" and make["lib/spl.c"][0] == "-Os"
    assert "-fno-tree-ch" in make["lib/kernels/spl_lstm_s8.c"][1]
    assert of_cmake(folder, folder, tmp_path / "1") == make
    (tmp_path / "CMakeLists.txt").write_text(ZEPHYR.format(folder=folder.as_posix(), enabled="y"))
    assert of_cmake(folder, tmp_path, tmp_path / "2") == make


def test_the_zephyr_module_says_where_its_build_files_are(folder):
    lines = (folder / "zephyr" / "module.yml").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#") and line] == [
        "name: splkit",
        "build:",
        "  cmake: zephyr",
        "  kconfig: zephyr/Kconfig",
    ]
    assert "config SPLKIT\n\tbool " in (folder / "zephyr" / "Kconfig").read_text()
