"""`splkit monitor`."""

import json
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from splkit.commands.monitor_ble import listen_to_broadcasts
from splkit.commands.options import DURATION, Whole, examples, json_option, key_option, print_json
from splkit.console import err, out
from splkit.errors import ToolError, UsageError

if TYPE_CHECKING:
    from splkit.firmware.wire.device import Device
    from splkit.firmware.wire.events import Event

EXAMPLES = examples(
    "splkit monitor /dev/ttyACM0",
    "splkit monitor /dev/ttyACM0 --trace",
    "splkit monitor /dev/ttyACM0 --key device.key --send 'day 20786' --send 'calibrate 4500' --send status",
    "splkit monitor --ble --key device.key",
    "splkit monitor tcp:localhost:4444 --json",
    "splkit monitor recorded.txt --json",
)


@click.command("monitor", epilog=EXAMPLES)
@click.argument("port", required=False)
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
@key_option
@click.option(
    "--ble", is_flag=True, help="Listen to broadcasts, on this machine's Bluetooth adapter (Linux)."
)
@click.option("--trace", is_flag=True, help="Ask the device for its ECG, too.")
@click.option("--duration", type=DURATION, help="Seconds to watch.")
@json_option
def command(
    port: str | None,
    baud: int,
    commands: tuple[str, ...],
    key: Path | None,
    ble: bool,
    trace: bool,
    duration: float | None,
    as_json: bool,
) -> None:
    """Watch a device: beats, SPL with its interval, alert state.

    PORT is a serial port, tcp:HOST:PORT (a simulator's UART), a file, or `-`. On a terminal the view is live;
    --json prints one event a line. With --send it sends commands, prints the answers and ends; a refused
    command gives exit status 2. Commands that change something are signed with --key.

    With --ble it listens to broadcasts without a connection, and prints one estimate or alarm a line. With
    --key it decrypts the broadcasts of that key's device. Without a key it shows what any device broadcasts
    in clear.
    """
    from splkit.firmware.wire.device import Device
    from splkit.firmware.wire.ports import open_port
    from splkit.firmware.wire.signing import read_key

    device_key = read_key(key) if key else None
    if ble:
        _require_nothing_else(port, commands, trace)
        listen_to_broadcasts(device_key, duration, as_json)
        return
    if port is None:
        raise UsageError(
            "a device is at a port, or broadcasts",
            found="neither PORT nor --ble",
            next_step="name the port (/dev/ttyACM0), or add --ble",
        )
    with open_port(port, baud) as opened:
        device = Device(opened, device_key)
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


def _require_nothing_else(port: str | None, commands: tuple[str, ...], trace: bool) -> None:
    if port is not None or commands or trace:
        raise UsageError(
            "a broadcast is heard without a connection",
            found="--ble with PORT, --send or --trace",
            next_step="leave them out, or --ble",
        )


REASONS = {
    "locked": "locked: it takes what changes something signed (--key), or while its button was held for 3 s",
    "signature": "signature: of another key, or of a command that it has heard before",
    "keyless": "keyless: it has no key; `splkit provision` gives it one",
    "often": "often: settings were stored sixteen times of late; one more in ten minutes",
    "future": "future: a blood test of a day to come",
    "stale": "stale: no estimates of that time, or no blood test",
    "doubled": "doubled: the same blood test of the same day",
    "implausible": "implausible: blood and estimates further apart than four standard deviations",
    "contradicts": "contradicts: further from the blood tests before than four standard deviations",
}
"""Reasons why a device refuses a command, in words. Reasons that are not listed need no explanation."""


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
    """Shows events until the stream or the time ends. Returns how many there were."""
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
