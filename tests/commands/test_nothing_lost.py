"""--force, two at once, images that are not what was built: nothing of the user is lost or passed over."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import splkit, splkit_json

from splkit.folders import digests

EXPORT = ("export", "--board", "nrf52", "--out")


@pytest.fixture
def copy(exported, tmp_path) -> Path:
    folder = tmp_path / "firmware"
    shutil.copytree(exported, folder)
    return folder


def refused(*arguments: str) -> str:
    result = splkit(*arguments)
    assert result.returncode == 2 and result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def test_force_replaces_no_notes_no_git_and_no_edited_source(copy):
    (copy / "notes.txt").write_text("mine")
    (copy / ".git").mkdir()
    (copy / ".git" / "HEAD").write_text("ref: refs/heads/main")
    with (copy / "app" / "main.c").open("a") as source:
        source.write("/* mine */\n")
    before = digests(copy)
    assert "found .git/HEAD, app/main.c, notes.txt in" in refused(*EXPORT, str(copy), "--force")
    assert digests(copy) == before and list(copy.parent.iterdir()) == [copy]


def test_an_edited_source_is_kept_after_a_build_too(copy):
    with (copy / "app" / "main.c").open("a") as source:
        source.write("/* mine */\n")
    splkit_json("build", str(copy))
    assert "found app/main.c in" in refused(*EXPORT, str(copy), "--force")


def test_an_empty_manifest_makes_no_export_of_a_folder(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    assert "manifest" in refused(*EXPORT, str(folder), "--force")
    assert (folder / "manifest.json").read_text() == "{}"


def test_force_replaces_an_export_that_was_built_with_make(copy):
    subprocess.run(["make", "-s", "-C", str(copy)], check=True, capture_output=True)
    assert (copy / "build").is_dir()
    splkit_json(*EXPORT, str(copy), "--force")
    assert not (copy / "build").exists()


def test_of_two_exports_to_one_place_one_is_refused(tmp_path):
    command = [sys.executable, "-m", "splkit", *EXPORT, str(tmp_path / "one")]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [each.communicate()[1] for each in both]
    assert sorted(each.returncode for each in both) == [0, 2]
    assert "another at work on" in "".join(said) or "in use" in "".join(said)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert digests(tmp_path / "one").items() >= manifest["files"].items()


def test_the_working_folder_is_refused_before_anything_is_built(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = refused("export", "--board", "nrf52", "--out", ".", "--runtime", "splkit")
    assert "where you are" in said and not list(tmp_path.iterdir())


VERBS = (("flash", "--dry-run"), ("verify",), ("profile",), ("simulate", "--ecg", "toy"))
IMAGES = ("firmware.hex", "firmware.elf", "firmware.bin", "model/model.tflite")


@pytest.mark.parametrize(
    ("name", "verb"), [(name, VERBS[0]) for name in IMAGES] + [("firmware.elf", verb) for verb in VERBS[1:]]
)
def test_an_image_that_is_not_what_was_built_is_refused(copy, name, verb):
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    said = refused(verb[0], str(copy), *verb[1:])
    assert f"{name} is the one that manifest.json names" in said
    assert ("splkit build" in said) is not name.startswith("model")


def test_build_names_its_images_and_what_was_edited(copy):
    main = copy / "app" / "main.c"
    main.write_text(main.read_text() + "const int mine = 1;\n")
    (copy / "app" / "mine.c").write_text("int added(void);\nint added(void) { return 1; }\n")
    before = json.loads((copy / "manifest.json").read_text())
    done = splkit("build", str(copy), "--json")
    assert json.loads(done.stdout)["edited"] == ["app/main.c", "app/mine.c"]
    after = json.loads((copy / "manifest.json").read_text())
    assert after["edited"] == ["app/main.c", "app/mine.c"] and before["edited"] == []
    assert after["files"]["app/main.c"] == before["files"]["app/main.c"]
    assert digests(copy)["firmware.elf"] == after["files"]["firmware.elf"] != before["files"]["firmware.elf"]
    assert not (copy / "build").exists()
    for verb in (("flash", "--dry-run"), ("profile",), ("verify", "--duration", "10", "--inputs", "1")):
        done = splkit(verb[0], str(copy), *verb[1:])
        assert done.returncode == 0, done.stderr
        assert "note: edited since the export, built with them: app/main.c, app/mine.c" in done.stderr


def test_sources_that_do_not_build_leave_the_images_that_were_there(copy):
    (copy / "app" / "mine.c").write_text("this is no C\n")
    before = digests(copy)
    assert "mine.c" in refused("build", str(copy))
    assert digests(copy) == before
    done = splkit("flash", str(copy), "--dry-run")
    assert done.returncode == 0 and "not built with them: app/mine.c" in done.stderr
