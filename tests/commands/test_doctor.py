"""`splkit doctor`: what is here, and whether it is new enough."""

import json
import os
import shlex
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.command_line import splkit, splkit_json

from splkit import origin
from splkit.needs import Package, Program, mending_command
from splkit.optional import EXTRAS
from splkit.origin import install_command


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


FOLDER = {"url": "file:///home/ann/my%20splkit", "dir_info": {}}
EDITABLE = FOLDER | {"dir_info": {"editable": True}}
WHEEL = {"url": "file:///tmp/splkit-0.1.0-py3-none-any.whl", "archive_info": {}}


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (None, "splkit[ecg,train]"),
        (EDITABLE, "-e '/home/ann/my splkit[ecg,train]'"),
        (FOLDER, "'/home/ann/my splkit[ecg,train]'"),
        (WHEEL, "'splkit[ecg,train] @ file:///tmp/splkit-0.1.0-py3-none-any.whl'"),
    ],
)
def test_an_extra_comes_from_where_splkit_came_from(
    record: dict[str, object] | None, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read = SimpleNamespace(read_text=lambda _: json.dumps(record) if record else None)
    monkeypatch.setattr(origin, "distributions", lambda **_: [read])
    monkeypatch.chdir(tmp_path)
    said = shlex.split(install_command("train", "ecg", "train"))
    assert said[said.index("install") + 1 :] == shlex.split(told)


def test_pip_is_that_of_this_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    pip = shlex.split(install_command("train"))[:3]
    assert pip == [sys.executable, "-m", "pip"]
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert install_command("train").startswith("pip install ")


def test_one_command_brings_all_that_is_missing() -> None:
    needs = (
        Program("qemu-system-arm", "QEMU", ("qemu-system-arm",)),
        Program("renode", "Renode", by_hand="unpack a release"),
        Program("arm-none-eabi-gcc", "the compiler", ("gcc-arm-none-eabi", "libnewlib-arm-none-eabi")),
        Package("wfdb", "WFDB recordings"),
        Package("tensorflow", "train"),
        Package("tf_keras", "train"),
    )
    apt, pip = mending_command(needs).split(" && ")
    root = [] if os.geteuid() == 0 else ["sudo"]
    names = ["qemu-system-arm", "gcc-arm-none-eabi", "libnewlib-arm-none-eabi"]
    assert shlex.split(apt) == [*root, "apt-get", "install", *names]
    assert pip == install_command("ecg", "train") and "[ecg,train]" in pip
    assert mending_command(needs[1:2]) == ""


def test_what_is_missing_is_told_apart_from_what_must_be_here(tmp_path: Path) -> None:
    here = str(Path(sys.executable).parent)
    done = splkit("doctor", PATH=here, QEMU=str(tmp_path / "none"), ARM_GCC=str(tmp_path / "none"))
    assert done.returncode == 2
    needed, rest = (
        next(line for line in done.stdout.splitlines() if line.startswith(word))
        for word in ("needed:", "the rest:")
    )
    assert "gcc-arm-none-eabi" in needed and "qemu-system-arm" not in needed
    assert "qemu-system-arm" in rest and "gcc-arm-none-eabi" not in rest
