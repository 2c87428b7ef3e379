"""The list of seeded faults stays alive: each fault can still be put in, and its tests exist."""

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

import seeded_faults

ROOT = Path(__file__).parents[1]
LISTS = (seeded_faults.FAULTS, seeded_faults.CONFIGURATION_FAULTS, seeded_faults.MAX30003_FAULTS)
FAULTS = [fault for path in LISTS for fault in seeded_faults.read_faults(path)]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_can_be_put_in(fault: seeded_faults.Fault) -> None:
    for name, text in seeded_faults.faulty(fault).items():
        assert text != (ROOT / name).read_text(encoding="utf-8")
    assert all(edit.old != edit.new for edit in fault.edits)
    assert fault.says and fault.tests


@pytest.mark.parametrize("test", sorted({test for fault in FAULTS for test in fault.tests}))
def test_its_tests_exist(test: str) -> None:
    path, _, name = test.partition("::")
    assert path.startswith("tests/") and (ROOT / path).is_file()
    functions = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    defined = {node.name for node in functions if isinstance(node, ast.FunctionDef)}
    assert not name or name.split("[")[0] in defined


def test_names_are_unique_and_half_are_in_what_c_and_python_share() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
