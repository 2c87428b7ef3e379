"""The self-test of the library, on the host and in firmware, and what the library assumes at compile time."""

import ctypes
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from support.host_model import HostModel
from support.single_answer import single_answer_model

from splkit import boards
from splkit.codegen.compile import compile_model
from splkit.codegen.generate import write_model
from splkit.codegen.self_test import golden_input
from splkit.firmware.build import build
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.manifest import Manifest
from splkit.firmware.parity.host import load_library
from splkit.firmware.simulators.application import simulate_core
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model

OK, CONSTANTS_CHANGED, INFERENCE_WRONG = 0, -2, -3
CPP = """#include "spl.h"
static spl_t spl;
static_assert(SPL_VERSION_MAJOR + SPL_VERSION_MINOR + SPL_VERSION_PATCH > 0, "a version");
int main() { return spl_init(&spl) == SPL_OK ? spl_self_test_all(&spl) : 1; }
"""


def export_to(folder: Path) -> Manifest:
    board, model = boards.load("nrf52"), reference_model()
    request = ExportRequest.for_board(model, board)
    return export(request, folder)


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("self_test") / "export"
    assert export_to(folder).self_test == "weights and inference"
    return folder


def change_last(pattern: str, text: str) -> str:
    """The C with another number behind the last `pattern`."""
    found = list(re.finditer(rf"({pattern})(-?\d+)", text))[-1]
    return f"{text[: found.start()]}{found[1]}{int(found[2]) ^ 8}{text[found.end() :]}"


change_weight = partial(change_last, r"_weights\[\d+\] = \{\s+")
change_inference = partial(change_last, r"\.output_offset = ")


def self_test(folder: Path, golden_output: int | None, edit: Callable[[str], str] = str) -> int:
    """The status of the host build of a model of one answer, with one edit in its C."""
    model = compile_model(single_answer_model().read_bytes(), "model.tflite")
    golden = None if golden_output is None else (golden_output,)
    write_model(model, folder, golden, standalone=False)
    source = folder / "lib" / "spl_model.c"
    source.write_text(edit(source.read_text()))
    arena = np.zeros(model.arena_bytes, np.uint8)
    library = load_library(folder, [*folder.glob("lib/**/*.c")])
    return int(library.spl_self_test(ctypes.c_void_p(arena.ctypes.data)))


@pytest.fixture(scope="module")
def golden_output() -> int:
    content = single_answer_model().read_bytes()
    return int(TflmOracle(content).run(golden_input(270)[np.newaxis])[0, 0])


def test_it_passes_with_a_golden_output_and_without(tmp_path, golden_output):
    assert self_test(tmp_path / "with", golden_output) == OK
    assert self_test(tmp_path / "without", None) == OK


def test_it_finds_a_weight_that_changed(tmp_path, golden_output):
    for golden in (golden_output, None):
        assert self_test(tmp_path / str(golden), golden, change_weight) == CONSTANTS_CHANGED


def test_it_finds_an_inference_that_differs(tmp_path, golden_output):
    assert self_test(tmp_path / "golden", golden_output + 1) == INFERENCE_WRONG
    assert self_test(tmp_path / "edit", golden_output, change_inference) == INFERENCE_WRONG


def test_golden_inputs_are_the_generators_published_states():
    states = (0x3C6EF35F, 0x47502932, 0xD1CCF6E9, 0xAAF95334, 0x6252E503, 0x9F2EC686)
    assert golden_input(6).tolist() == [(state >> 24) - 128 for state in states]


def test_an_export_without_the_oracle_says_so(tmp_path, monkeypatch, exported):
    monkeypatch.setitem(sys.modules, "tflite_micro", None)
    manifest = export_to(tmp_path / "export")
    assert manifest.self_test == "weights"
    text = (tmp_path / "export" / "lib" / "spl_model.c").read_text()
    assert "golden" not in text and "golden" in (exported / "lib" / "spl_model.c").read_text()


def test_the_application_reports_a_failure_at_boot(tmp_path, exported):
    no_samples = np.zeros(0, np.int16)
    assert len(simulate_core(exported / "firmware.elf", no_samples)) == 1
    broken = tmp_path / "broken"
    shutil.copytree(exported, broken)
    source = broken / "lib" / "spl_model.c"
    source.write_text(change_weight(source.read_text()))
    assert simulate_core(build(broken).elf, no_samples)[1:] == [
        "L 0 device active*18BB",
        "E selftest -2*94F8",
    ]


def test_what_the_arithmetic_assumes_is_checked_at_compile_time(tmp_path):
    HostModel(reference_model().read_bytes(), tmp_path)
    source = tmp_path / "lib" / "spl_model.c"
    source.write_text(source.read_text().replace("CHAR_BIT == 8)", "CHAR_BIT == 9)"))
    compiler = ["cc", "-std=c99", "-fsyntax-only", "-Iinclude", "-Ilib/kernels", "lib/spl_model.c"]
    done = subprocess.run(compiler, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "assume_bytes_have_8_bits" in done.stderr


def test_an_application_in_cpp_links_it(tmp_path, exported):
    if shutil.which("g++") is None:
        pytest.skip("no g++ on PATH")
    (tmp_path / "main.cpp").write_text(CPP)
    sources = [str(path) for path in sorted(exported.glob("lib/**/*.c"))]
    include = [f"-I{exported / 'include'}", f"-I{exported / 'lib' / 'kernels'}"]
    warnings = ["-Wall", "-Wextra", "-Werror"]
    run = partial(subprocess.run, cwd=tmp_path, check=True)
    run(["cc", "-std=c99", *warnings, *include, "-c", *sources])
    run(["g++", "-std=c++11", *warnings, *include, "-c", "main.cpp"])
    run(["g++", "-o", "program", *sorted(path.name for path in tmp_path.glob("*.o"))])
    assert subprocess.run([tmp_path / "program"], check=False).returncode == OK
