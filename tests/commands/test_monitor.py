"""`splkit monitor` on files, sockets and serial lines, with a device of a few lines at the other end."""

import json
import os
import pty
import socket
import subprocess
import sys
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from splkit.commands.monitor import command
from splkit.commands.monitor_view import View, plot
from splkit.errors import SplkitError, ToolError, UsageError
from splkit.firmware.wire.framing import Deframer, frame
from splkit.firmware.wire.protocol import parse_event

TEXTS = (
    "# splkit 9.9.9 nrf52 fs_hz=300",
    "B 355 800 1500 ok",
    "K 355 5612 4512 6712 -5 high",
    "A 355 high",
    "T 600 3 FFFF00017FFF8000",
    "E lost 3",
)
STREAM = "".join(f"{frame(text)}\n" for text in TEXTS)
ANSWERS = {"status": "R status ok live none - 0 5500 6500 0 0 0", "alert 1 2": "R alert error range"}


def monitor(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(command, [str(each) for each in arguments])
    if isinstance(result.exception, SplkitError):
        raise result.exception
    return result


def answer(read: Callable[[], bytes], write: Callable[[bytes], object]) -> None:
    """A device: says what it has to say once it is spoken to, and answers until the line is closed."""
    deframer, said = Deframer(), STREAM
    while data := read():
        write(said.encode("ascii"))
        said = ""
        for text in deframer.feed(data):
            write(f"{frame(ANSWERS.get(text, 'R ? error unknown'))}\n".encode("ascii"))


@pytest.fixture
def socket_device() -> Iterator[str]:
    """The name of a port with a device behind it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    answer(lambda: connection.recv(4096), connection.sendall)

        threading.Thread(target=serve, daemon=True).start()
        yield f"tcp:127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def serial_device() -> Iterator[str]:
    """The same on a serial line."""
    device, host = pty.openpty()
    tty.setraw(host)  # or what the device says would come back to it

    def read() -> bytes:
        try:
            return os.read(device, 4096)
        except OSError:
            return b""

    def write(data: bytes) -> None:
        with suppress(OSError):
            os.write(device, data)

    threading.Thread(target=answer, args=(read, write), daemon=True).start()
    yield os.ttyname(host)
    os.close(host)
    os.close(device)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    path = tmp_path / "recorded.txt"
    path.write_bytes(
        b"half a line*12\n" + STREAM.encode() + b"\xff\x00garbage\n" + frame("X 1").encode() + b"\n"
    )
    return path


def test_a_file_becomes_one_object_an_event(recorded: Path) -> None:
    result = monitor(recorded, "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["event"] for each in events] == ["banner", "beat", "estimate", "alert", "trace", "fault"]
    assert events[2] == {
        "event": "estimate",
        "r_sample": 355,
        "spl_ueq_l": 5612,
        "low_ueq_l": 4512,
        "high_ueq_l": 6712,
        "outputs": [-5],
        "alert": "high",
        "risk_high_permille": None,
        "risk_critical_permille": None,
        "cycles": None,
    }
    assert "3 lines dropped" in result.stderr


def test_elsewhere_than_on_a_terminal_events_are_lines(recorded: Path) -> None:
    lines = monitor(recorded).stdout.splitlines()
    assert lines[1:4] == [
        "beat at 355: 800 ms, 1.50 mV, ok",
        "SPL 5.61 (4.51 to 6.71) mEq/L at 355, high",
        "alert state: high, at 355",
    ]


def test_the_words_of_a_newer_device_are_shown_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "newer.txt"
    texts = ("K 355 5612 - - -5 severe", "A 355 severe", "E melted 7", "P 355 580 5500 20 maybe")
    path.write_text("".join(f"{frame(text)}\n" for text in texts))
    assert monitor(path).stdout.splitlines() == [
        "SPL 5.61 mEq/L at 355, severe",
        "alert state: severe, at 355",
        "fault: melted 7",
        "probability 0.580 of SPL >= 5.5 mEq/L at 355, maybe",
    ]
    with View(live=False) as view:
        for text in texts[:2]:
            view.show(parse_event(text))
            view.panel()


def test_what_is_no_estimate_takes_the_estimate_off_the_panel() -> None:
    from rich.console import Console

    console = Console(width=100, record=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    with View(live=False) as view:
        for text in ("K 355 5612 4512 6712 -5 normal", "E implausible -128"):
            view.show(parse_event(text))
        console.print(view.panel())
        shown = console.export_text()
        assert "5.61" not in shown and "output -128 is outside of the plausible range" in shown
        for text in ("K 755 5612 4512 6712 -5 normal", "E unlike 183"):
            view.show(parse_event(text))
        console.print(view.panel())
    shown = " ".join(console.export_text().split())
    assert "5.61" not in shown and "unlike those of training, at 183 % of the limit" in shown


def test_a_file_without_a_line_is_said_to_have_none(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    result = monitor(empty)
    assert result.exit_code == 0 and result.stderr == f"nothing heard from {empty}\n"


def test_standard_input_is_read_to_its_end() -> None:
    shell = [sys.executable, "-m", "splkit", "monitor", "-", "--json"]
    run = subprocess.run(shell, input=STREAM, capture_output=True, text=True, check=True)
    assert len(run.stdout.splitlines()) == len(TEXTS)


@pytest.mark.parametrize("device", ["socket_device", "serial_device"])
def test_commands_are_answered(device: str, request: pytest.FixtureRequest) -> None:
    result = monitor(request.getfixturevalue(device), "--send", "status")
    assert result.stdout == "status ok live none - 0 5500 6500 0 0 0\n"
    assert result.exit_code == 0


def test_an_answer_is_an_object_too(socket_device: str) -> None:
    result = monitor(socket_device, "--send", "status", "--json")
    assert json.loads(result.stdout)["fields"] == ["live", "none", "-", "0", "5500", "6500", "0", "0", "0"]


def test_a_refused_command_is_an_error_with_its_reason(socket_device: str) -> None:
    with pytest.raises(ToolError, match="the device takes the command; found range for 'alert 1 2'"):
        monitor(socket_device, "--send", "alert 1 2")


@pytest.mark.parametrize("device", ["socket_device", "serial_device"])
def test_a_device_is_watched_for_a_while(device: str, request: pytest.FixtureRequest) -> None:
    result = monitor(request.getfixturevalue(device), "--duration", "0.6", "--json", "--trace")
    kinds = [json.loads(line)["event"] for line in result.stdout.splitlines()]
    assert kinds[:6] == ["banner", "beat", "estimate", "alert", "trace", "fault"]


@pytest.mark.parametrize(
    ("arguments", "error", "found"),
    [
        (["tcp:nowhere"], UsageError, "a socket is tcp:HOST:PORT"),
        (["tcp:127.0.0.1:1"], ToolError, "Connection refused"),
        (["/dev/absent"], ToolError, "a port is there and free; found /dev/absent"),
    ],
)
def test_a_port_that_is_not_there(arguments: list[str], error: type[SplkitError], found: str) -> None:
    with pytest.raises(error, match=found):
        monitor(*arguments)


@pytest.mark.parametrize("text", ["x" * 73, "stätus", "two\nlines"])
def test_what_is_no_command_is_not_sent(socket_device: str, text: str) -> None:
    with pytest.raises(UsageError, match="a command is printable ASCII"):
        monitor(socket_device, "--send", text)


def test_a_file_takes_no_commands(recorded: Path) -> None:
    with pytest.raises(UsageError, match="commands go to a device"):
        monitor(recorded, "--send", "status")


def test_no_answer_is_said(monkeypatch: pytest.MonkeyPatch, socket_device: str) -> None:
    monkeypatch.setattr("splkit.firmware.wire.device.ANSWER_S", 0.5)
    monkeypatch.setitem(ANSWERS, "status", "B 1 2 3 ok")
    with pytest.raises(ToolError, match="no answer to 'status'"):
        monitor(socket_device, "--send", "status")


def test_the_panel_holds_estimate_alert_beats_and_curve() -> None:
    from rich.console import Console

    with View(live=False) as view:
        for text in TEXTS:
            view.show(parse_event(text))
        console = Console(width=100, record=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
        console.print(view.panel())
    shown = console.export_text()
    for part in ("splkit 9.9.9 nrf52", "SPL 5.61 (4.51 to 6.71) mEq/L", "high", "1.50", "fault: lost 3"):
        assert part in shown
    assert any("\u2800" < letter <= "\u28ff" for letter in shown)


def test_a_curve_rises_from_the_lowest_row_to_the_highest() -> None:
    rows = plot(list(range(64))).splitlines()
    assert len(rows) == 8
    assert [row.strip("⠀") != "" for row in rows] == [True] * 8
    assert rows[0].startswith("⠀" * 20)
    assert rows[-1].endswith("⠀" * 20)
    assert set(plot([5, 5, 5]).splitlines()[0]) != {"⠀"}
