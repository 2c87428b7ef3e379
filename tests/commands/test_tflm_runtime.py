"""`splkit export --runtime tflm`, against a stand-in of its library, and the real one where there is one."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from support.c_format import assert_formatted
from support.command_line import splkit, splkit_json
from support.tflm_stand_in import make_tree

from splkit.boards import load
from splkit.firmware.binary.elf import Elf
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.inference import infer_core
from splkit.firmware.tflm_library import STACK_BYTES
from splkit.quantize.carried import without_card
from splkit.quantize.oracle import oracle_arena_bytes
from splkit.quantize.reference import reference_model


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    return make_tree(tmp_path_factory.mktemp("tflm"))


def export(tree: Path, out: Path, *arguments: str):
    return splkit(
        "export",
        "--board",
        "nrf52",
        "--runtime",
        "tflm",
        "--tflm-dir",
        str(tree),
        "--out",
        str(out),
        *arguments,
    )


@pytest.fixture(scope="module")
def folder(tree, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("export") / "firmware"
    done = export(tree, out)
    assert done.returncode == 0, done.stderr
    return out


def test_the_firmware_runs_the_library_behind_our_interface(folder):
    inputs = np.random.default_rng(3).integers(-128, 128, (4, 270)).astype(np.int8)
    outputs = infer_core(folder / "firmware.elf", inputs, runtime="tflm")
    assert np.array_equal(outputs[:, 0], inputs.sum(axis=1).astype(np.int8))


def test_the_self_test_tells_the_stand_in_from_tensorflow_lite_micro(folder):
    core = CoreSimulator(folder / "firmware.elf")
    assert core.call("spl_self_test", core.allocate_type("spl_model_t")) == -3 % (1 << 32)


def test_the_model_and_its_arena_are_in_the_export_and_our_kernels_are_not(folder):
    content = without_card(reference_model().read_bytes())
    manifest = splkit_json("profile", str(folder))
    assert manifest["arena_bytes"] == oracle_arena_bytes(content)
    assert content in (folder / "firmware.bin").read_bytes()
    assert not (folder / "lib" / "kernels").exists() and not (folder / "lib" / "spl_model.c").exists()
    names = {symbol.name for symbol in Elf(folder / "firmware.elf").symbols()}
    assert not names & {"malloc", "_sbrk", "__cxa_atexit"}


def test_the_stack_has_room_for_the_library(folder):
    elf = Elf(folder / "firmware.elf")
    stack_bytes = elf.symbol("stack_top").address - elf.symbol("stack_limit").address
    assert stack_bytes == load("nrf52").memory.stack_bytes + STACK_BYTES


def test_what_is_generated_is_what_clang_format_leaves(folder):
    assert_formatted([*folder.glob("include/*"), *folder.glob("lib/*")])


def test_the_arena_of_the_oracle_is_no_larger_than_needed():
    content = reference_model().read_bytes()
    assert 8_000 < oracle_arena_bytes(content) < 16_000


def test_two_exports_are_the_same_bytes(tree, folder, tmp_path):
    assert export(tree, tmp_path / "again").returncode == 0
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(folder)).read_bytes(), path


def test_what_is_missing_is_named(tree, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    headers = shutil.copytree(tree, tmp_path / "headers", ignore=shutil.ignore_patterns("gen"))
    lonely = shutil.copytree(tree, tmp_path / "lonely", ignore=shutil.ignore_patterns("downloads"))
    several = make_tree(tmp_path / "several", target="x_cortex-m7_gcc")
    shutil.copytree(several / "gen" / "x_cortex-m7_gcc", several / "gen" / "x_cortex-m55_gcc")
    for folder, message in (
        (bare, "no tensorflow/lite/micro/micro_interpreter.h"),
        (headers, "none in"),
        (lonely, "flatbuffers"),
        (several, "x_cortex-m55_gcc/lib, gen/x_cortex-m7_gcc/lib"),
    ):
        done = export(folder, tmp_path / "out")
        assert done.returncode == 2 and message in done.stderr, done.stderr
        assert not (tmp_path / "out").exists()


def test_options_that_do_not_go_together_are_refused(tree, tmp_path):
    out = ("--board", "nrf52", "--out", str(tmp_path / "out"))
    for arguments, message in (
        (("--runtime", "tflm"), "go together"),
        (("--tflm-dir", str(tree)), "go together"),
        (("--runtime", "tflm", "--tflm-dir", str(tree), "--single-file"), "own kernels"),
        (("--runtime", "tflm", "--tflm-dir", str(tree), "--zephyr-app"), "own kernels"),
    ):
        done = splkit("export", *out, *arguments)
        assert done.returncode == 2 and message in done.stderr, done.stderr


def test_of_several_libraries_the_cores_own_is_taken(tree, tmp_path):
    several = shutil.copytree(tree, tmp_path / "several")
    wrong = several / "gen" / "cortex_m_generic_cortex-m7+fp_release_gcc" / "lib"
    wrong.mkdir(parents=True)
    (wrong / "libtensorflow-microlite.a").write_bytes(b"of another core")
    assert export(several, tmp_path / "out").returncode == 0


def test_the_real_library_is_bit_exact(tmp_path):
    if "SPLKIT_TFLM_DIR" not in os.environ:
        pytest.skip("no TensorFlow Lite Micro for a Cortex-M4F: $SPLKIT_TFLM_DIR names none")
    assert export(Path(os.environ["SPLKIT_TFLM_DIR"]), tmp_path / "out").returncode == 0
    checks = splkit_json("verify", str(tmp_path / "out"), "--inputs", "32", "--duration", "60")
    assert len(checks) == 3 and not any(check["mismatches"] for check in checks)
