"""A board of one's own, by its folder: what docs/porting.md says, line by line; and broken ones."""

import json
import re
import shlex
from pathlib import Path

import pytest
from support.command_line import splkit

from splkit import boards
from splkit.boards import catalogue
from splkit.errors import BoardError


@pytest.fixture(scope="module")
def guide(root: Path) -> str:
    return (root / "docs" / "porting.md").read_text("utf-8")


@pytest.fixture
def own(guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (example,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    folder = tmp_path / "my-patch"
    folder.mkdir()
    (folder / "board.toml").write_text(example, "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.long
def test_the_lines_of_the_guide_export_flash_verify_and_sign_it(guide: str, own: Path) -> None:
    pytest.importorskip("imgtool", reason="images are signed with imgtool, of the extra flash")
    lines = re.findall(r"^    (splkit .*|imgtool .*)$", guide, re.MULTILINE)
    assert [line.split()[1] for line in lines] == ["export", "flash", "verify", "keygen", "export", "flash"]
    said = ""
    for program, *words in map(shlex.split, lines):
        if program == "imgtool":
            from imgtool.main import imgtool

            imgtool(words, standalone_mode=False)
        else:
            done = splkit(*words)
            assert done.returncode == 0, done.stderr
            said += done.stdout
    assert "0x52840" in said and "0x0000c000" in said
    (own / "board.toml").unlink()  # no verb needs it any more
    assert splkit("simulate", "firmware", "--ecg", "toy", "--duration", "5").returncode == 0


@pytest.mark.usefixtures("own")
def test_a_hex_file_is_flashed_by_the_folder_of_its_board() -> None:
    assert splkit("export", "--board", "./my-patch", "--out", "firmware").returncode == 0
    done = splkit("flash", "firmware/firmware.hex", "--board", "my-patch", "--dry-run")
    assert done.returncode == 0 and "nRF52840" in done.stdout, done.stderr
    facts = json.loads(Path("firmware/board.json").read_text())
    facts["flashing"]["chip_id"]["value"] = 0
    Path("firmware/board.json").write_text(json.dumps(facts))
    done = splkit("flash", "firmware", "--dry-run")
    assert done.returncode == 2 and "board.json is the one that manifest.json names" in done.stderr


def test_a_board_of_ones_own_has_a_name_of_its_own(own: Path) -> None:
    text = (own / "board.toml").read_text()
    other = own.with_name("nrf52")
    other.mkdir()
    (other / "board.toml").write_text(text.replace('"my-patch"', '"nrf52"'))
    with pytest.raises(BoardError, match="has a name of its own; found nrf52"):
        boards.load("./nrf52")
    assert boards.load("nrf52").title == "Nordic nRF52840 DK"
    own.rename(own.with_name("elsewhere"))
    with pytest.raises(BoardError, match="folder bears its name; found name = 'my-patch' in elsewhere"):
        boards.load("elsewhere")


def test_what_is_no_text_is_refused(own: Path) -> None:
    (own / "board.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BoardError, match="text in UTF-8"):
        boards.load("my-patch")


def test_one_broken_board_does_not_hide_the_others(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("nrf52", "rp2040"):
        place = own.parent / "shipped" / name
        place.mkdir(parents=True)
        (place / "board.toml").write_bytes((boards.folder(name) / "board.toml").read_bytes())
    broken = own.parent / "shipped" / "broken"
    broken.mkdir()
    (broken / "board.toml").write_text("clock_hz = 1\n")
    monkeypatch.setattr(catalogue, "files", lambda _: own.parent / "shipped")
    found, refused = boards.all_boards()
    assert [board.name for board in found] == ["nrf52", "rp2040"]
    assert [str(error) for error in refused] and "broken/board.toml" in str(refused[0])
    with pytest.raises(BoardError, match="did you mean 'nrf52'"):
        boards.load("nrf25")
