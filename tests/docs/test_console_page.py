"""The runner of pages notices what a reader would: another output, a failure, a file that is not there."""

from pathlib import Path

import pytest
from support.console_page import run


def page(*lines: str) -> str:
    return "\n".join(["# A page", "", "```console", *lines, "```", ""])


def ran(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    run(text, folder)


def test_what_the_page_shows_is_what_is_printed(tmp_path: Path) -> None:
    text = page("$ printf 'one\\ntwo 2\\nthree\\nfour\\n'", "one", "two ...", "...", "four", "$ echo done")
    ran(tmp_path, text)


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (["one"], "printed:\none\ntwo"),
        (["one", "2"], "two"),
        (["one", "two", "three"], "two"),
        (["one t...", "two"], "one"),
    ],
)
def test_another_output_is_told(shown: list[str], found: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=found):
        ran(tmp_path, page("$ printf 'one\\ntwo\\n'", *shown))


def test_a_failure_is_told_unless_the_page_shows_its_status(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="exit status 3"):
        ran(tmp_path, page("$ (exit 3)"))
    (again := tmp_path / "again").mkdir()
    ran(again, page("$ (exit 3)", "$ echo $?", "3"))


def test_a_status_that_is_not_the_one_shown_is_told(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="printed:\n3"):
        ran(tmp_path, page("$ (exit 3)", "$ echo $?", "2"))


def test_files_are_written_and_the_folder_stays(tmp_path: Path) -> None:
    text = '```c title="src/a.c"\nint a;\n```\n' + page(
        "$ cd src", "$ cat a.c \\", ">   a.c", "int a;", "int a;"
    )
    ran(tmp_path, text)


def test_a_page_without_commands_proves_nothing(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="without a command"):
        ran(tmp_path, "# A page\n")
