"""What a release is made of agrees: versions, changelog, workflows, the files that a forge looks for."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

FILES = ("CHANGELOG.md", "CITATION.cff", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "LICENSE", "SECURITY.md")
WORKFLOWS = ("ci", "release")
RUN = re.compile(r"^\s*(?:- run: |)(?:make ([\w-]+)|python (tools/\w+\.py))", re.MULTILINE)


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_files_that_a_forge_shows_are_there(root: Path) -> None:
    assert not [name for name in FILES if not (root / name).is_file()]


def test_the_citation_names_this_version_and_these_licences(root: Path, project: dict) -> None:
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == project["version"]
    assert " AND ".join(citation["license"]) == project["license"]


def test_the_changelog_begins_with_what_is_not_released_or_with_this_version(
    root: Path, project: dict
) -> None:
    headings = re.findall(r"^## (\S+)", (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] in ("Unreleased", project["version"])


@pytest.mark.parametrize("name", WORKFLOWS)
def test_what_a_workflow_runs_exists(name: str, root: Path) -> None:
    text = (root / ".github" / "workflows" / f"{name}.yml").read_text("utf-8")
    assert yaml.safe_load(text)["jobs"]
    targets = set(re.findall(r"^([\w -]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    known = {target for line in targets for target in line.split()}
    runs = RUN.findall(text)
    assert runs
    assert not [target for target, _ in runs if target and target not in known]
    assert not [script for _, script in runs if script and not (root / script).is_file()]


def test_pythons_of_ci_are_those_that_splkit_takes(root: Path, project: dict) -> None:
    jobs = yaml.safe_load((root / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]
    tried = jobs["test"]["strategy"]["matrix"]["python"]
    assert project["requires-python"] == f">={tried[0]}"
    assert jobs["wheel"]["strategy"]["matrix"]["python"][: len(tried)] == tried


@pytest.mark.parametrize("name", ["fault", "wish"])
def test_forms_of_issues_hold_together(name: str, root: Path) -> None:
    form = yaml.safe_load((root / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml").read_text("utf-8"))
    assert {"name", "description", "body"} <= set(form)
    ids = [field["id"] for field in form["body"] if field["type"] != "markdown"]
    assert len(set(ids)) == len(ids) and all(
        "label" in field["attributes"] for field in form["body"] if "id" in field
    )
