"""The page of the C interface, from the headers of an export of the bundled model and their comments."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from splkit.boards import load
from splkit.codegen import compile_model, write_library
from splkit.ecg import FrontEndConfig
from splkit.quantize import card_for, reference_model, without_card

HEADERS = ("spl.h", "spl_model.h", "spl_frontend.h", "spl_alert.h", "spl_personal.h", "spl_contract.h")
"""In the order in which a user meets them."""

HEAD = """# C

The headers of an export, with their comments. They are those of the bundled model on the board `nrf52`.
Another model's may lack something: one without quantiles has no `spl_risk`.
[export.md](../export.md) says which.

Include `spl.h`. It includes the others.
"""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_FUNCTION = re.compile(r"^[\w*\s]+?\b(spl_\w+)\(", re.MULTILINE)
_TYPE = re.compile(r"^} (spl_\w+);|^typedef \w+ (spl_\w+);", re.MULTILINE)
_MACRO = re.compile(r"^#define (SPL_\w+)", re.MULTILINE)
_PLUMBING = re.compile(
    r"^#ifdef __cplusplus\n.*\n#endif\n|^#(?:ifn?def|endif|include)\b.*\n?|^#define SPL\w*_H\n", re.MULTILINE
)


def page() -> str:
    """The whole page, Markdown."""
    return "\n".join([HEAD, *(line for name, text in headers().items() for line in _header(name, text))])


def headers() -> dict[str, str]:
    """The headers' text, by name."""
    path, board = reference_model(), load("nrf52")
    card = card_for(path)
    cycle = card.cycle
    config = FrontEndConfig.for_rate(
        board.ecg.fs_hz, board.ecg.uv_per_count, cycle.averaged_cycles, cycle.window
    )
    model = compile_model(without_card(path.read_bytes()), path.name)
    with TemporaryDirectory() as folder:
        write_library(model, card, config, Path(folder))
        found = {each.name: each.read_text("utf-8") for each in Path(folder).rglob("*.h")}
    return {name: found[name] for name in HEADERS}


def functions() -> set[str]:
    """Every function that the headers declare."""
    return {name for text in headers().values() for name in _FUNCTION.findall(_COMMENT.sub("", text))}


def _header(name: str, text: str) -> Iterator[str]:
    yield f"## {name}\n"
    items = list(_items(text))
    for comment, code in items:
        declared = [one or other for one, other in _TYPE.findall(code)] + _FUNCTION.findall(code)
        macros = _MACRO.findall(code)
        if declared:
            yield f"### {', '.join(dict.fromkeys(declared))}\n"
        elif macros:
            yield f"### {macros[0]}{' and others' if len(macros) > 1 else ''}\n"
        if comment:
            yield _said(comment)
        if code:
            yield f"```c\n{code}\n```\n"


def _items(text: str) -> Iterator[tuple[str, str]]:
    """A comment and what it is about, piece by piece: pieces are apart by an empty line."""
    pieces = re.split(r"\n{2,}", _PLUMBING.sub("", text))
    for piece in _joined(pieces):
        stripped = piece.strip()
        comment = _COMMENT.match(stripped)
        yield (comment[0], stripped[comment.end() :].strip()) if comment else ("", stripped)


def _joined(pieces: list[str]) -> Iterator[str]:
    """A comment or a structure with an empty line inside it is one piece."""
    held = ""
    for piece in pieces:
        held = f"{held}\n\n{piece}" if held else piece
        if held.count("/*") == held.count("*/") and held.count("{") == held.count("}"):
            if held.strip():
                yield held
            held = ""


def _said(comment: str) -> str:
    """The comment's words; what is indented in it is a program."""
    lines = [re.sub(r"^ ?\* ?|^/\*+ ?", "", line) for line in comment.removesuffix("*/").splitlines()]
    out, inside = [], False
    for line in lines:
        is_program = line.startswith("  ")
        if is_program != inside and line.strip():
            out.append("```c" if is_program else "```\n")
            inside = is_program
        out.append(line.rstrip() if inside else line.strip().replace("<", "&lt;"))
    return "\n".join(out + (["```"] if inside else [])).strip() + "\n"
