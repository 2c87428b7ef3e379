"""The troubleshooting page explains messages that splkit has."""

import ast
import re
from pathlib import Path

import pytest
from splkit_wheel import tracked_files

QUOTED = re.compile(r"^### `([^`]+)`$", re.MULTILINE)
ROOMS = ("src", "ecg", "train", "quantize", "codegen", "firmware", "boards")


def said(node: ast.expr) -> str:
    """A string as the page would write it: `...` where something is put in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    parts = [part.value if isinstance(part, ast.Constant) else "..." for part in node.values]
    return re.sub(r"(\.\.\.)+", "...", "".join(map(str, parts)))


@pytest.fixture(scope="module")
def messages(root: Path) -> str:
    """All strings of the package."""
    found = []
    for path in tracked_files(root):
        if path.suffix == ".py" and path.parts[0] in ROOMS:
            for node in ast.walk(ast.parse((root / path).read_text("utf-8"))):
                if isinstance(node, ast.JoinedStr) or (
                    isinstance(node, ast.Constant) and isinstance(node.value, str)
                ):
                    found.append(said(node))
    return "\n".join(found)


def test_every_message_that_is_explained_exists(root: Path, messages: str) -> None:
    """Without the names and numbers that the page or the code puts into it."""
    page = (root / "docs" / "troubleshooting.md").read_text("utf-8")
    quoted = [each for each in QUOTED.findall(page) if not each.startswith("splkit ")]
    assert len(quoted) > 15
    plain = messages.replace("...", "")
    assert not [each for each in quoted if each not in messages and _without_numbers(each) not in plain]


def _without_numbers(quoted: str) -> str:
    return quoted.replace("manifest.json", "").replace("...", "")
