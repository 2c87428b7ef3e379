"""Texts of users in what make, the shell, C, CMake and imgtool read: nothing of them is run."""

import shutil
import subprocess
from pathlib import Path

import pytest
from support.command_line import splkit, splkit_json
from support.hostile_texts import MARKER, TEXTS
from support.stand_in import export_stand_in
from support.tflm_stand_in import make_tree

from splkit import boards
from splkit.errors import BoardError, UsageError
from splkit.escapes import is_printable
from splkit.firmware.build import find_compiler, make
from splkit.quantize.card import ModelCard
from splkit.quantize.carried import carried_card
from splkit.quantize.reference import reference_model

PRINTABLE = [text for text in TEXTS if all(map(is_printable, text))]
OTHERS = [text for text in TEXTS if text not in PRINTABLE]
NRF52 = (boards.folder("nrf52") / "board.toml").read_text("utf-8")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A working folder in which nothing has appeared at the end that only a command of a text makes."""
    monkeypatch.chdir(tmp_path)
    yield
    assert not list(tmp_path.rglob(MARKER))


def hostile_folder(root: Path) -> Path:
    """A path through folders that are called like all of the printable texts."""
    folder = root.joinpath(*(text.replace("/", "|") for text in PRINTABLE))
    folder.mkdir(parents=True)
    return folder


def described(title: str) -> boards.Board:
    letters = "".join(f"\\U{ord(letter):08X}" for letter in title)
    return boards.parse(NRF52.replace("Nordic nRF52840 DK", letters), "board.toml")


def compiler_in(folder: Path) -> Path:
    """The Arm compiler and its tools, called from another folder."""
    real = find_compiler()
    for name in ("gcc", "objcopy"):
        tool = folder / f"arm-none-eabi-{name}"
        tool.write_text(f'#!/bin/sh\nexec {real.parent / tool.name} "$@"\n')
        tool.chmod(0o755)
    return folder / "arm-none-eabi-gcc"


def test_a_title_is_refused_or_builds(tmp_path: Path) -> None:
    taken = []
    for text in TEXTS:
        try:
            described(text)
            taken.append(text)
        except BoardError as error:
            assert "title" in str(error)
    assert len(taken) > len(PRINTABLE) / 2
    for number in range(0, len(taken), 4):
        folder = export_stand_in(described(" ".join(taken[number : number + 4])), tmp_path / str(number))
        make(folder, "all")
        subprocess.run(["make", "-s", "-C", str(folder), "clean"], check=True)


def test_an_export_through_every_hostile_path_is_the_same_and_runs_nothing(
    tmp_path: Path, exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("imgtool", reason="images are signed with imgtool, of the extra flash")
    folder = hostile_folder(tmp_path)
    monkeypatch.setenv("ARM_GCC", str(compiler_in(folder)))
    model = folder / f"{PRINTABLE[0]}.tflite"
    shutil.copyfile(reference_model(), model)
    key = folder / "key.pem"
    from imgtool.main import imgtool

    imgtool(["keygen", "-k", str(key), "-t", "ecdsa-p256"], standalone_mode=False)
    out = folder / "firmware"
    splkit_json("export", str(model), "--board", "nrf52", "--out", str(out))
    assert (out / "firmware.bin").read_bytes() == (exported / "firmware.bin").read_bytes()
    signed = folder / "signed"
    words = ("--sign", str(key), "--image-version", "1.0.0", "--out", str(signed))
    splkit_json("export", str(model), "--board", "nrf52", *words)
    for verb in (
        ("verify", "--duration", "10", "--inputs", "1"),
        ("profile",),
        ("build",),
        ("flash", "--dry-run"),
    ):
        splkit_json(verb[0], str(out), *verb[1:])
    if shutil.which("cmake"):
        subprocess.run(["cmake", "-S", str(out), "-B", "cmake"], capture_output=True, check=False)


@pytest.mark.parametrize("text", OTHERS)
def test_a_path_that_no_makefile_can_name_is_refused_by_name(
    tmp_path: Path, exported: Path, text: str
) -> None:
    folder = tmp_path / text
    shutil.copytree(exported, folder)
    done = splkit("build", str(folder))
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "text on one line" in done.stderr and "Traceback" not in done.stderr


def test_a_tflm_tree_is_named_as_it_is_or_refused(tmp_path: Path) -> None:
    tree, taken = make_tree(tmp_path / "tree"), []
    for number, text in enumerate(TEXTS):
        place = tmp_path / str(number) / text.replace("/", "|")
        place.parent.mkdir()
        place.symlink_to(tree)
        moved = tmp_path / f"moved{number}" / place.name
        moved.parent.mkdir()
        try:
            from splkit.escapes import require_in_build_files

            taken.append(require_in_build_files(moved).name)
        except UsageError as error:
            assert "letters that make" in str(error) or "text on one line" in str(error)
    assert "two  blanks " in taken and "Zürich 心電図" in taken
    nested = tmp_path.joinpath("nested", *taken)
    nested.parent.mkdir(parents=True)
    tree.rename(nested)
    done = splkit(
        "export", "--board", "nrf52", "--runtime", "tflm", "--tflm-dir", str(nested), "--out", "firmware"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("field", ["name", "trained_on", "lead", "unit", "splkit_version"])
def test_a_card_s_text_is_refused_or_harmless(field: str) -> None:
    card = carried_card(reference_model().read_bytes(), "model.tflite")
    assert card is not None
    for text in TEXTS:
        try:
            ModelCard.model_validate(card.model_dump() | {field: text})
        except ValueError:
            continue
        assert field == "splkit_version" or not set(text) & set("$`\\\"'*?#\n"), (field, text)
