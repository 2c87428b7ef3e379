"""The library of an exported folder as one header and one source file."""

import re
from collections.abc import Mapping
from pathlib import Path

_INCLUDE = re.compile(r'^#include "(\w+\.h)"\n', re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")
_ABOUT = "/* The whole of splkit's library in one file: compile it as C99, with spl.h beside it. */"


def amalgamate(folder: Path) -> dict[str, str]:
    """The text of `spl.h` and `spl.c` from `include/` and `lib/` of a folder that `write_library` filled.

    `spl.h` is the public header with all that it includes; `spl.c` is every source, by path, with the headers
    that it is the first to include. Each header is in one of them, once.
    """
    headers = {path.name: path for path in (*folder.glob("include/*.h"), *folder.glob("lib/**/*.h"))}
    done = {"spl.h"}
    header = _inlined(headers["spl.h"], headers, done)
    banner = header.partition("\n")[0]
    sections = [f'{banner}\n{_ABOUT}\n#include "spl.h"\n']
    for source in sorted(folder.glob("lib/**/*.c")):
        sections.append(f"{_title(source, folder)}\n{_inlined(source, headers, done)}")
    return {"spl.h": _tidy(header), "spl.c": _tidy("\n".join(sections))}


def write_single_file(folder: Path) -> None:
    """Writes `single/spl.h` and `single/spl.c` beside the library of `folder`."""
    (folder / "single").mkdir()
    for name, text in amalgamate(folder).items():
        (folder / "single" / name).write_text(text, "utf-8", newline="\n")


def _inlined(path: Path, headers: Mapping[str, Path], done: set[str]) -> str:
    """A file with the library's headers in place of their includes, those that are `done` left out."""

    def text_of(include: re.Match[str]) -> str:
        name = include[1]
        if name in done:
            return ""
        done.add(name)
        return _inlined(headers[name], headers, done)

    return _INCLUDE.sub(text_of, path.read_text("utf-8"))


def _title(source: Path, folder: Path) -> str:
    return f"/* ---- {source.relative_to(folder).as_posix()} ---- */"


def _tidy(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", text)
