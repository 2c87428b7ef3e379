"""`splkit export --arduino`: a library that Arduino's own builder takes, with its example."""

from pathlib import Path

import pytest
from support.arduino_platform import build_sketch
from support.command_line import splkit_json

from splkit.firmware.binary.elf import Elf


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("arduino") / "export"
    splkit_json("export", "--board", "nrf52", "--single-file", "--arduino", "--out", str(folder))
    return folder / "arduino"


def test_it_has_what_arduino_asks_of_a_library(library):
    lines = (library / "library.properties").read_text().splitlines()
    properties = dict(line.split("=", 1) for line in lines)
    required = {"name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url"}
    assert required <= set(properties)
    assert properties["category"] == "Signal Input/Output" and properties["includes"] == "spl.h"


def test_its_source_is_the_single_file(library):
    for name in ("spl.h", "spl.c"):
        assert (library / "src" / name).read_bytes() == (library.parent / "single" / name).read_bytes()


def test_arduinos_builder_finds_the_library_and_links_the_example(library, tmp_path):
    sketch = library / "examples" / "potassium" / "potassium.ino"
    names = {symbol.name for symbol in Elf(build_sketch(library, sketch, tmp_path)).symbols()}
    assert {"spl_push", "spl_infer", "spl_self_test"} <= names
