"""What comments, docstrings and docs point to is there: files, modules, identifiers."""

import ast
import io
import re
import subprocess
import tokenize
from functools import cache
from pathlib import Path

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

EXPORTED = re.compile(r"^(include|lib|single)/")
"""Folders of an export: what they hold comes from elsewhere in the repository, by the same name."""
OTHERS = {
    "qemu-plugin.h", "create_tflm_tree.py",  # QEMU's, and TensorFlow Lite Micro's
    "boards/my-patch/board.toml", "my-patch/board.toml",  # the example of docs/porting.md
    "BOARD_CAN_", "SPI_CTRLR0", "PLL_USB", "clk_sys", "clk_adc", "clk_peri",  # a prefix; the RP2040's
    "_MINOR", "_PATCH", "_1d_", "_2d_", "SPL_VERSION_MAJOR",  # parts of names; rendered by a loop
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


def said(name: str, text: str) -> str:
    """The comments and docstrings of a file; of a page, all."""
    if name.endswith(".md"):
        return text
    if name.endswith(".py"):
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
        return "\n".join(comments + docstrings(text))
    if name.endswith(C_LIKE):
        return "\n".join(re.findall(r"/\*.*?\*/|//[^\n]*", text, re.DOTALL))
    if name.endswith(HASHED):
        return "\n".join(line for line in text.splitlines() if line.lstrip().startswith(("#", "//")))
    return ""


def docstrings(text: str) -> list[str]:
    """Strings that stand by themselves: of modules, classes, functions and constants."""
    nodes = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Expr)]
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@cache
def words_of(name: str) -> frozenset[str]:
    """Every word of a file's code: names, and strings that are values."""
    text = tree()[name]
    if name.endswith(".py"):
        told = set(docstrings(text))
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        code = [token.string for token in tokens if token.type in (tokenize.NAME, tokenize.STRING)]
        return frozenset(
            word for part in code if part.strip("\"'frb") not in told for word in re.findall(r"\w+", part)
        )
    if name.endswith((*C_LIKE, *HASHED)):
        return frozenset(re.findall(r"\w+", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)))
    return frozenset()


@cache
def words_of_code() -> frozenset[str]:
    """Those of all files."""
    return frozenset().union(*map(words_of, tree()))


@cache
def endings() -> frozenset[str]:
    """Every path and whatever it ends in, from a slash on; a template counts as what it becomes."""
    whole = [Path(path.removesuffix(end)).parts for path in paths() for end in ("", ".j2")]
    return frozenset("/".join(parts[at:]) for parts in whole for at in range(len(parts)))


def speakers() -> list[tuple[str, str]]:
    return [(name, words) for name, text in tree().items() if (words := said(name, text))]


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
            if module is None or rest - words_of(module):
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
