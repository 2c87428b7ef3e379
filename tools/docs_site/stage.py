"""The folder that the site is built from: the pages of docs/ and of the root, and those that code writes."""

import re
import shutil
from pathlib import Path
from typing import Final

from docs_site import c_page, cli_page, python_page, schema_page

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"

OF_THE_ROOT: Final = {
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/reporting.md",
    "CODE_OF_CONDUCT.md": "project/conduct.md",
}
"""Pages that a forge looks for at the root, and where the site has them."""

GENERATED: Final = {
    "reference/cli.md": cli_page.page,
    "reference/python.md": python_page.page,
    "reference/c.md": c_page.page,
    "reference/schemas.md": schema_page.page,
}
"""Pages that are written from the code each time."""

LINK: Final = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s#]+)(#[^)\s]*)?\)")
"""A link of a page to another one: its words, its path, its anchor; not a picture."""


def stage(folder: Path) -> None:
    """Lays out the whole site's sources in `folder`, anew."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS, folder)
    for name, place in OF_THE_ROOT.items():
        _write(folder / place, _moved((ROOT / name).read_text("utf-8"), ROOT / name, place))
    for path in DOCS.rglob("*.md"):
        place = path.relative_to(DOCS).as_posix()
        _write(folder / place, _moved(path.read_text("utf-8"), path, place))
    for place, page in GENERATED.items():
        _write(folder / place, page())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _moved(text: str, source: Path, place: str) -> str:
    """The page's links as they are from its place on the site; one to what is no page becomes its words."""

    def link(match: re.Match[str]) -> str:
        words, path, anchor = match[1], match[2], match[3] or ""
        if "://" in path or path.startswith("mailto:"):
            return match[0]
        there = place_of((source.parent / path).resolve())
        if there is None:
            return words if words.startswith("`") else f"`{words}`"
        return f"[{words}]({_relative(there, place)}{anchor})"

    return LINK.sub(link, text)


def place_of(path: Path) -> str | None:
    """Where the site has a file of the repository; None where it has not."""
    if path.is_relative_to(DOCS):
        return path.relative_to(DOCS).as_posix()
    if path == ROOT / "README.md":
        return "index.md"
    return OF_THE_ROOT.get(path.relative_to(ROOT).as_posix()) if path.is_relative_to(ROOT) else None


def _relative(there: str, place: str) -> str:
    up = "../" * (len(Path(place).parts) - 1)
    return f"{up}{there}"
