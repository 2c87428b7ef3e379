"""`splkit provision`."""

from contextlib import suppress
from pathlib import Path

import click

from splkit.commands.options import FILE, Whole, examples, print_next
from splkit.console import out
from splkit.errors import ToolError

EXAMPLES = examples(
    "splkit provision /dev/ttyACM0 device.key",
    "splkit provision /dev/ttyACM0 device.key --broadcast",
    "splkit provision /dev/ttyACM0 new.key --replaces device.key",
    "splkit monitor /dev/ttyACM0 --key device.key --send 'provision off'",
)


@click.command("provision", epilog=EXAMPLES)
@click.argument("port")
@click.argument("key", type=FILE)
@click.option("--replaces", type=FILE, help="The key that the device has.")
@click.option("--broadcast", is_flag=True, help="Have it broadcast what it sees, encrypted with the key.")
@click.option(
    "--baud",
    type=Whole(300, 4_000_000, "serial ports know these rates"),
    default=115200,
    show_default=True,
    help="Of a serial port.",
)
def command(port: str, key: Path, replaces: Path | None, broadcast: bool, baud: int) -> None:
    """Give a device a key of its own.

    KEY is a new file, for a random key. From then on, the device accepts commands that change something
    (levels, blood tests, acknowledgements, replays) only if they are signed with the key, or for 30 s after
    its button was held for 3 s. A device without a key accepts its first key from anyone, and accepts no such
    command until then.

    The key is sent over the wire unencrypted, so do this where nobody else has access to the wire. Anyone who
    can read the file can decrypt what the device broadcasts, and change its settings.
    """
    from splkit.firmware.wire.device import Device
    from splkit.firmware.wire.ports import open_port
    from splkit.firmware.wire.signing import read_key, write_key

    old = read_key(replaces) if replaces else None
    with open_port(port, baud) as opened:
        fresh = write_key(key)
        device = Device(opened, old)
        reply = device.ask(f"provision {fresh.digits}")
        if not reply.ok:
            with suppress(OSError):
                key.unlink()
            raise ToolError(
                "the device takes the key",
                found=" ".join(reply.fields),
                next_step="locked: it has a key; add --replaces KEY, or hold its button for 3 s",
            )
        device.use_key(fresh)
        if broadcast and not (reply := device.ask("broadcast on")).ok:
            raise ToolError(
                "the device broadcasts; it has the key",
                found=" ".join(reply.fields),
                next_step="unsupported: its board has no radio, or its firmware broadcasts in clear",
            )
    out.print(f"{port} has the key in {key}" + (", and broadcasts" if broadcast else ""), soft_wrap=True)
    print_next("splkit", "monitor", port, "--key", key)
