"""`splkit detect`."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from splkit.commands.detect_folder import detect_folder
from splkit.commands.options import (
    FILE,
    channel_option,
    examples,
    force_option,
    json_option,
    print_json,
    rate_option,
    spread_options,
)
from splkit.console import out, progress
from splkit.errors import UsageError

if TYPE_CHECKING:
    from splkit.ecg.recordings.recording import Recording
    from splkit.ecg.rpeaks.find import RPeaks
    from splkit.pool import Workers

EXAMPLES = examples(
    "splkit detect mitdb/119",
    "splkit detect holter.edf --channel II --out peaks.csv --plot peaks.png --from 1:02:00 --to 1:02:20",
    "splkit detect mitdb/119 --plot 119.html      # a page that zooms",
    "splkit detect mitdb/119 --out 119.qrs --json",
    "splkit detect strip.csv --fs 250            # where the file does not state its rate",
    "splkit detect records/ --out beats.csv      # a row a file",
)
_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d+)?)")


class Clock(click.ParamType[float]):
    """A time in a recording: seconds, m:ss or h:mm:ss."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Converts to seconds."""
        said = _CLOCK.fullmatch(str(value))
        if said is None or (said[2] is not None and float(said[3]) >= 60):
            self.fail(f"{value!r} is no time: seconds, m:ss or h:mm:ss.", param, ctx)
        return 3600 * int(said[1] or 0) + 60 * int(said[2] or 0) + float(said[3])


@click.command("detect", epilog=EXAMPLES)
@click.argument("file")
@channel_option
@rate_option
@click.option("--out", "out_path", type=FILE, help="R peaks: NAME.csv, or RECORD.ANNOTATOR for WFDB.")
@click.option("--plot", "plot_path", type=FILE, help="Picture on ECG paper; NAME.html is a page that zooms.")
@click.option("--from", "from_s", type=Clock(), help="Where the picture begins, s or h:mm:ss [10 s].")
@click.option("--to", "to_s", type=Clock(), help="Where it ends; a picture has 60 s at most.")
@spread_options
@force_option
@json_option
def command(
    file: str,
    channel: str | None,
    ecg_fs_hz: float | None,
    out_path: Path | None,
    plot_path: Path | None,
    from_s: float | None,
    to_s: float | None,
    workers: "Workers",
    force: bool,
    as_json: bool,
) -> None:
    """Find the R peaks of a recording with the board's own front end.

    FILE is a WFDB record (with or without extension), a CSV, EDF, DICOM, aECG, MUSE, SCP-ECG or ISHNE file,
    an export of a wearable, any of these as .gz, or `toy`: docs/recordings.md lists them and their rules. A
    folder of them gives a table, a row a file, which --out NAME.csv keeps.

    A beat is `ok`, or why its cycle is of no use: `first`, `rr` (interval under 0.3 s or over 2 s),
    `ectopic` (premature), `cut` (short, by such a beat or the recording's end), `unlike` (those before it),
    `wide` (no QRS complex), `noise`, `clip`, `lead` (off), `late` (found when its samples were gone).

    Exit status: 0 all is read, 4 some file of a folder was not read, 2 something to put right.
    """
    if (from_s is not None or to_s is not None) and not plot_path:
        raise UsageError("--from and --to choose what a picture shows", found="no --plot", next_step="add it")
    if _is_folder(file):
        _check_no_picture(file, plot_path)
        options = {"force": force, "as_json": as_json}
        sys.exit(detect_folder(Path(file), channel, ecg_fs_hz, out_path, workers, **options))
    beats = _detect(file, channel, ecg_fs_hz, out_path, plot_path, (from_s, to_s), force)
    if as_json:
        _print_json(file, beats)
    else:
        _print(file, beats)
        for path in filter(None, (out_path, plot_path)):
            out.print(f"wrote {path}")


def _detect(
    file: str,
    channel: str | None,
    fs_hz: float | None,
    out_path: Path | None,
    plot_path: Path | None,
    shown_s: tuple[float | None, float | None],
    force: bool,
) -> "RPeaks":
    """The beats of one recording, with the files that were asked for."""
    from splkit.ecg.recordings.readers import read_recording
    from splkit.ecg.rpeaks.annotations import check_name, write_r_peaks
    from splkit.ecg.rpeaks.find import find_r_peaks
    from splkit.files import taking
    from splkit.pictures import check_picture

    if out_path:
        check_name(out_path, Path(file))
    if plot_path and not _is_page(plot_path):
        check_picture(plot_path)
    with taking(out_path, plot_path, force=force):
        with progress(f"reading {file}", None):
            recording = read_recording(file, channel, fs_hz)
        draw = _drawn(plot_path, recording, *shown_s) if plot_path else None
        with progress("finding R peaks", None) as advance:
            beats = find_r_peaks(recording, advance)
        if draw:
            draw(beats)
        if out_path:
            write_r_peaks(out_path, beats)
    return beats


def _print_json(file: str, beats: "RPeaks") -> None:
    from splkit.ecg.rpeaks.find import rr_statistics

    recording = beats.recording
    facts = {"file": file, "channel": recording.channel, "fs_hz": recording.fs_hz}
    facts |= {"duration_s": recording.duration_s, "missing_s": recording.missing_s}
    print_json(json.dumps(facts | asdict(rr_statistics(beats)), indent=2))


def _print(file: str, beats: "RPeaks") -> None:
    from splkit.ecg.rpeaks.find import rr_statistics

    recording, statistics = beats.recording, rr_statistics(beats)
    missing = f", {recording.missing_s:.1f} s of them missing" if recording.gaps else ""
    out.print(f"{file}, {recording.channel}: {recording.duration_s:.1f} s at {recording.fs_hz:g} Hz{missing}")
    words = ", ".join(f"{count} {word}" for word, count in statistics.verdicts.items() if count)
    out.print(f"{statistics.beats} beats: {words or 'none'}")
    if statistics.median_ms and statistics.heart_rate_bpm:
        out.print(
            f"RR, accepted beats: median {statistics.median_ms:.0f} ms, {statistics.heart_rate_bpm:.0f} bpm, "
            f"{statistics.shortest_ms:.0f} to {statistics.longest_ms:.0f} ms"
        )
    if statistics.sdnn_ms is not None and statistics.rmssd_ms is not None:
        out.print(f"SDNN {statistics.sdnn_ms:.0f} ms, RMSSD {statistics.rmssd_ms:.0f} ms")


def _is_folder(file: str) -> bool:
    from splkit.ecg.recordings.readers import NAMED

    return bool(file) and file not in NAMED and "://" not in file and Path(file).is_dir()


def _is_page(path: Path) -> bool:
    return path.suffix.lower() == ".html"


def _drawn(
    path: Path, recording: "Recording", from_s: float | None, to_s: float | None
) -> "Callable[[RPeaks], None]":
    """What writes the picture or the page of the chosen time; a page without one has the whole recording."""
    from splkit.ecg.rpeaks.page import write_page
    from splkit.ecg.rpeaks.plot import plot_r_peaks
    from splkit.ecg.rpeaks.span import chosen_span

    if not _is_page(path):
        span = chosen_span(recording, from_s, to_s)
        return lambda beats: plot_r_peaks(path, beats, span)
    first, last = from_s or 0.0, recording.duration_s if to_s is None else to_s
    whole = chosen_span(recording, first, last)
    return lambda beats: write_page(path, beats, whole)


def _check_no_picture(file: str, plot_path: Path | None) -> None:
    if plot_path:
        raise UsageError(
            "a picture is of one recording",
            found=f"--plot with the folder {file}",
            next_step="name a file in it",
        )
