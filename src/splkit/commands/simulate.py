"""`splkit simulate`."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from splkit.commands.edited import print_edited
from splkit.commands.options import examples, folder_argument, json_option, print_json, recording_options
from splkit.console import err, out, progress, styled

EXAMPLES = examples(
    "splkit simulate firmware --ecg toy",
    "splkit simulate firmware --ecg mitdb/100 --channel MLII --duration 60 --json",
    "splkit simulate qemu --ecg holter.csv --fs 250 --engine qemu --lines",
)


@click.command("simulate", epilog=EXAMPLES)
@folder_argument
@click.option(
    "--ecg",
    required=True,
    help="Recording (WFDB, EDF, CSV, DICOM ...), or `toy`: five minutes of a patient.",
)
@click.option(
    "--engine",
    type=click.Choice(["core", "qemu", "renode"]),
    default="core",
    show_default=True,
    help="Simulator.",
)
@recording_options
@click.option(
    "--lines", "show_lines", is_flag=True, help="Print the firmware's own lines instead of a summary."
)
@json_option
def command(
    folder: Path,
    ecg: str,
    engine: str,
    channel: str | None,
    ecg_fs_hz: float | None,
    duration: float | None,
    show_lines: bool,
    as_json: bool,
) -> None:
    """Stream a recording through the firmware in a simulator.

    `core` calls the application of any board, in process. `qemu` runs all of mps2-an386, `renode` all of
    nrf52. A recording at another rate is resampled first.
    """
    from splkit.commands.answer_table import answer_count, answer_table, faults_in_words
    from splkit.ecg.recordings.model_lead import read_for_model
    from splkit.firmware.manifest import read_manifest
    from splkit.firmware.simulators.engines import simulate
    from splkit.firmware.simulators.playback import counts_for
    from splkit.firmware.wire.protocol import parse_lines

    manifest = read_manifest(folder)
    print_edited(folder, manifest)
    recording, taken = read_for_model(ecg, channel, ecg_fs_hz, manifest.lead)
    counts = counts_for(folder, recording, duration)
    with progress(f"streaming through {engine}", len(counts)) as advance:
        lines = simulate(folder, counts, engine, advance)
    report = parse_lines(lines)
    if show_lines:
        err.print(taken, soft_wrap=True)
        print_json("\n".join(lines))
    elif as_json:
        facts = {"engine": engine, "ecg": ecg, "channel": recording.channel, "model_lead": manifest.lead}
        size = {"fs_hz": manifest.fs_hz, "samples": len(counts)}
        meaning = {"task": manifest.task, "unit": manifest.unit, "trained_on": manifest.trained_on}
        print_json(json.dumps(facts | size | meaning | asdict(report), indent=2))
    else:
        out.print(report.banner)
        out.print(taken, soft_wrap=True)
        out.print(f"{ecg}: {len(counts) / manifest.fs_hz:.1f} s at {manifest.fs_hz} Hz on {engine}")
        accepted = sum(beat.verdict == "ok" for beat in report.beats)
        out.print(f"{len(report.beats)} beats, {accepted} accepted, {answer_count(report, manifest.task)}")
        for words in faults_in_words(report):
            out.print(styled(words, "red"))
        out.print(f"by a model of {manifest.task} ({manifest.unit}), trained on {manifest.trained_on}")
        for alert in report.alerts:
            out.print(f"alert state from {alert.sample / manifest.fs_hz:.1f} s on: {alert.state}")
        out.print(answer_table(report, manifest.fs_hz))
