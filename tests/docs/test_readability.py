"""What the measure of readability takes for a sentence, and what it counts."""

from readability import measure, sentences

PAGE = """# A heading is no sentence

The first sentence is here. It has `code with. a stop` in it, and [a link](to.md).
- An item is one.

| a table | is not |
|---|---|

    nor is indented code. At all.

```sh
nor a block. Of it.
```
"""


def test_prose_is_counted_and_nothing_else() -> None:
    assert list(sentences(PAGE)) == [
        "The first sentence is here.",
        "It has code in it, and a link.",
        "An item is one.",
    ]


def test_long_sentences_and_words_are_counted() -> None:
    found = measure("One " * 26 + "end. Short here.\n\nHyperkalemia is serious.", "page")
    assert (found.sentences, found.words) == (3, 32)
    assert found.over_25_words == round(1 / 3, 3) and found.long_words == round(1 / 32, 3)
