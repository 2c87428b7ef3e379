"""What reaches the terminal: names as they are, no control character, whatever a device or a file says."""

import ast
import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console
from support.command_line import splkit
from support.hostile_texts import TEXTS

from splkit import commands, console
from splkit.commands import monitor_view
from splkit.escapes import is_printable
from splkit.firmware.wire.events import Alert, Banner, Beat, Estimate, Fault, Reply
from splkit.firmware.wire.framing import Deframer, crc16, frame

HERE = Path(console.__file__).parent
OWN_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
"""What rich itself writes: colours, and where the cursor goes."""


def without_line_ends(text: str) -> str:
    return text.replace("\n", "").replace("\r", "")


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a terminal of 200 columns is given."""
    stream = io.StringIO()
    terminal = console.Terminal(file=stream, force_terminal=True, width=200, height=50)
    for module in (console, monitor_view):
        monkeypatch.setattr(module, "out", terminal)
    return stream


@pytest.mark.parametrize(
    "text", ["peaks[v5].csv", "[/bold]", ":smile:", "[red]x[/]", "\\[b]", "Zürich 心電図"]
)
def test_names_are_printed_as_they_are(screen: io.StringIO, text: str) -> None:
    console.out.print(f"wrote {text}")
    table = console.new_table("name", text, title=text)
    table.add_row(text, "")
    console.out.print(table)
    with console.live_view() as view:
        view.update(console.framed(text, console.styled(text, "red")))
    assert screen.getvalue().count(text) >= 6


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_of_a_text_reaches_the_terminal_as_a_command(screen: io.StringIO, text: str) -> None:
    console.out.print(text, console.styled(text, "red"))
    console.out.print_document(json.dumps([text], ensure_ascii=False))
    events = (
        Banner(text), Beat(1, 2, 3, text), Estimate(1, 4500, None, None, 3, text), Alert(1, text),
        Fault(text, 1), Reply(text, True, (text,)),
    )  # fmt: skip
    with monitor_view.View(live=True) as view:
        for event in events:
            view.show(event)
    for event in events:
        monitor_view.View(live=False).show(event)
    shown = OWN_CODES.sub("", screen.getvalue())
    assert all(map(is_printable, without_line_ends(shown))), ascii(shown)


def test_json_is_json_whatever_is_in_it() -> None:
    for text in TEXTS:
        stream = io.StringIO()
        console.Terminal(file=stream).print_document(json.dumps({"name": text}, ensure_ascii=False, indent=1))
        assert json.loads(stream.getvalue()) == {"name": text}


def test_a_state_of_a_newer_device_is_shown() -> None:
    assert "alert state: ventricular, at 7" in monitor_view.describe(Alert(7, "ventricular"))
    assert monitor_view.describe(Estimate(7, 4500, None, None, 0, "new-word")).endswith("at 7, new-word")


@pytest.mark.parametrize("letters", [b"\x1b[2J", b"\x07", b"\x00", b"\t", b"\x7f", "ü".encode(), b"\x9b"])
def test_a_line_with_other_letters_than_printable_ascii_is_dropped_and_counted(letters: bytes) -> None:
    text = b"# " + letters
    deframer = Deframer()
    lines = [
        *deframer.feed(text + f"*{crc16(text):04X}\n".encode()),
        *deframer.feed(f"{frame('A 1 high')}\n".encode()),
    ]
    assert lines == ["A 1 high"] and deframer.bad_lines == 1


@pytest.mark.parametrize(
    "words",
    [
        ("detect", "no\x1b[31m[/bold]\n:smile:.csv"),
        ("export", "--board", "\x1b]0;title\x07[/]"),
        ("export", "--board", "nrf52", "--\x1b[31m"),
        ("verify", "no\x9b31m"),
        ("monitor", "no\x1b[2J"),
    ],
)
def test_errors_show_what_was_named_as_text(words: tuple[str, ...]) -> None:
    result = splkit(*words)
    assert result.returncode == 2 and "Traceback" not in result.stderr
    assert all(map(is_printable, without_line_ends(result.stderr))), ascii(result.stderr)


def calls(tree: ast.AST) -> list[str]:
    return [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.py")), ids=lambda path: path.name)
def test_no_verb_prints_around_the_console(path: Path) -> None:
    """Everything goes through `Terminal.render_str`, `styled`, `drawing` or `print_document`."""
    tree = ast.parse(path.read_text("utf-8"))
    bare = {
        "print",
        "click.echo",
        "click.secho",
        "sys.stdout.write",
        "sys.stderr.write",
        "rich.print",
        "Console",
        "Text",
    }
    bare |= {"Text.from_markup", "Text.from_ansi", "Panel", "Live", "os.write"}
    if path.name == "console.py":
        bare -= {"Text", "Panel", "Live"}
    if path.name == "__main__.py":  # a constant, before the console is loaded
        bare -= {"sys.stderr.write"}
    assert not bare & set(calls(tree))
    keywords = {each.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for each in node.keywords}
    assert path.name == "console.py" or not keywords & {"markup", "emoji", "highlight"}


def test_the_only_consoles_are_ours() -> None:
    assert commands.VERBS and issubclass(console.Terminal, Console)
    assert type(console.out) is type(console.err) is console.Terminal
