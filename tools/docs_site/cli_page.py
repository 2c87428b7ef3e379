"""The page of the command line: every verb with its arguments, options and examples, as click knows them."""

import inspect
from collections.abc import Iterator

import click

from splkit.cli import EXIT_INTERRUPTED, cli
from splkit.errors import ParityError, SplkitError

HEAD = f"""# Command line

Every verb of `splkit`, as `splkit VERB --help` prints it.

`--json` makes most verbs print their result as JSON on stdout. Messages and progress go to stderr.

## Exit status

| status | means |
|---|---|
| 0 | done |
| {ParityError.exit_code} | a parity check failed: two computations that must be equal are not |
| {SplkitError.exit_code} | something to put right; one line says the rule, what was found and what to do |
| 3, 4 | `splkit estimate` and `digitize`: done, but something is to be looked at, or was not read |
| {EXIT_INTERRUPTED}, 143 | stopped by Ctrl-C, by SIGTERM |

## Completion

Click completes verbs and options in bash, zsh and fish.
For bash, this line in `~/.bashrc` switches it on:

```sh
eval "$(_SPLKIT_COMPLETE=bash_source splkit)"
```
"""


def page() -> str:
    """The whole page, Markdown."""
    return "\n".join([HEAD, *_verbs(cli, "splkit", 2)])


def verbs() -> list[str]:
    """The full name of every verb and of every verb under it."""
    return [name for name, _, _ in _walk(cli, "splkit", 2)]


def _walk(group: click.Group, prefix: str, level: int) -> Iterator[tuple[str, click.Command, int]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{prefix} {name}", command, level
        if isinstance(command, click.Group):
            yield from _walk(command, f"{prefix} {name}", level + 1)


def _verbs(group: click.Group, prefix: str, level: int) -> Iterator[str]:
    for name, command, depth in _walk(group, prefix, level):
        yield from _verb(name, command, depth)


def _verb(name: str, command: click.Command, level: int) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    yield f"{'#' * level} {name}\n"
    yield _prose(inspect.cleandoc(command.help or ""))
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    yield f"```text\n{usage}\n```\n"
    options = (each for each in command.get_params(context) if isinstance(each, click.Option))
    rows = [row for each in options if (row := each.get_help_record(context))]
    if rows:
        yield "| option | what |\n|---|---|"
        yield from (f"| `{_cell(option)}` | {_cell(_code(text))} |" for option, text in rows)
        yield ""
    if command.epilog:
        lines = [line[2:] for line in command.epilog.splitlines() if line.startswith("  ")]
        yield "```sh\n" + "\n".join(lines) + "\n```\n"


def _prose(text: str) -> str:
    """The help's paragraphs; one that click leaves as it is (behind \\b) becomes a block."""
    parts = []
    for paragraph in text.strip().split("\n\n"):
        if paragraph.startswith("\b"):
            parts.append("```text\n" + paragraph.removeprefix("\b").strip("\n") + "\n```")
        else:
            parts.append(paragraph)
    return "\n\n".join(parts) + "\n"


def _code(text: str) -> str:
    """Angle brackets are not HTML here."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
