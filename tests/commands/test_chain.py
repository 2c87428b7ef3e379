"""The chain as a user runs it: export, build, verify, simulate, profile, through the command line."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from intelhex import IntelHex
from support.command_line import splkit, splkit_json

from splkit.commands import VERBS


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_export_leaves_firmware_manifest_and_sources(exported):
    names = set(tree(exported))
    assert {
        "firmware.elf",
        "firmware.hex",
        "firmware.bin",
        "manifest.json",
        "Makefile",
        "include/spl.h",
    } <= names
    manifest = json.loads((exported / "manifest.json").read_text())
    assert manifest["files"] == {
        name: digest for name, digest in tree(exported).items() if name != "manifest.json"
    }
    assert "simulated" in manifest["trained_on"]


def test_two_exports_are_the_same_bytes(exported, tmp_path):
    again = tmp_path / "elsewhere" / "second"
    splkit_json("export", "--board", "nrf52", "--out", str(again))
    assert tree(again) == tree(exported)


def test_hex_and_bin_hold_the_same_bytes(exported):
    image = IntelHex(str(exported / "firmware.hex"))
    assert image.tobinstr(start=image.minaddr()) == (exported / "firmware.bin").read_bytes()


def test_verify_finds_no_mismatch(exported):
    checks = splkit_json("verify", str(exported), "--duration", "60")
    assert {check["name"].split(",")[0] for check in checks} == {"inference", "front end", "application"}
    assert all(check["compared"] > 50 and check["mismatches"] == 0 for check in checks), checks


def test_verify_shows_the_first_difference_and_fails(exported, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(exported, broken)
    source = broken / "lib" / "spl_model.c"
    before, found, after = source.read_text().rpartition(".output_offset = ")
    assert found
    source.write_text(f"{before}{found}1 + {after}")
    result = splkit("verify", str(broken), "--duration", "30")
    assert result.returncode == 1
    assert "expected" in result.stderr and "Traceback" not in result.stderr


def test_build_again_gives_the_same_elf(exported, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(exported, copy)
    before = (copy / "firmware.elf").read_bytes()
    splkit_json("build", str(copy))
    assert (copy / "firmware.elf").read_bytes() == before


def test_simulate_reports_beats_and_estimates_as_simulated(exported):
    report = splkit_json("simulate", str(exported), "--ecg", "toy", "--duration", "60")
    assert "simulated" in report["trained_on"] and "simulated" in report["banner"]
    assert 60 <= len(report["beats"]) <= 120
    assert report["estimates"] and not report["faults"]
    assert all(2000 <= estimate["spl_ueq_l"] <= 10000 for estimate in report["estimates"])


def test_profile_has_the_figures(exported):
    figures = splkit_json("profile", str(exported))
    assert {"flash_bytes", "ram_bytes", "stack_bytes", "instructions", "layers"} <= set(figures)
    assert sum(layer["instructions"] for layer in figures["layers"]) <= figures["instructions"]
    assert figures["instructions"] - sum(layer["instructions"] for layer in figures["layers"]) < 500


@pytest.mark.parametrize("verb", VERBS)
def test_help_ends_with_examples(verb):
    result = splkit(verb, "--help")
    assert result.returncode == 0
    assert "Examples:" in result.stdout and f"splkit {verb}" in result.stdout


def test_boards_lists_what_can_be_exported():
    assert {board["name"] for board in splkit_json("boards")} >= {"nrf52", "mps2-an386"}


def test_detect_writes_peaks_and_a_picture(tmp_path):
    peaks, picture = tmp_path / "toy.qrs", tmp_path / "toy.png"
    facts = splkit_json("detect", "toy", "--out", str(peaks), "--plot", str(picture))
    assert facts["fs_hz"] == 360.0 and 490 <= facts["beats"] <= 520
    assert sum(facts["verdicts"].values()) == facts["beats"]
    assert peaks.stat().st_size > 500 and picture.stat().st_size > 20_000
    again = splkit("detect", "toy", "--out", str(peaks))
    assert again.returncode == 2 and "--force" in again.stderr
