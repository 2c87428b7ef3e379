"""`splkit verify`."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from splkit.commands.edited import print_edited
from splkit.commands.inference_options import (
    RANDOM_INPUTS,
    CountOrFile,
    is_export,
    read_given,
    require_no_ecg,
)
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
    import numpy as np
    from numpy.typing import NDArray

    from splkit.firmware.parity.inference import Check
    from splkit.firmware.parity.verify import Engine

EXAMPLES = examples(
    "splkit verify firmware",
    "splkit verify firmware --inputs 10000 --cycles 1000 --ecg mitdb/119 --ecg mitdb/106 --channel MLII",
    "splkit verify qemu --engine qemu",
    "splkit verify firmware --on /dev/ttyACM0 --key device.key --ecg mitdb/119 --duration 60",
    "splkit verify compiled --inputs windows.npy",
)


@click.command("verify", epilog=EXAMPLES)
@folder_argument
@click.option(
    "--inputs",
    type=CountOrFile(Whole(0, 10_000_000, "they are held in memory")),
    default=RANDOM_INPUTS,
    show_default=True,
    help="Inferences to compare on random values; or a .npy or .csv of inputs, compared beside 256 of these.",
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
    help="Recording for the front end (WFDB, EDF, CSV, DICOM ...), `sample` or `toy`; may be repeated.",
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
    inputs: int | Path,
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
    """Compare an export bit for bit with references on the host.

    The references are TensorFlow Lite Micro for the inference, and numpy for the front end. The command
    compares the inference on the host build and on the ELF in the core simulator, the front end on the host
    build, and the lines that the whole application prints about each recording. With --on it also compares
    the lines of a real device, after the device's self-test. For a compiled model it compares only the
    inference. Exit status 1 if a single bit differs.
    """
    from splkit.firmware.manifest import read_folder

    print_edited(folder)
    given = read_given(folder, inputs)
    random = inputs if isinstance(inputs, int) else RANDOM_INPUTS
    ecg = EcgOptions(ecgs, channel, ecg_fs_hz, duration)
    if is_export(read_folder(folder)):
        words, checks = _verify_export(folder, random, given, cycles, engines, (port, key), ecg)
    else:
        require_no_ecg("ecgs", "cycles", "engines", "port", "key", "channel", "ecg_fs_hz", "duration")
        words, checks = [], _verify_inference(folder, random, given)
    if as_json:
        print_json(json.dumps([check.model_dump() for check in checks], indent=2))
    else:
        _print_checks(words, checks)
    failed = [check for check in checks if check.mismatches]
    if failed:
        raise ParityError(
            "what runs computes what its twins compute, bit for bit",
            found=f"{failed[0].mismatches} of {failed[0].compared} in {failed[0].name}: {failed[0].first}",
            next_step="report it with the folder",
        )


class EcgOptions(NamedTuple):
    """The recordings, and the options for reading them."""

    ecgs: tuple[str, ...]
    channel: str | None
    fs_hz: float | None
    duration_s: float | None


def _verify_export(
    folder: Path,
    inputs: int,
    given: "NDArray[np.int8] | None",
    cycles: int,
    engines: tuple[str, ...],
    device: tuple[str | None, Path | None],
    ecg: EcgOptions,
) -> "tuple[list[str], list[Check]]":
    """Runs the checks. Returns which channel of each recording was used, in words, and the checks.

    `device` has the port and the key of a device, or None for each.
    """
    from splkit.ecg.recordings.model_lead import read_for_model
    from splkit.firmware.manifest import read_manifest
    from splkit.firmware.parity.verify import CountStream, Engine, steps, verify
    from splkit.firmware.simulators.engines import simulate
    from splkit.firmware.simulators.playback import counts_for

    lead = read_manifest(folder).lead
    read = [read_for_model(name, ecg.channel, ecg.fs_hz, lead) for name in ecg.ecgs]
    recordings = [
        CountStream(f"{name}, {recording.channel}", counts_for(folder, recording, ecg.duration_s))
        for name, (recording, _) in zip(ecg.ecgs, read, strict=True)
    ]
    extra = [Engine(name, partial(simulate, engine=name, advance=ignore_progress)) for name in engines]
    with _device(folder, *device) as devices:
        extra += devices
        inferences = inputs + (0 if given is None else len(given))
        with progress("verifying", steps(len(ecg.ecgs), inferences, cycles, len(extra))) as advance:
            checks = verify(
                folder, recordings, inputs=inputs, given=given, cycles=cycles, engines=extra, advance=advance
            )
    return [taken for _, taken in read], checks


def _verify_inference(folder: Path, inputs: int, given: "NDArray[np.int8] | None") -> "list[Check]":
    from splkit.firmware.parity.inference import inference_steps, verify_inference

    count = inputs + (0 if given is None else len(given))
    with progress("verifying", inference_steps(count)) as advance:
        return verify_inference(folder, inputs, given, advance)


def _print_checks(words: "Sequence[str]", checks: "Sequence[Check]") -> None:
    for each in words:
        out.print(each, soft_wrap=True)
    table = new_table("check", "compared", "mismatches")
    for check in checks:
        table.add_row(
            check.name,
            f"{check.compared:,}",
            styled(f"{check.mismatches:,}", "red" if check.mismatches else "green"),
        )
    out.print(table)


@contextmanager
def _device(folder: Path, port: str | None, key: Path | None) -> "Iterator[list[Engine]]":
    """The device at a port, after its self-test. Empty if there is no port."""
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
