"""tools/readability.py counts sentences of prose and lists, apart from tables and code."""

import readability

PAGE = """# A heading with many words that is not counted

One short sentence. Another one, with `splkit train --lead II` as one word. splkit begins the third.

    a code block. It has. Many sentences.

- an item of a list that
  goes on in a second line
- [a link](somewhere.md) counts as its text, et al. is no end

```c
int code; /* Not. Counted. */
```

| a cell | another cell that has by far more than twelve words in it, which is too long |
|---|---|
"""


def test_sentences_are_those_of_prose_and_lists() -> None:
    assert [" ".join(words) for words in readability.sentences(PAGE)] == [
        "One short sentence.",
        "Another one, with Code as one word.",
        "splkit begins the third.",
        "an item of a list that goes on in a second line",
        "a link counts as its text, et al. is no end",
    ]


def test_long_cells_and_long_lines_are_counted_apart() -> None:
    wide = "word " * 30
    assert readability.long_cells(PAGE) == 1
    assert readability.long_lines(PAGE) == 0
    assert readability.long_lines(f"{wide}\n| {wide} |\n    {wide}\n") == 1
