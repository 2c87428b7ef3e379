"""`splkit monitor`."""

import json
from dataclasses import asdict
from time import monotonic
from typing import TYPE_CHECKING

import click

from splkit.commands.options import DURATION, Whole, examples, json_option, print_json
from splkit.console import err, out
from splkit.errors import ToolError

if TYPE_CHECKING:
    from splkit.firmware.wire.device import Device
    from splkit.firmware.wire.events import Event

EXAMPLES = examples(
    "splkit monitor /dev/ttyACM0",
    "splkit monitor /dev/ttyACM0 --trace",
    "splkit monitor /dev/ttyACM0 --send 'day 20786' --send 'calibrate 4500' --send status",
    "splkit monitor tcp:localhost:4444 --json",
    "splkit monitor recorded.txt --json",
)


@click.command("monitor", epilog=EXAMPLES)
@click.argument("port")
@click.option(
    "--baud",
    type=Whole(300, 4_000_000, "serial ports know these rates"),
    default=115200,
    show_default=True,
    help="Of a serial port.",
)
@click.option(
    "--send", "commands", multiple=True, help="Send a command and print its answer; may be repeated."
)
@click.option("--trace", is_flag=True, help="Ask the device for its ECG, too.")
@click.option("--duration", type=DURATION, help="Seconds to watch.")
@json_option
def command(
    port: str, baud: int, commands: tuple[str, ...], trace: bool, duration: float | None, as_json: bool
) -> None:
    """Watch a device: beats, SPL with its interval, alert state.

    PORT is a serial port, tcp:HOST:PORT (a simulator's UART), a file, or `-`. On a terminal the view is live;
    --json prints one event a line. With --send it prints the answers and leaves; a refused command ends it
    with exit status 2.
    """
    from splkit.firmware.wire.device import Device
    from splkit.firmware.wire.ports import open_port

    with open_port(port, baud) as opened:
        device = Device(opened)
        for each in commands:
            _ask(device, each, as_json)
        if commands:
            return
        if trace:
            device.send("trace on")
        try:
            seen = _watch(device, duration, as_json)
        finally:
            if trace and not device.is_over:
                device.send("trace off")
    if not seen:
        err.print(f"nothing heard from {port}", soft_wrap=True)
    if device.bad_lines:
        err.print(f"{device.bad_lines} lines dropped: garbled, or of another version")


REASONS = {
    "future": "future: a blood test of a day to come",
    "stale": "stale: no estimates of that time, or no blood test",
    "doubled": "doubled: the same blood test of the same day",
    "implausible": "implausible: blood and estimates further apart than four standard deviations",
    "contradicts": "contradicts: further from the blood tests before than four standard deviations",
}
"""Why a device does not take a blood test; other reasons speak for themselves."""


def _ask(device: "Device", text: str, as_json: bool) -> None:
    reply = device.ask(text)
    if as_json:
        _print_json(reply)
    else:
        out.print(" ".join([reply.command, "ok" if reply.ok else "error", *reply.fields]), soft_wrap=True)
    if not reply.ok:
        raise ToolError(
            "the device takes the command",
            found=f"{' '.join(REASONS.get(each, each) for each in reply.fields)} for {text!r}",
            next_step="docs/protocol.md says what it takes, and when",
        )


def _watch(device: "Device", duration_s: float | None, as_json: bool) -> int:
    """Shows events until the stream or the time is over; how many there were."""
    from splkit.commands.monitor_view import View

    seen = 0
    end = float("inf") if duration_s is None else monotonic() + duration_s
    with View(live=out.is_terminal and not as_json) as view:
        while not device.is_over and monotonic() < end:
            for event in device.events():
                seen += 1
                if as_json:
                    _print_json(event)
                else:
                    view.show(event)
    return seen


def _print_json(event: "Event") -> None:
    print_json(json.dumps({"event": type(event).__name__.lower()} | asdict(event)))
