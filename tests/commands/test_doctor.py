"""`splkit doctor`: what is here, and whether it is new enough."""

from pathlib import Path

import pytest
from support.command_line import splkit, splkit_json


@pytest.mark.parametrize(("stated", "is_old"), [("1.14.0", True), ("1.15.0", False), ("1.16.1.19274", False)])
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
    assert renode["is_old"] == is_old
    assert ("older" in splkit("doctor").stdout) == is_old
