"""How long the sentences of the pages are: mean length, share over 25 words, long table cells, long lines.

Code blocks and headings are not counted. Table cells are counted apart from prose. By default it measures
`README.md` and all pages of `docs/`; `--longest 5` prints the longest sentences of each page as well.
"""

import argparse
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]

LONG_SENTENCE_WORDS = 25
LONG_CELL_WORDS = 12
LONG_LINE_COLUMNS = 105
"""Prose wraps at about 100 columns."""

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
CODE = re.compile(r"`[^`]*`")
SENTENCE_END = re.compile(
    r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!et al\.)(?<=[.?!])[)*\"]*\s+(?=[A-Z0-9*\"(]|splkit|\w+\.md)"
)
LIST_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.) ")
CELL = re.compile(r"(?<!\\)\|")
COUNTED = re.compile(r"\w")


def main() -> None:
    """Prints one line for each page, and one line for all pages together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Path, help="Markdown files; default README.md and docs/")
    parser.add_argument("--longest", type=int, default=0, metavar="N", help="print the N longest sentences")
    options = parser.parse_args()
    pages = options.pages or [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    print(f"{'page':28} sentences  mean words  over {LONG_SENTENCE_WORDS}  long cells  long lines")
    everything: list[list[str]] = []
    for page in pages:
        text = page.read_text(encoding="utf-8")
        found = sentences(text)
        everything += found
        print_row(page.name, found, f"{long_cells(text):10}  {long_lines(text):10}")
        for words in sorted(found, key=len, reverse=True)[: options.longest]:
            print(f"    {len(words)}: {' '.join(words)}")
    print_row("all", everything, "")


def print_row(name: str, found: list[list[str]], rest: str) -> None:
    """The figures of a page's sentences."""
    lengths = [len(words) for words in found] or [0]
    share = sum(length > LONG_SENTENCE_WORDS for length in lengths) / len(lengths)
    print(f"{name:28} {len(found):9}  {sum(lengths) / len(lengths):10.1f}  {share:6.0%}   {rest}".rstrip())


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence of prose and of list items."""
    found = (words_of(part) for paragraph in paragraphs(text) for part in SENTENCE_END.split(paragraph))
    return [words for words in found if words]


def words_of(sentence: str) -> list[str]:
    """The words of a sentence; a word has a letter or a digit."""
    return [word for word in sentence.split() if COUNTED.search(word)]


def paragraphs(text: str) -> list[str]:
    """Paragraphs and list items, each as one line; a link counts as its text, quoted code as one word."""
    gathered: list[str] = [""]
    in_list = False
    for line in FENCED.sub("", text).splitlines():
        is_item = bool(LIST_ITEM.match(line))
        if line.strip():
            in_list = is_item or (in_list and line.startswith(" "))
        is_code = line.startswith("    ") and not in_list
        if not line.strip() or is_code or line.startswith(("#", "|", "![", "<")):
            gathered.append("")
        elif is_item:
            gathered.append(LIST_ITEM.sub("", line))
        else:
            gathered[-1] += " " + line.strip()
    plain = (CODE.sub("Code", LINK.sub(r"\1", paragraph)).strip() for paragraph in gathered)
    return [paragraph for paragraph in plain if paragraph]


def long_cells(text: str) -> int:
    """How many table cells hold more than 12 words."""
    rows = (line for line in FENCED.sub("", text).splitlines() if line.startswith("|"))
    cells = (CODE.sub("Code", LINK.sub(r"\1", cell)) for row in rows for cell in CELL.split(row))
    return sum(len(words_of(cell)) > LONG_CELL_WORDS for cell in cells)


def long_lines(text: str) -> int:
    """How many lines are too wide. Tables, code and pictures are not counted."""
    lines = FENCED.sub("", text).splitlines()
    return sum(len(line) > LONG_LINE_COLUMNS and not line.startswith(("|", "    ", "![")) for line in lines)


if __name__ == "__main__":
    main()
