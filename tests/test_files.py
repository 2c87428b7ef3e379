"""Results take their place whole, or what was there stays."""

import multiprocessing
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from splkit.errors import UsageError
from splkit.files import place_taken, require_free, taking, write_all, write_whole
from splkit.folders import digests, new_folder, own_place, replace_folder, strangers


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "new" / "peaks.csv"
    write_whole(path, b"one")
    with pytest.raises(UsageError, match="--force"):
        require_free(path, force=False)
    require_free(path, force=True)
    write_whole(path, b"two")
    assert path.read_bytes() == b"two" and list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"file/peaks\.csv \(File exists\)|Not a directory"):
        write_whole(tmp_path / "file" / "peaks.csv", b"one")


@pytest.mark.parametrize("stood", [True, False])
def test_a_folder_takes_the_place_of_another(tmp_path: Path, stood: bool) -> None:
    made, place = tmp_path / "made", tmp_path / "place"
    made.mkdir()
    (made / "new").touch()
    if stood:
        place.mkdir()
        (place / "old").touch()
    replace_folder(made, place)
    assert [each.name for each in place.iterdir()] == ["new"] and list(tmp_path.iterdir()) == [place]


def test_what_stood_there_stays_where_the_new_cannot_take_its_place(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (place / "old").touch()
    with pytest.raises(FileNotFoundError):
        replace_folder(tmp_path / "never made", place)
    assert list(tmp_path.iterdir()) == [place] and (place / "old").exists()


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize(("mask", "of_file", "of_folder"), [(0o022, 0o644, 0o755), (0o077, 0o600, 0o700)])
def test_the_umask_decides_who_may_read(tmp_path: Path, mask: int, of_file: int, of_folder: int) -> None:
    with umask(mask):
        write_whole(tmp_path / "file", b"")
        with new_folder(tmp_path / "folder", "a test", force=False, known=digests):
            pass
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("file", "folder")]
    assert modes == [of_file, of_folder]


def test_files_that_belong_together_are_all_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "no folder").touch()
    with pytest.raises(UsageError, match="no folder"):
        write_all({tmp_path / "model": b"one", tmp_path / "no folder" / "card": b"two"})
    assert [path.name for path in tmp_path.iterdir()] == ["no folder"]


def _hold(path: Path, taken: Event, leave: Event) -> None:
    with place_taken(path):
        taken.set()
        leave.wait(60)


@pytest.mark.parametrize("killed", [True, False])
def test_a_place_is_one_process_s_until_it_ends_or_is_killed(tmp_path: Path, killed: bool) -> None:
    path, context = tmp_path / "new" / "firmware", multiprocessing.get_context("spawn")
    taken, leave = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(path, taken, leave))
    other.start()
    assert taken.wait(60)
    for use in (place_taken(path), taking(path, force=True)):
        with (
            pytest.raises(UsageError, match=r"one splkit at a time .* found another at work on .*firmware"),
            use,
        ):
            pass
    other.kill() if killed else leave.set()
    other.join(60)
    with place_taken(path):
        pass
    assert list(tmp_path.rglob("*")) == [tmp_path / "new"] if killed else not list(tmp_path.iterdir())


def test_what_a_killed_process_left_of_a_replacement_is_put_right(tmp_path: Path) -> None:
    place, before = tmp_path / "place", tmp_path / ".place.splkit-old"
    before.mkdir()
    (before / "mine").write_text("mine")
    with (
        pytest.raises(UsageError, match=r"found .*place in use"),
        new_folder(place, "a test", force=False, known=digests),
    ):
        pass
    assert (place / "mine").read_text() == "mine" and list(tmp_path.iterdir()) == [place]


def test_what_appears_while_the_work_is_done_is_not_replaced(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (place / "old").touch()
    known = digests(place)
    with (
        pytest.raises(UsageError, match=r"nobody changed; found notes\.txt in .*place"),
        new_folder(place, "a test", force=True, known=lambda _: known) as made,
    ):
        (made / "new").touch()
        (place / "notes.txt").write_text("mine")
    assert sorted(path.name for path in place.iterdir()) == ["notes.txt", "old"]
    assert list(tmp_path.iterdir()) == [place]


def test_links_and_changes_are_strangers(tmp_path: Path) -> None:
    for name in ("kept", "changed", "linked"):
        (tmp_path / name).write_text(name)
    known = digests(tmp_path)
    (tmp_path / "changed").write_text("otherwise")
    (tmp_path / "linked").unlink()
    (tmp_path / "linked").symlink_to(tmp_path / "kept")
    (tmp_path / "folder").symlink_to(tmp_path.parent)
    (tmp_path / "empty").mkdir()
    assert strangers(tmp_path, known) == ["changed", "folder", "linked"]


@pytest.mark.parametrize("name", [".", "..", "/", "here/..", "loop"])
def test_results_do_not_replace_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(UsageError, match="a test goes into a folder of its own"):
        own_place(Path(name), "a test")


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert own_place(tmp_path / "link", "a test") == tmp_path / "real"


def test_results_do_not_replace_a_device() -> None:
    with pytest.raises(UsageError, match="results go into a file; found /dev/null"):
        require_free(Path("/dev/null"), force=True)
