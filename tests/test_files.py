"""Results take their place whole, or what was there stays."""

from pathlib import Path

import pytest

from splkit.errors import UsageError
from splkit.files import replace_folder, require_free, write_whole


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
