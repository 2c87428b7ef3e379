"""`splkit detect`."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from splkit.commands.options import (
    FILE,
    channel_option,
    examples,
    force_option,
    json_option,
    print_json,
    rate_option,
)
from splkit.console import out, progress

EXAMPLES = examples(
    "splkit detect sample --plot peaks.png",
    "splkit detect mitdb/119",
    "splkit detect holter.edf --channel II --out peaks.csv --plot peaks.png",
    "splkit detect mitdb/119 --out 119.qrs --json",
    "splkit detect strip.csv --fs 250            # where the file does not state its rate",
)


@click.command("detect", epilog=EXAMPLES)
@click.argument("file")
@channel_option
@rate_option
@click.option("--out", "out_path", type=FILE, help="R peaks: NAME.csv, or RECORD.ANNOTATOR for WFDB.")
@click.option("--plot", "plot_path", type=FILE, help="Picture: strip, RR intervals, averaged cycle.")
@force_option
@json_option
def command(
    file: str,
    channel: str | None,
    ecg_fs_hz: float | None,
    out_path: Path | None,
    plot_path: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Find the R peaks of a recording with the board's own front end.

    FILE is a WFDB record (with or without extension), a CSV, EDF, DICOM, aECG, MUSE, SCP-ECG or ISHNE file,
    an export of a wearable, any of these as .gz, or the name `sample` (simulated) or `toy`:
    docs/recordings.md lists them and their rules.

    A beat is `ok`, or why its cycle is of no use: `first`, `rr` (interval under 0.3 s or over 2 s),
    `ectopic` (premature), `cut` (short, by such a beat or the recording's end), `unlike` (those before it),
    `wide` (no QRS complex), `noise`, `clip`, `lead` (off), `late` (found when its samples were gone).
    """
    from splkit.ecg.recordings.readers import read_recording
    from splkit.ecg.rpeaks.annotations import check_name, write_r_peaks
    from splkit.ecg.rpeaks.find import find_r_peaks, rr_statistics
    from splkit.ecg.rpeaks.plot import plot_r_peaks
    from splkit.files import taking
    from splkit.pictures import check_picture

    if out_path:
        check_name(out_path, Path(file))
    if plot_path:
        check_picture(plot_path)
    with taking(out_path, plot_path, force=force):
        with progress(f"reading {file}", None):
            recording = read_recording(file, channel, ecg_fs_hz)
        with progress("finding R peaks", None) as advance:
            beats = find_r_peaks(recording, advance)
        if out_path:
            write_r_peaks(out_path, beats)
        if plot_path:
            plot_r_peaks(plot_path, beats)
    statistics = rr_statistics(beats)
    if as_json:
        facts = {"file": file, "channel": recording.channel, "fs_hz": recording.fs_hz}
        facts |= {"duration_s": recording.duration_s, "missing_s": recording.missing_s}
        print_json(json.dumps(facts | asdict(statistics), indent=2))
        return
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
    for path in filter(None, (out_path, plot_path)):
        out.print(f"wrote {path}")
