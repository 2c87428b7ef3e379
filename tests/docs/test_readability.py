"""What the measure of readability takes for a sentence, and what it counts."""

from readability import long_cells, long_lines, sentences

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
    assert [len(words) for words in sentences(PAGE)] == [5, 8, 4]


def test_cells_and_lines_that_are_long_are_counted() -> None:
    cell = "word " * 13
    assert long_cells(f"| {cell} | short |\n|---|---|\n| short | {cell[:-6]} |\n") == 1
    assert long_lines(f"{'x' * 106}\n{'x' * 105}\n| {'x' * 200} |\n") == 1
