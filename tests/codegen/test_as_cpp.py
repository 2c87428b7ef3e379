"""The library compiles as C++ too, without a warning, and then gives the same bits."""

import ctypes
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from splkit.codegen.compile import compile_model
from splkit.codegen.generate import write_library, write_model
from splkit.ecg.frontend import FrontEndConfig
from splkit.quantize.carried import card_for
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.reference import reference_model

CPP = ("-std=c++17", "-Wall", "-Werror", "-x", "c++")
HOST = ("g++",)
CORTEX_M4 = (
    "arm-none-eabi-g++",
    "-mcpu=cortex-m4",
    "-mthumb",
    "-mfloat-abi=hard",
    "-mfpu=fpv4-sp-d16",
    "-O2",
)


def compile_as_cpp(
    compiler: tuple[str, ...], sources: list[Path], folders: list[Path], *options: str
) -> None:
    if shutil.which(compiler[0]) is None:
        pytest.skip(f"no {compiler[0]} on PATH")
    command = [*compiler, *CPP, *(f"-I{folder}" for folder in folders), *options, *sources]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("compiler", [HOST, CORTEX_M4], ids=["host", "cortex-m4"])
def test_every_kernel_compiles_as_cpp(compiler, root):
    kernels = root / "codegen" / "kernels"
    compile_as_cpp(compiler, sorted(kernels.glob("*.c")), [kernels], "-fsyntax-only")


def test_an_inference_that_is_compiled_as_cpp_gives_the_same_bits(tmp_path):
    content = reference_model().read_bytes()
    model = compile_model(content, "model")
    write_model(model, tmp_path)
    folders = [tmp_path / "include", tmp_path / "lib" / "kernels"]
    built = tmp_path / "model.so"
    compile_as_cpp(
        HOST, sorted(tmp_path.glob("lib/**/*.c")), folders, "-O2", "-shared", "-fPIC", "-o", str(built)
    )
    library, arena = ctypes.CDLL(str(built)), (ctypes.c_int32 * model.arena_bytes)()
    inputs = np.random.default_rng(0).integers(-128, 128, (8, model.input_size)).astype(np.int8)
    found = np.zeros((8, model.output_size), np.int8)
    for values, outputs in zip(inputs, found, strict=True):
        pointers = (ctypes.c_void_p(array.ctypes.data) for array in (values, outputs))
        assert library.spl_infer(arena, *pointers) == 0
    assert np.array_equal(found, TflmOracle(content).run(inputs))


def test_front_end_and_interface_compile_as_cpp(tmp_path):
    content = reference_model().read_bytes()
    config = FrontEndConfig.for_rate(300, 4.88, 8)
    write_library(compile_model(content, "model"), card_for(reference_model()), config, tmp_path, None)
    folders = [tmp_path / "include", tmp_path / "lib", tmp_path / "lib" / "kernels"]
    for compiler in (HOST, CORTEX_M4):
        compile_as_cpp(compiler, sorted(tmp_path.glob("lib/*.c")), folders, "-fsyntax-only")
