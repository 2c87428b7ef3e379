"""The C of a firmware has layers: neither headers nor files that call each other go in circles."""

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from splkit.firmware.sources import DRIVERS, SAMPLERS

ROOT = Path(__file__).parents[2]
SHARED = (
    "codegen/frontend",
    "codegen/interface",
    "codegen/kernels",
    "firmware/app",
    "firmware/drivers/cortex_m",
)
DEFINITION = re.compile(
    r"^(?!static\b|typedef\b|extern\b)[A-Za-z_][\w *]*?\b(\w+)\([^;{}]*\) \{", re.MULTILINE
)
INCLUDE = re.compile(r'^ *#include "([\w/]+\.h)"', re.MULTILINE)


def firmwares() -> list[tuple[str, ...]]:
    """The folders of drivers that are built together, for each chip family and each way of sampling."""
    samplers = {family: [ends for (of, _), ends in SAMPLERS.items() if of == family] for family in DRIVERS}
    return [(*DRIVERS[family], *ends) for family in DRIVERS for ends in samplers[family] or [()]]


def code_of(path: Path) -> str:
    """A file without its comments."""
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def words_of(code: str) -> set[str]:
    return set(re.findall(r"\w+", INCLUDE.sub("", code)))


def files_of(drivers: tuple[str, ...], ending: str) -> list[Path]:
    folders = [ROOT / name for name in SHARED] + [ROOT / "firmware" / "drivers" / name for name in drivers]
    assert all(folder.is_dir() for folder in folders)
    return [path for folder in folders for path in sorted(folder.glob(f"*.{ending}"))]


def circle(graph: dict[str, set[str]]) -> list[str]:
    """One of them, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("drivers", firmwares(), ids="+".join)
def test_headers_do_not_include_each_other_in_circles(drivers: tuple[str, ...]) -> None:
    graph = {path.name: set(INCLUDE.findall(code_of(path))) for path in files_of(drivers, "h")}
    assert any(graph.values()) and not circle(graph)


@pytest.mark.parametrize("drivers", firmwares(), ids="+".join)
def test_files_do_not_call_each_other_in_circles(drivers: tuple[str, ...]) -> None:
    code = {path.name: code_of(path) for path in files_of(drivers, "c")}
    defined_in = {name: file for file, text in code.items() for name in DEFINITION.findall(text)}
    assert {"spl_raw_row", "spl_frontend_push", "board_write", "app_push"} <= set(defined_in)
    graph = {
        file: {defined_in[word] for word in words_of(text) if word in defined_in} - {file}
        for file, text in code.items()
    }
    assert not circle(graph)


@pytest.mark.parametrize("drivers", firmwares(), ids="+".join)
def test_no_two_files_of_a_firmware_have_one_name(drivers: tuple[str, ...]) -> None:
    """They are copied into one folder."""
    names = [path.name for ending in "ch" for path in files_of(drivers, ending)]
    assert len(set(names)) == len(names)
