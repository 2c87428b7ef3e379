"""What comments, docstrings and docs point to is there: files, modules, identifiers."""

import ast
import io
import re
import subprocess
import tokenize
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

C_LIKE = (".c", ".h", ".cs", ".c.j2", ".h.j2", ".cc.j2", ".ino.j2")
HASHED = (".toml", ".repl", ".resc", ".robot", ".resource", ".yml", ".j2", "Makefile")

FILE = re.compile(
    r"(?<![\w/.*<>{}$%-])((?:[\w.-]+/)*[\w-]+\.(?:py|c|h|cc|md|cs|resc|repl|robot|j2|toml|ld))\b(?![\w(/])"
)
MODULE = re.compile(r"\bsplkit((?:\.\w+)+)")
IDENTIFIER = re.compile(r"(?<![\w./-])([A-Za-z]\w*_\w+)\b(?!\.\w|/)")
QUOTED = re.compile(r"`(\w*_\w+)(?:\(\))?`|^ {4}.*?\b(\w+_\w+)\(", re.MULTILINE)

WORD = re.compile(r"\w+")

EXPORTED = re.compile(r"^(include|lib|single)/")
"""Folders of an export: what they hold comes from elsewhere in the repository, by the same name."""
OTHERS = {
    "qemu-plugin.h", "create_tflm_tree.py",  # QEMU's, and TensorFlow Lite Micro's
    "boards/my-patch/board.toml", "my-patch/board.toml",  # the example of docs/porting.md
    "broken/board.toml", "codegen/operators/space_to_depth.py", "tests/codegen/test_space_to_depth.py",
    "spl_yours_s8_t",  # what a reader of docs/tutorials/ makes
    "BOARD_CAN_", "SPI_CTRLR0", "PLL_USB", "clk_sys", "clk_adc", "clk_peri",  # a prefix; the RP2040's
    "_MINOR", "_PATCH", "_1d_", "_2d_", "SPL_VERSION_MAJOR",  # parts of names; rendered by a loop
    "SPL_INPUT_SHAPE", "SPL_INPUT_DIMENSIONS", "SPL_INPUT_SCALE", "SPL_INPUT_0_OFFSET", "SPL_INPUT_0_SIZE",
    "SPL_OUTPUT",  # what each end's macros begin with, rendered by a loop
    "force_align",  # TensorFlow's
    "MCUBOOT_DOWNGRADE_PREVENTION", "MCUBOOT_HW_ROLLBACK_PROT",  # MCUboot's
}  # fmt: skip
"""Names that are not ours."""


@cache
def paths() -> list[str]:
    """Every file of the repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if not listed.stdout:
        pytest.skip("not a git checkout: no list of the repository's files")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@cache
def tree() -> dict[str, str]:
    """The text of each, but of data and pictures."""
    named = (*C_LIKE, *HASHED, ".md", ".py")
    return {
        name: (ROOT / name).read_text(encoding="utf-8")
        for name in paths()
        if name.endswith(named) and "/data/" not in name
    }


class Told(NamedTuple):
    """A file's comments and docstrings, of a page all; and every word of its code: names and values."""

    said: str
    words: frozenset[str]


@cache
def told(name: str) -> Told:
    text = tree()[name]
    if name.endswith(".md"):
        return Told(text, frozenset())
    if name.endswith(".py"):
        return told_by_python(text)
    if name.endswith(C_LIKE):
        said = "\n".join(re.findall(r"/\*.*?\*/|//[^\n]*", text, re.DOTALL))
    else:
        said = "\n".join(line for line in text.splitlines() if line.lstrip().startswith(("#", "//")))
    return Told(said, frozenset(WORD.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))))


def told_by_python(text: str) -> Told:
    docstrings = [
        node.value.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    code = {token.string for token in tokens if token.type in (tokenize.NAME, tokenize.STRING)}
    values = [part for part in code if part.strip("\"'frb") not in docstrings]
    return Told("\n".join(comments + docstrings), frozenset(WORD.findall(" ".join(values))))


@cache
def words_of_code() -> frozenset[str]:
    """Those of all files."""
    return frozenset().union(*(told(name).words for name in tree()))


@cache
def endings() -> frozenset[str]:
    """Every path and whatever it ends in, from a slash on; a template counts as what it becomes."""
    whole = [Path(path.removesuffix(end)).parts for path in paths() for end in ("", ".j2")]
    return frozenset("/".join(parts[at:]) for parts in whole for at in range(len(parts)))


def speakers() -> list[tuple[str, str]]:
    """Each file and what it says of the others."""
    return [(name, told(name).said) for name in tree()]


def test_files_that_are_named_are_there() -> None:
    missing = [
        f"{name}: {reference}"
        for name, words in speakers()
        for reference in sorted(set(FILE.findall(words)) - OTHERS)
        if EXPORTED.sub("", reference) not in endings() and not ((ROOT / name).parent / reference).exists()
    ]
    assert not missing


def test_modules_that_are_named_are_there() -> None:
    modules = {
        path.removesuffix(".py").removesuffix("/__init__").removeprefix("src/splkit/").replace("/", "."): path
        for path in tree()
        if path.endswith(".py")
    }
    missing = []
    for name, words in speakers():
        for reference in sorted(set(MODULE.findall(words))):
            parts = reference[1:].split(".")
            longest = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in modules), 0)
            module, rest = modules.get(".".join(parts[:longest])), set(parts[longest:])
            if module is None or rest - told(module).words:
                missing.append(f"{name}: splkit{reference}")
    assert not missing


def test_identifiers_in_comments_of_c_and_in_backquotes_are_there() -> None:
    known = words_of_code() | OTHERS | {Path(path).stem for path in tree()}
    missing = []
    for name, words in speakers():
        spoken = IDENTIFIER if name.endswith((".c", ".h")) else QUOTED
        found = {match[match.lastindex or 0] for match in spoken.finditer(words)}
        missing += [f"{name}: {word}" for word in sorted(found - known)]
    assert not missing
