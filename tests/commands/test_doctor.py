"""`splkit doctor`: what is here, and whether it is new enough."""

from pathlib import Path

import pytest
from support.command_line import splkit, splkit_json

from splkit.needs import Package
from splkit.optional import EXTRAS


@pytest.mark.parametrize(
    ("stated", "is_old"), [("1.14.0", True), ("1.15.3", True), ("1.16.0", False), ("1.16.1.19274", False)]
)
def test_an_old_renode_is_told_from_a_new_one(
    stated: str, is_old: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "renode"
    program.write_text(f"#!/bin/sh\necho Renode v{stated}\n")
    program.chmod(0o755)
    monkeypatch.setenv("RENODE", str(program))
    needs = splkit_json("doctor", "--json")["needs"]
    (renode,) = (need for need in needs if need["name"] == "renode")
    assert renode["found"] == f"Renode v{stated} ({program})"
    assert renode["problem"] == ("older than 1.16" if is_old else "")
    assert ("older" in splkit("doctor").stdout) == is_old


def test_another_version_than_the_pinned_one_is_named():
    oracle = Package("tflite-micro", "the oracle")
    assert oracle.problem("0.dev20200101") == "not the pinned 0.dev20261023182759"
    assert oracle.problem("0.dev20261023182759") == ""
    assert Package("wfdb", "WFDB recordings").problem("4.3.1") == ""


def test_every_package_of_an_extra_is_examined():
    names = {need["name"] for need in splkit_json("doctor")["needs"]}
    assert set(EXTRAS) <= names
