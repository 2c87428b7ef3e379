"""The site: no dead link, no page outside of the navigation, and the reference says all that the code has."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from docs_site import c_page, cli_page, python_page, schema_page, stage
from splkit_wheel import tracked_files

from splkit.cli import cli

FENCED = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]*?)(#[^)\s]*)?\)")


def pages(root: Path) -> list[Path]:
    """The pages that a forge shows: those of docs/ and those beside README.md."""
    return [root / path for path in tracked_files(root) if path.suffix == ".md" and path.parts[0] != "tests"]


def anchors(path: Path) -> set[str]:
    """What a heading is called in a link, as forges and Python-Markdown both make it."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in HEADING.findall(FENCED.sub("", path.read_text("utf-8"))):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", words.lower()).strip())
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def dead_links(root: Path, path: Path) -> Iterator[str]:
    for target, anchor in LINK.findall(FENCED.sub("", path.read_text("utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        there = (path.parent / target).resolve() if target else path
        name = f"{path.relative_to(root)}: {target}{anchor}"
        if not there.exists() or (anchor and there.suffix == ".md" and anchor[1:] not in anchors(there)):
            yield name


def in_navigation(root: Path) -> list[str]:
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, str):
            found.append(node)
        for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(each)

    walk(yaml.safe_load((root / "mkdocs.yml").read_text("utf-8"))["nav"])
    return found


def test_no_link_of_a_plain_page_is_dead(root: Path) -> None:
    assert len(pages(root)) > 30
    assert not [dead for path in pages(root) for dead in dead_links(root, path)]


def test_every_page_is_in_the_navigation_once(root: Path) -> None:
    there = {path.relative_to(root / "docs").as_posix() for path in pages(root) if "docs" in path.parts}
    there |= {*stage.OF_THE_ROOT.values(), *stage.GENERATED}
    assert Counter(in_navigation(root)) == Counter(there)


@pytest.mark.long
def test_the_site_builds_without_a_warning(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "docs_site"], cwd=root / "tools", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    html = root / "build" / "site" / "html"
    assert all((html / page).with_suffix(".html").is_file() for page in in_navigation(root))
    assert "splkit export" in (html / "reference" / "cli.html").read_text("utf-8")


def options(command: click.Command) -> Iterator[str]:
    for each in command.params:
        yield from each.opts if isinstance(each, click.Option) else ()


def test_the_command_line_s_page_has_every_verb_and_option() -> None:
    text = cli_page.page()
    missing = [verb for verb in cli_page.verbs() if f" {verb}\n" not in text]
    assert len(cli_page.verbs()) > 20 and not missing
    for name, command in cli.commands.items():
        part = text.partition(f"\n## splkit {name}\n")[2].partition("\n## ")[0]
        assert not [option for option in options(command) if option not in part]


def test_the_page_of_python_has_every_public_name() -> None:
    text = python_page.page()
    assert len(python_page.names()) > 40
    assert not [name for name in python_page.names() if f"### {name}\n" not in text]


def test_the_page_of_c_has_every_function() -> None:
    text = c_page.page()
    assert {"spl_init", "spl_push", "spl_infer", "spl_frontend_push"} <= c_page.functions()
    headings = {name for line in re.findall(r"^### (.*)$", text, re.MULTILINE) for name in line.split(", ")}
    assert c_page.functions() <= headings


def formal(part: object) -> object:
    """A schema without its words: another description is no other format."""
    if isinstance(part, dict):
        return {
            key: formal(value)
            for key, value in part.items()
            if key != "description" or not isinstance(value, str)
        }
    return [formal(each) for each in part] if isinstance(part, list) else part


@pytest.mark.parametrize("name", schema_page.SCHEMAS)
def test_schemas_are_those_of_the_code(name: str) -> None:
    written = json.loads((schema_page.FOLDER / f"{name}.json").read_text("utf-8"))
    assert formal(written) == formal(schema_page.schema(name)), "make schemas writes them anew"


def test_a_card_and_a_manifest_follow_their_schemas() -> None:
    """Names of fields and which of them must be there; pydantic holds the values."""
    from splkit.quantize import card_for, reference_model

    card = json.loads(card_for(reference_model()).model_dump_json())
    schema = schema_page.schema("card-2")
    assert set(card) <= set(schema["properties"]) and set(schema["required"]) <= set(card)
