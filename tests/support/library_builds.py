"""Builds a library as its users do: one file by itself, as a CMake target, as a Zephyr module."""

import shutil
import subprocess
from pathlib import Path

import pytest

STRICT = ("-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror")
CONSUMER = """cmake_minimum_required(VERSION 3.13)
project(consumer LANGUAGES C)
add_subdirectory("{folder}" splkit)
add_executable(consumer main.c)
target_link_libraries(consumer PRIVATE splkit)
"""
BARE_METAL = (
    "-DCMAKE_SYSTEM_NAME=Generic",
    "-DCMAKE_SYSTEM_PROCESSOR=arm",
    "-DCMAKE_C_COMPILER=arm-none-eabi-gcc",
    "-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY",
)


def cmake(source: Path, build: Path, flags: str, *definitions: str) -> None:
    """Configures and builds; skips where there is no CMake."""
    if shutil.which("cmake") is None:
        pytest.skip("no cmake on PATH")
    options = [f"-DCMAKE_C_FLAGS={flags}", "-G", "Unix Makefiles", *definitions]
    for step in (["-S", str(source), "-B", str(build), *options], ["--build", str(build)]):
        done = subprocess.run(["cmake", *step], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def compile_alone(source: Path, *compiler: str) -> None:
    """Compiles one file, as strictly as may be."""
    command = [*compiler, *STRICT, "-c", "-o", "/dev/null", source.name]
    done = subprocess.run(command, cwd=source.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


ZEPHYR = """cmake_minimum_required(VERSION 3.20)
project(stand_in LANGUAGES C)
function(zephyr_include_directories)
  include_directories(${{ARGV}})
endfunction()
macro(zephyr_library_named name)
  set(ZEPHYR_CURRENT_LIBRARY ${{name}})
  add_library(${{name}} STATIC)
endmacro()
function(zephyr_library_sources)
  target_sources(${{ZEPHYR_CURRENT_LIBRARY}} PRIVATE ${{ARGV}})
endfunction()
function(zephyr_library_include_directories)
  target_include_directories(${{ZEPHYR_CURRENT_LIBRARY}} PRIVATE ${{ARGV}})
endfunction()
function(zephyr_library_compile_options)
  target_compile_options(${{ZEPHYR_CURRENT_LIBRARY}} PRIVATE ${{ARGV}})
endfunction()
set(CONFIG_SPLKIT {enabled})
add_subdirectory("{folder}/zephyr" module)
"""
"""The functions of Zephyr's build that a module calls, as its documentation has them."""
