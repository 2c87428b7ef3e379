"""The library of an exported folder as one header and one source file."""

import re
from collections.abc import Mapping
from pathlib import Path

_INCLUDE = re.compile(r'^#include "(\w+\.h)"\n', re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")
_ABOUT = "/* The whole of splkit's library in one file: compile it as C99, with {} beside it. */"


def amalgamate(folder: Path, public: str = "spl.h") -> dict[str, str]:
    """One header and one source, `spl.h` and `spl.c`, from `include/` and `lib/` of a folder.

    The header is the `public` one with all that it includes; the source, of its name, is every source, by
    path, with the headers that it is the first to include. Each header is in one of them, once.
    """
    headers = {path.name: path for path in (*folder.glob("include/*.h"), *folder.glob("lib/**/*.h"))}
    done = {public}
    header = _inlined(headers[public], headers, done)
    banner = header.partition("\n")[0]
    sections = [f'{banner}\n{_ABOUT.format(public)}\n#include "{public}"\n']
    for source in sorted(folder.glob("lib/**/*.c")):
        sections.append(f"{_title(source, folder)}\n{_inlined(source, headers, done)}")
    return {public: _tidy(header), f"{Path(public).stem}.c": _tidy("\n".join(sections))}


def write_single_file(folder: Path, public: str = "spl.h") -> None:
    """Writes the header and the source of `amalgamate` into `single/`, beside the library of `folder`."""
    (folder / "single").mkdir()
    for name, text in amalgamate(folder, public).items():
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
