"""`splkit verify`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from splkit.commands.edited import print_edited
from splkit.commands.options import (
    Whole,
    examples,
    folder_argument,
    json_option,
    key_option,
    print_json,
    recording_options,
)
from splkit.console import new_table, out, progress, styled
from splkit.errors import ParityError
from splkit.progress import ignore_progress

if TYPE_CHECKING:
    from splkit.firmware.parity.verify import Engine

EXAMPLES = examples(
    "splkit verify firmware",
    "splkit verify firmware --inputs 10000 --cycles 1000 --ecg mitdb/119 --ecg mitdb/106 --channel MLII",
    "splkit verify qemu --engine qemu",
    "splkit verify firmware --on /dev/ttyACM0 --key device.key --ecg mitdb/119 --duration 60",
)


@click.command("verify", epilog=EXAMPLES)
@folder_argument
@click.option(
    "--inputs",
    type=Whole(0, 10_000_000, "they are held in memory, 270 bytes each"),
    default=256,
    show_default=True,
    help="Inferences to compare on random values.",
)
@click.option(
    "--cycles",
    type=Whole(0, 10_000_000, "they are held in memory, 270 bytes each"),
    default=64,
    show_default=True,
    help="More of them on cycles of the recordings, as far as these have so many.",
)
@click.option(
    "--ecg",
    "ecgs",
    multiple=True,
    default=["toy"],
    show_default=True,
    help="Recording for the front end (WFDB, EDF, CSV, DICOM ...) or `toy`; may be repeated.",
)
@click.option(
    "--engine",
    "engines",
    multiple=True,
    type=click.Choice(["qemu", "renode"]),
    help="Also stream the recordings through the whole firmware there; may be repeated.",
)
@click.option(
    "--on",
    "port",
    metavar="PORT",
    help="Also replay the recordings into a device there: a serial port, or tcp:HOST:PORT.",
)
@key_option
@recording_options
@json_option
def command(
    folder: Path,
    inputs: int,
    cycles: int,
    ecgs: tuple[str, ...],
    engines: tuple[str, ...],
    port: str | None,
    key: Path | None,
    channel: str | None,
    ecg_fs_hz: float | None,
    duration: float | None,
    as_json: bool,
) -> None:
    """Hold an export against its twins on the host, bit for bit.

    The twins are TensorFlow Lite Micro and the front end in numpy. Compared are inference on the host build
    and on the ELF in the core simulator, the front end on the host build, and the whole application's lines
    about each recording; with --on those of a real device, too, after its self-test. Exit status 1 if a
    single bit differs.
    """
    from splkit.ecg.recordings.model_lead import read_for_model
    from splkit.firmware.manifest import read_manifest
    from splkit.firmware.parity.verify import CountStream, Engine, steps, verify
    from splkit.firmware.simulators.engines import simulate
    from splkit.firmware.simulators.playback import counts_for

    print_edited(folder)
    lead = read_manifest(folder).lead
    read = [read_for_model(ecg, channel, ecg_fs_hz, lead) for ecg in ecgs]
    recordings = [
        CountStream(f"{ecg}, {recording.channel}", counts_for(folder, recording, duration))
        for ecg, (recording, _) in zip(ecgs, read, strict=True)
    ]
    extra = [Engine(name, partial(simulate, engine=name, advance=ignore_progress)) for name in engines]
    with _device(folder, port, key) as devices:
        extra += devices
        with progress("verifying", steps(len(ecgs), inputs, cycles, len(extra))) as advance:
            checks = verify(folder, recordings, inputs=inputs, cycles=cycles, engines=extra, advance=advance)
    if as_json:
        print_json(json.dumps([check.model_dump() for check in checks], indent=2))
    else:
        for _, taken in read:
            out.print(taken, soft_wrap=True)
        table = new_table("check", "compared", "mismatches")
        for check in checks:
            table.add_row(
                check.name,
                f"{check.compared:,}",
                styled(f"{check.mismatches:,}", "red" if check.mismatches else "green"),
            )
        out.print(table)
    failed = [check for check in checks if check.mismatches]
    if failed:
        raise ParityError(
            "the firmware computes what its twins compute, bit for bit",
            found=f"{failed[0].mismatches} of {failed[0].compared} in {failed[0].name}: {failed[0].first}",
            next_step="report it with the exported folder",
        )


@contextmanager
def _device(folder: Path, port: str | None, key: Path | None) -> "Iterator[list[Engine]]":
    """The device at a port, after its self-test; none without a port."""
    from splkit.firmware.exported_board import board_of
    from splkit.firmware.parity.on_device import device_engine
    from splkit.firmware.wire.device import Device
    from splkit.firmware.wire.ports import open_port
    from splkit.firmware.wire.signing import read_key

    if port is None:
        yield []
        return
    with open_port(port, board_of(folder).uart.baud) as opened:
        yield [device_engine(Device(opened, read_key(key) if key else None), port)]
