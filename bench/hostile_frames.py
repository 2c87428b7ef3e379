"""Sends a million hostile frames to the application while it monitors a recording.

    python bench/hostile_frames.py [--frames N] [--seed N]

The application is the one of an export for nrf52, built for this machine with a board of its own, under
AddressSanitizer and UndefinedBehaviorSanitizer. Frames are random bytes, half frames, wrong checksums,
garbled letters, oversized lines, nonsense with a right checksum, and commands that are out of range or out of
place. Exit status 1 if it crashes, if a setting changes, if flash is touched, or if a beat, an estimate or an
alert is another than without the frames.
"""

import sys
import tempfile
from pathlib import Path

import click
from ecg_detectors import UV_PER_COUNT  # puts tests/support within reach
from support.host_application import compile_player
from support.hostile import hold

from splkit import boards
from splkit.console import out
from splkit.ecg.recordings.readers import read_recording
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.simulators.playback import counts_for
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model

FS_HZ = 300


@click.command(help=__doc__)
@click.option("--frames", "count", default=1_000_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(count: int, seed: int) -> None:
    """Exports, builds, plays with frames and without, compares."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, model = Path(scratch) / "firmware", reference_model()
        export(ExportRequest(model, card_for(model), boards.load("nrf52"), FS_HZ, UV_PER_COUNT), folder)
        recording = Path(scratch) / "toy.i16"
        counts_for(folder, read_recording("toy"), 300.0).astype("<i2").tofile(recording)
        answers, lines, complaint = hold(
            compile_player(folder, Path(scratch) / "play"), recording, count, seed
        )
    out.print(f"{count:,} hostile frames: {answers:,} answered, {lines:,} lines about the recording")
    out.print(complaint or "no crash, no setting changed, no flash touched, every line as without the frames")
    sys.exit(bool(complaint))


if __name__ == "__main__":
    main()
