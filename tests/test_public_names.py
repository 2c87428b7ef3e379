"""What the packages offer their users: there, documented, and free until it is asked for."""

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

PACKAGES = ("ecg", "train", "quantize", "codegen", "firmware", "boards")
LAZY = PACKAGES[:-1]


def public(package: str) -> dict[str, object]:
    module = import_module(f"splkit.{package}")
    return {name: getattr(module, name) for name in module.__all__}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_is_there_and_says_what_it_is(package: str) -> None:
    documented = {
        name: inspect.getdoc(item)
        for name, item in public(package).items()
        if inspect.isclass(item) or inspect.isroutine(item)
    }
    silent = [name for name, said in documented.items() if not (said or "").strip()]
    assert documented and not silent


@pytest.mark.parametrize("package", LAZY)
def test_type_checkers_see_the_same_names_from_the_same_modules(package: str, root: Path) -> None:
    module = import_module(f"splkit.{package}")
    tree = ast.parse((root / package / "__init__.py").read_text("utf-8"))
    seen = {
        alias.asname: node.module.removeprefix(f"splkit.{package}.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"splkit.{package}.")
        for alias in node.names
    }
    assert seen == module._MODULES


@pytest.mark.parametrize("package", PACKAGES)
def test_a_function_says_what_each_of_its_options_does(package: str) -> None:
    unsaid = [
        f"{name}: {option.name}"
        for name, item in public(package).items()
        if inspect.isfunction(item)
        for option in inspect.signature(item).parameters.values()
        if option.default is not option.empty and option.name not in (inspect.getdoc(item) or "")
    ]
    assert not unsaid


def test_a_wrong_name_is_told_as_python_does() -> None:
    ecg = import_module("splkit.ecg")
    with pytest.raises(AttributeError, match=r"'splkit\.ecg' has no attribute 'read_recordings'"):
        _ = ecg.read_recordings


def test_what_defines_a_name_is_loaded_when_it_is_asked_for() -> None:
    program = """if True:
        import sys, splkit.ecg
        module = "splkit.ecg.recordings.readers"
        print(module in sys.modules)
        from splkit.ecg import read_recording
        print(module in sys.modules, read_recording("sample").fs_hz)
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "250.0"]
