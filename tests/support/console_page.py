"""Runs a page of docs as its reader would: its files are written, its commands typed, its output compared.

A fenced block whose info string has a title is a file: ```toml title="my-patch/board.toml".

A block ```console is a session. A line that starts with `$ ` is a command; behind a backslash, `> ` goes on
with it. What follows it is what it prints, to the letter but for `...`: within a line anything, alone in a
line any lines. A command without output may print whatever it likes. Each must succeed, unless the next one
is `echo $?`, whose output then says how it ended.

All commands of a page share a shell and a folder that was empty.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^(`{3,})(\w+)?([^\n]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r'title="([^"]+)"')
STATUS = "echo $?"
ANYTHING, ANY_LINES = r"[^\n]*", r"(?:[^\n]*\n)*?"
END = "=== that was the command ==="
COLUMNS = "100"


@dataclass
class Command:
    """What is typed, and the lines that the page shows of its output."""

    text: str
    shown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class File:
    """A file that the reader is told to write."""

    path: str
    content: str


def steps(page: str) -> Iterator[Command | File]:
    """The files and the commands of a page, in its order."""
    for fence in FENCE.finditer(page):
        title = TITLE.search(fence[3])
        if title:
            yield File(title[1], fence[4])
        elif fence[2] == "console":
            yield from _session(fence[4])


def _session(block: str) -> Iterator[Command]:
    command: Command | None = None
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield command
            command = Command(line[2:])
        elif command and not command.shown and command.text.endswith("\\") and line.startswith("> "):
            command.text = f"{command.text[:-1].rstrip()} {line[2:].lstrip()}"
        else:
            assert command, f"a session begins with a command, not with {line!r}"
            command.shown.append(line.rstrip())
    if command:
        yield command


def pattern(shown: list[str]) -> re.Pattern[str]:
    """What the output must match."""
    return re.compile("".join(ANY_LINES if line == "..." else _line(line) for line in shown))


def _line(shown: str) -> str:
    return ANYTHING.join(map(re.escape, shown.split("..."))) + " *\n"


def run(page: str, folder: Path, **environment: str) -> None:
    """Does what the page says, in an empty folder.

    Raises:
        AssertionError: a command failed, or printed something else than the page shows.
    """
    script = list(steps(page))
    assert any(isinstance(step, Command) for step in script), "a page without a command"
    shell = _Shell(folder, environment)
    with closing(shell):
        _follow(script, folder, shell)


def _follow(script: list[Command | File], folder: Path, shell: "_Shell") -> None:
    for step, following in zip(script, [*script[1:], None], strict=True):
        if isinstance(step, File):
            path = folder / step.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.content, "utf-8")
            continue
        output, status = shell.type(step.text)
        may_fail = isinstance(following, Command) and following.text == STATUS
        assert status == 0 or may_fail, f"$ {step.text}\n{output}\nexit status {status}"
        if step.shown:
            said = "\n".join(step.shown)
            assert pattern(step.shown).fullmatch(output), f"$ {step.text}\nshown:\n{said}\nprinted:\n{output}"


class _Shell:
    """One bash for all commands, in an environment that holds nothing of this one but the way to programs."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        home = folder.with_name(f"{folder.name}-home")
        home.mkdir()
        clean = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "COLUMNS": COLUMNS,
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        self._bash = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=folder,
            env=clean | environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def type(self, text: str) -> tuple[str, int]:
        """What a command prints on stdout and stderr, and its exit status, which `$?` of the next one is."""
        asked, answered = self._bash.stdin, self._bash.stdout
        assert asked and answered
        asked.write(
            f"(exit ${{__status:-0}})\n{{ {text}\n}} </dev/null\n__status=$?; echo '{END}' $__status\n"
        )
        asked.flush()
        output = ""
        for line in answered:
            before, end, status = line.partition(END)
            output += before
            if end:
                return output if output.endswith("\n") or not output else f"{output}\n", int(status)
        raise AssertionError(f"$ {text}\n{output}\nand the shell ended")

    def close(self) -> None:
        """Ends the shell."""
        self._bash.communicate()
