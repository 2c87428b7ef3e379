"""Every tutorial, and how-to pages that can be typed, from their own text into an empty folder."""

import sys
from pathlib import Path

import pytest
from support.console_page import run

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

import seeded_faults

TYPED = ("tutorials/own-ecgs", "tutorials/paper-ecg", "tutorials/cmake", "tutorials/board", "arduino")
IN_A_CLONE = ("tutorials/operator",)


def page(root: Path, name: str) -> str:
    return (root / "docs" / f"{name}.md").read_text("utf-8")


@pytest.mark.long
@pytest.mark.parametrize("name", TYPED)
def test_the_page_does_what_it_says(name: str, root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    run(page(root, name), folder)


@pytest.mark.parametrize("name", IN_A_CLONE)
def test_the_page_does_what_it_says_in_a_clone(name: str, root: Path, tmp_path: Path) -> None:
    clone = tmp_path / "splkit"
    clone.mkdir()
    seeded_faults.Copy(clone)
    run(page(root, name), clone, PYTHONPATH=str(clone / "src"), PYTHONDONTWRITEBYTECODE="1")


def test_each_tutorial_is_typed(root: Path) -> None:
    pages = {f"tutorials/{path.stem}" for path in (root / "docs" / "tutorials").glob("*.md")}
    assert pages - {"tutorials/index"} <= {*TYPED, *IN_A_CLONE}
