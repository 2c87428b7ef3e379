"""The rooms: what may import what, no import in circles, nothing heavy loaded with a library room."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

ARROWS = {
    "splkit": set(),
    "ecg": {"splkit"},
    "boards": {"splkit"},
    "train": {"splkit", "ecg"},
    "tflite_file": {"splkit"},
    "quantize": {"splkit", "ecg", "train", "tflite_file"},
    "codegen": {"splkit", "ecg", "quantize", "tflite_file"},
    "firmware": {"splkit", "ecg", "quantize", "codegen", "tflite_file", "boards", "report"},
    "report": {"splkit"},
    "study": {"splkit", "ecg", "train", "quantize", "firmware", "boards", "report"},
    "commands": {
        "splkit",
        "ecg",
        "train",
        "quantize",
        "codegen",
        "tflite_file",
        "firmware",
        "boards",
        "report",
        "study",
    },
}
"""A room and the rooms that it may import from, as docs/architecture.md has it; `splkit` is what all use."""

TFLITE_FILE = ("splkit.codegen.tflite_file", "splkit.codegen.graph", "splkit.codegen.refusals")
"""The part of codegen that reads a .tflite file and knows nothing of C: a room by itself, before quantize."""

HEAVY = {
    "tensorflow", "tf_keras", "tflite_micro", "matplotlib", "wfdb", "sleepecg", "pyedflib", "cv2", "pydicom",
    "serial", "pyocd", "rich", "click",
}  # fmt: skip
"""Extras, and what only the command line needs."""


def module_of(path: Path) -> str:
    """`splkit.ecg.rpeaks.find` of ecg/rpeaks/find.py."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts[1:] if parts[0] == "src" else ("splkit", *parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """The top folder; of src/splkit the command line is one, all else another."""
    if module in ("splkit.cli", "splkit.__main__"):
        return "commands"
    if module.startswith(TFLITE_FILE):
        return "tflite_file"
    name = module.split(".")[1] if "." in module else "splkit"
    return name if name in ARROWS else "splkit"


def sources() -> dict[str, Path]:
    folders = [
        ROOT / name
        for name in (
            "ecg",
            "train",
            "quantize",
            "codegen",
            "firmware",
            "boards",
            "report",
            "study",
            "src/splkit",
        )
    ]
    return {module_of(path): path for folder in folders for path in folder.rglob("*.py")}


def imported(path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of splkit that a file imports, within functions too, but not those for its types alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    types = [
        node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
    ]
    skipped = {id(inner) for node in types for part in node.body for inner in ast.walk(part)}
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name if name in known else node.module for name in whole}
    return found & set(known)


def test_rooms_import_only_from_rooms_before_them() -> None:
    known = sources()
    wrong = [
        f"{name} imports {other}"
        for name, path in known.items()
        for other in sorted(imported(path, known))
        if room_of(other) != room_of(name) and room_of(other) not in ARROWS[room_of(name)]
    ]
    assert not wrong


def test_modules_do_not_import_each_other_in_circles() -> None:
    known = sources()
    graph = {name: imported(path, known) - {name} for name, path in known.items()}
    assert len(tuple(TopologicalSorter(graph).static_order())) == len(known)


LOAD_ALL = """
import importlib, pkgutil, sys
for name in sys.argv[2:]:
    module = importlib.import_module(name)
    for inner in pkgutil.walk_packages(getattr(module, "__path__", []), name + "."):
        importlib.import_module(inner.name)
print(*sorted(set(sys.argv[1].split(",")) & set(sys.modules)))
"""


@pytest.mark.parametrize(
    "modules",
    [
        ("splkit.ecg",),
        ("splkit.train",),
        ("splkit.codegen",),
        ("splkit.boards",),
        ("splkit.firmware",),
        ("splkit.report",),
        ("splkit.study",),
        tuple(f"splkit.quantize.{name}" for name in ("card", "oracle", "reference", "facts", "estimates")),
    ],
    ids=lambda modules: modules[0],
)
def test_library_rooms_load_nothing_heavy(modules: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", LOAD_ALL, ",".join(sorted(HEAVY)), *modules]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
