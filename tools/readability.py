"""How hard pages are to read: sentences, their length, the share of long ones, long words and long lines.

    python tools/readability.py [PAGE.md ...] [--json] [--worst N]

Without pages: README.md and all of docs/. A sentence is prose of a paragraph or of a list's item: code,
tables and headings are left out. A long sentence has over 25 words, a long word three syllables or more, a
long line over 120 characters. Whether a term is explained cannot be counted.
"""

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median

ROOT = Path(__file__).parents[1]
ROW = "{:34} {:>9} {:>5} {:>6} {:>9} {:>10} {:>10}"
LONG_WORDS, LONG_LINE, SYLLABLES = 25, 120, 3

_FENCE = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_END = re.compile(r"(?<=[.!?:])\s+(?=[A-Z`*(\"0-9])")
_WORD = re.compile(r"[A-Za-z][\w'-]*|\d[\d.,]*")
_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")


@dataclass(frozen=True)
class Measured:
    """One page's figures; shares are of its sentences, words and lines."""

    page: str
    sentences: int
    words: int
    mean_words: float
    median_words: float
    over_25_words: float
    long_words: float
    lines_over_120: float


def sentences(text: str) -> Iterator[str]:
    """The sentences of a page's prose."""
    for paragraph in _paragraphs(_COMMENT.sub("", _FENCE.sub("", text))):
        plain = re.sub(r"`[^`]*`", "code", _LINK.sub(r"\1", paragraph)).replace("*", "")
        for sentence in _END.split(plain):
            if len(_WORD.findall(sentence)) > 1:
                yield sentence.strip()


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs and items of lists, a line each; no headings, tables or indented code."""
    held: list[str] = []
    for line in [*text.splitlines(), ""]:
        is_prose = line.strip() and not line.startswith(("#", "|", "    ", ">", "\t"))
        if held and (not is_prose or _ITEM.match(line)):
            yield " ".join(held)
            held = []
        if is_prose:
            held.append(_ITEM.sub("", line).strip())


def measure(text: str, page: str) -> Measured:
    """The figures of a page."""
    lengths = [len(_WORD.findall(sentence)) for sentence in sentences(text)] or [0]
    words = [word for sentence in sentences(text) for word in _WORD.findall(sentence)] or [""]
    lines = [line for line in text.splitlines() if not line.startswith("|")] or [""]
    return Measured(
        page,
        len(lengths),
        len(words),
        round(mean(lengths), 1),
        median(lengths),
        round(sum(length > LONG_WORDS for length in lengths) / len(lengths), 3),
        round(sum(_syllables(word) >= SYLLABLES for word in words) / len(words), 3),
        round(sum(len(line) > LONG_LINE for line in lines) / len(lines), 3),
    )


def _syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end."""
    return len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))


def main() -> None:
    """Prints a row a page, and one of all together."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--json", action="store_true", help="print rows as JSON")
    parser.add_argument(
        "--worst", type=int, default=0, metavar="N", help="print the N longest sentences of each page too"
    )
    given = parser.parse_args()
    pages = given.pages or [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    texts = {str(path): path.read_text("utf-8") for path in pages}
    rows = [measure(text, name) for name, text in texts.items()]
    rows.append(measure("\n\n".join(texts.values()), "all"))
    if given.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    print(ROW.format("page", "sentences", "mean", "median", ">25 words", "long words", ">120 chars"))
    for row in rows:
        name = row.page.removeprefix(f"{ROOT}/")
        shares = (f"{share:.1%}" for share in (row.over_25_words, row.long_words, row.lines_over_120))
        print(ROW.format(name, row.sentences, row.mean_words, row.median_words, *shares))
        for sentence in sorted(sentences(texts.get(row.page, "")), key=len, reverse=True)[: given.worst]:
            print(f"    {sentence}")


if __name__ == "__main__":
    main()
