"""`splkit compile`: the inference alone, of a network with several inputs and outputs."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from support.arduino_platform import build_sketch
from support.c_format import assert_formatted
from support.command_line import splkit, splkit_json
from support.library_builds import BARE_METAL, CONSUMER, STRICT, ZEPHYR, cmake, compile_alone
from support.made_once import made_once
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.firmware.binary.elf import Elf
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model

FACTS = ("inference.elf", "inference.map", "manifest.json", "Makefile", "CMakeLists.txt", "board.json")


def two_in_two_out() -> bytes:
    """A sum of two inputs, 0.5 to 0.25, and its half; the first input is the last tensor."""
    shape, twos = (1, 6), np.full((1, 1), 64, np.int8)
    tensors = [
        TensorSpec(shape, scales=[0.5], zero_points=[3]),
        TensorSpec(shape, scales=[0.25], zero_points=[-7]),
        TensorSpec(shape, scales=[0.75], zero_points=[1]),
        TensorSpec((1, 1), scales=[1 / 128], data=twos),
        TensorSpec(shape, scales=[0.375], zero_points=[0]),
    ]
    operators = [
        OperatorSpec("ADD", [0, 1], [2], "AddOptions"),
        OperatorSpec("MUL", [2, 3], [4], "MulOptions"),
    ]
    return build_model(tensors, operators, [1, 0], [4, 2])


@pytest.fixture(scope="session")
def model(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("model") / "two.tflite"
    path.write_bytes(two_in_two_out())
    return path


@pytest.fixture(scope="session")
def folder(tmp_path_factory, model) -> Path:
    def make(place: Path) -> None:
        splkit_json("compile", str(model), "--single-file", "--arduino", "--out", str(place))

    return made_once(tmp_path_factory, "compiled", make)


def test_the_header_says_shapes_scales_and_zero_points_of_each(folder):
    found = dict(re.findall(r"#define (SPL_\w+) (.+)", (folder / "include" / "spl_model.h").read_text()))
    assert (found["SPL_INPUT_SIZE"], found["SPL_OUTPUT_SIZE"]) == ("12", "12")
    expected = {
        "SPL_INPUT_0": ("0", "6", "2", "{1, 6}", "0.25f", "(-7)"),
        "SPL_INPUT_1": ("6", "6", "2", "{1, 6}", "0.5f", "(3)"),
        "SPL_OUTPUT_0": ("0", "6", "2", "{1, 6}", "0.375f", "(0)"),
        "SPL_OUTPUT_1": ("6", "6", "2", "{1, 6}", "0.75f", "(1)"),
    }
    names = ("OFFSET", "SIZE", "DIMENSIONS", "SHAPE", "SCALE", "ZERO_POINT")
    for macro, values in expected.items():
        assert tuple(found[f"{macro}_{name}"] for name in names) == values


def test_what_comes_out_is_worked_out_by_hand(folder, tmp_path):
    np.save(tmp_path / "inputs.npy", np.array([[8.0] * 6 + [16.0] * 6]))
    said = splkit_json("simulate", str(folder), "--inputs", str(tmp_path / "inputs.npy"))
    # The sum of 24 is 32 steps of 0.75, its half 32 of 0.375.
    assert list(said["real"].values()) == [[[12.0] * 6], [[24.0] * 6]]
    assert list(said["int8"].values()) == [[[32] * 6], [[33] * 6]]


def test_inputs_are_taken_from_csv_and_as_int8(folder, tmp_path):
    (tmp_path / "inputs.csv").write_text(",".join(["8"] * 6 + ["16"] * 6) + "\n")
    np.save(tmp_path / "inputs.npy", np.array([[25] * 6 + [35] * 6], np.int8))
    said = [
        splkit_json("simulate", str(folder), "--inputs", str(tmp_path / f"inputs.{end}"))
        for end in ("csv", "npy")
    ]
    assert said[0] == said[1] and said[0]["int8"]["tensor5"] == [[32] * 6]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.zeros((2, 11)), "12 values"),
        (np.full((1, 12), np.nan), "finite"),
        (np.zeros(12, "U3"), "real numbers"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(folder, tmp_path, values, words):
    np.save(tmp_path / "inputs.npy", values)
    for verb in ("simulate", "verify"):
        refused = splkit(verb, str(folder), "--inputs", str(tmp_path / "inputs.npy"))
        assert refused.returncode == 2 and words in refused.stderr and refused.stderr.count("\n") == 1


def test_verify_compares_the_self_test_and_both_builds(folder, tmp_path):
    np.save(tmp_path / "inputs.npy", np.zeros((3, 12)))
    checks = {
        each["name"]: each
        for each in splkit_json("verify", str(folder), "--inputs", str(tmp_path / "inputs.npy"))
    }
    assert {name: each["compared"] for name, each in checks.items()} == {
        "self-test, library on core": 1,
        "inference, random inputs, host build": 256,
        "inference, random inputs, library on core": 256,
        "inference, given inputs, host build": 3,
        "inference, given inputs, library on core": 3,
    }
    assert not any(each["mismatches"] for each in checks.values())


def test_verify_finds_a_constant_that_changed(folder, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    source = broken / "lib" / "spl_model.c"
    text, count = re.subn(
        r"(_factors\[\d+\] = \{\s+)(\d+)", lambda m: m[1] + str(int(m[2]) - 8), source.read_text()
    )
    assert count == 1
    source.write_text(text)
    found = splkit("verify", str(broken), "--inputs", "20")
    assert found.returncode == 1 and "host build" in found.stderr and "edited" in found.stderr
    subprocess.run(["make"], cwd=broken, check=True, capture_output=True)
    manifest = json.loads((broken / "manifest.json").read_text())
    assert (
        splkit("verify", str(broken), "--inputs", "20").returncode == 2
    )  # another image than the manifest's
    from splkit.folders import digest

    manifest["files"]["inference.elf"] = digest(broken / "inference.elf")
    (broken / "manifest.json").write_text(json.dumps(manifest))
    checks = json.loads(splkit("verify", str(broken), "--inputs", "20", "--json").stdout)
    assert all(each["mismatches"] for each in checks)


def test_profile_counts_the_inference_alone(folder):
    figures = splkit_json("profile", str(folder))
    assert figures["firmware_flash_bytes"] is None and figures["front_end"] is None
    assert figures["estimate"]["duty"] is None and figures["estimate"]["energy_uj"]["low"] > 0
    assert 0 < figures["stack_bytes"] <= figures["stack_bound_bytes"] < 200
    assert [layer["operators"] for layer in figures["layers"]] == ["ADD", "MUL"]
    assert figures["ram_bytes"] == 12 + 12 + figures["arena_bytes"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("simulate", "DIR", "--ecg", "toy"), "has a front end"),
        (("report", "DIR", "--out", "page.html"), "has a front end"),
        (("flash", "DIR"), "has a front end"),
        (("verify", "DIR", "--ecg", "toy"), "found --ecg"),
        (("profile", "DIR", "--battery", "99"), "found --battery"),
        (("simulate", "DIR"), "neither"),
    ],
)
def test_what_needs_a_front_end_says_so(folder, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    refused = splkit(*(str(folder) if word == "DIR" else word for word in arguments))
    assert refused.returncode == 2 and words in refused.stderr and refused.stderr.count("\n") == 1


def test_the_same_request_gives_the_same_bytes_and_force_replaces(folder, model, tmp_path):
    again = tmp_path / "again"
    compiled = ("compile", str(model), "--single-file", "--arduino", "--out", str(again))
    for force in ((), ("--force",)):
        splkit_json(*compiled, *force)
        assert subprocess.run(["diff", "-r", folder, again], check=False, capture_output=True).returncode == 0
    assert "--force" in splkit(*compiled).stderr
    (again / "lib" / "notes.txt").write_text("mine")
    assert "lib/notes.txt" in splkit(*compiled, "--force").stderr
    assert all((folder / name).is_file() for name in FACTS)


def test_a_limit_of_ram_is_held_and_said(tmp_path):
    """The bundled model, whose first block and LSTM take fewer instructions with more RAM."""
    facts = {}
    for limit in (1_960, 4_500):
        place = str(tmp_path / str(limit))
        facts[limit] = splkit_json("compile", str(reference_model()), "--ram", str(limit), "--out", place)
        assert facts[limit]["ram_limit_bytes"] == limit
        size = splkit_json("profile", place)
        assert size["arena_bytes"] == facts[limit]["arena_bytes"] < limit
        facts[limit]["instructions"] = size["instructions"]
    assert facts[4_500]["instructions"] < 0.95 * facts[1_960]["instructions"]
    assert facts[4_500]["arena_bytes"] > facts[1_960]["arena_bytes"]


def test_a_limit_under_the_least_plan_is_refused(tmp_path):
    refused = splkit("compile", str(reference_model()), "--ram", "500", "--out", str(tmp_path / "none"))
    assert refused.returncode == 2 and refused.stderr.count("\n") == 1
    assert "500 B" in refused.stderr and "allow 1" in refused.stderr and not (tmp_path / "none").exists()


def test_generated_files_are_what_clang_format_leaves(folder):
    assert_formatted(
        [
            *folder.glob("include/*.h"),
            *folder.glob("lib/*.c"),
            *folder.glob("host/*.c"),
            *folder.glob("single/*"),
        ]
    )


def test_the_single_file_and_the_header_build_alone(folder):
    for compiler in (["cc", "-O2"], ["arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb", "-Os"]):
        compile_alone(folder / "single" / "spl_model.c", *compiler)
    command = ["g++", "-std=c++11", *STRICT[1:], "-fsyntax-only", "-x", "c++", "include/spl_model.h"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


MAIN = """#include "spl_model.h"
static spl_model_t model;
static int8_t input[SPL_INPUT_SIZE], output[SPL_OUTPUT_SIZE];
int main(void) { return spl_self_test(&model, input, output); }
"""


def test_a_cmake_project_links_it_and_its_self_test_passes(folder, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(CONSUMER.format(folder=folder.as_posix()))
    (tmp_path / "main.c").write_text(MAIN)
    cmake(tmp_path, tmp_path / "build", " ".join(STRICT[1:]))
    assert subprocess.run([tmp_path / "build" / "consumer"], check=False).returncode == 0


def test_it_is_a_zephyr_module_and_an_arduino_library(folder, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(ZEPHYR.format(folder=folder.as_posix(), enabled="y"))
    cmake(tmp_path, tmp_path / "build", f"-mcpu=cortex-m4 -mthumb {' '.join(STRICT[1:])}", *BARE_METAL)
    assert list(tmp_path.glob("build/module/libsplkit.a"))
    library = folder / "arduino"
    sketch = library / "examples" / "inference" / "inference.ino"
    names = {symbol.name for symbol in Elf(build_sketch(library, sketch, tmp_path / "sketch")).symbols()}
    assert {"spl_infer", "spl_self_test"} <= names


def test_a_model_with_a_card_compiles_too(tmp_path):
    manifest = splkit_json(
        "compile", str(reference_model()), "--board", "stm32l476", "--out", str(tmp_path / "c")
    )
    assert [each["shape"] for each in manifest["inputs"]] == [[1, 270, 1]]
    assert not any(each["mismatches"] for each in splkit_json("verify", str(tmp_path / "c"), "--inputs", "5"))


def test_an_export_wants_one_input_and_one_output(model, tmp_path):
    said = ("--task", "other", "--unit", "1", "--plausible", "-9", "9")
    refused = splkit("export", str(model), *said, "--board", "nrf52", "--out", str(tmp_path / "e"))
    assert (
        refused.returncode == 2
        and "2 inputs and 2 outputs" in refused.stderr
        and "splkit compile" in refused.stderr
    )


def test_the_oracle_of_no_inputs_gives_no_outputs_of_all_ends():
    assert TflmOracle(two_in_two_out()).run(np.zeros((0, 12), np.int8)).shape == (0, 12)
