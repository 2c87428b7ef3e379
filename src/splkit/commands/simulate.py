"""`splkit simulate`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from splkit.commands.edited import print_edited
from splkit.commands.inference_options import require_no_ecg
from splkit.commands.options import (
    FILE,
    examples,
    folder_argument,
    json_option,
    print_json,
    recording_options,
)
from splkit.console import err, new_table, out, progress, styled
from splkit.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHOWN = 12
"""How many values of an output are printed. --json has all."""

EXAMPLES = examples(
    "splkit simulate firmware --ecg toy",
    "splkit simulate firmware --ecg mitdb/100 --channel MLII --duration 60 --json",
    "splkit simulate qemu --ecg holter.csv --fs 250 --engine qemu --lines",
    "splkit simulate compiled --inputs windows.npy --json",
)


@click.command("simulate", epilog=EXAMPLES)
@folder_argument
@click.option("--ecg", help="Recording (WFDB, EDF, CSV, DICOM ...), `sample` or `toy`.")
@click.option("--inputs", type=FILE, help="Instead: inputs of the network (.npy, .csv), inferred on core.")
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
    ecg: str | None,
    inputs: Path | None,
    engine: str,
    channel: str | None,
    ecg_fs_hz: float | None,
    duration: float | None,
    show_lines: bool,
    as_json: bool,
) -> None:
    """Stream a recording through the firmware in a simulator.

    The engine `core` calls the application of any board in this process. `qemu` runs the whole firmware of
    mps2-an386, `renode` that of nrf52. A recording at another rate is resampled first. With --inputs only the
    network runs, of an export or of a folder of `splkit compile`. A .npy file of int8 is used directly, real
    numbers are quantized first.
    """
    if (ecg is None) == (inputs is None):
        raise UsageError(
            "a simulation plays an ECG, or infers inputs",
            found="both" if ecg else "neither",
            next_step="give --ecg toy, or --inputs FILE",
        )
    if inputs:
        require_no_ecg("channel", "ecg_fs_hz", "duration", "engine", "show_lines")
        _infer(folder, inputs, as_json)
    elif ecg:
        _stream(folder, ecg, engine, (channel, ecg_fs_hz, duration), show_lines, as_json)


def _infer(folder: Path, inputs: Path, as_json: bool) -> None:
    """Runs inferences on the core simulator and prints their outputs."""
    from splkit.codegen.compile import compile_model
    from splkit.firmware.given_inputs import read_inputs
    from splkit.firmware.manifest import held_folder
    from splkit.firmware.parity.inference import model_of
    from splkit.firmware.simulators.inference import infer_core

    manifest = held_folder(folder)
    print_edited(folder, manifest)
    model = compile_model(model_of(folder), manifest.model, manifest.ram_limit_bytes)
    rows = read_inputs(inputs, model)
    with progress("inferring on core", len(rows)) as advance:
        outputs = infer_core(folder / manifest.elf, rows, model.output_size, advance, manifest.runtime)
    split = [(end, outputs[:, end.offset : end.offset + end.tensor.size]) for end in model.outputs]
    reals = {end.tensor.name: (end.tensor.scale * (q - float(end.tensor.zero_point))) for end, q in split}
    if as_json:
        quantized = {end.tensor.name: q.tolist() for end, q in split}
        named = {name: real.tolist() for name, real in reals.items()}
        print_json(json.dumps({"engine": "core", "int8": quantized, "real": named}, indent=2))
        return
    table = new_table("inference", *reals, wraps=tuple(reals))
    for i in range(len(rows)):
        table.add_row(str(i), *(_in_words(real[i]) for real in reals.values()))
    out.print(table)


def _in_words(values: "NDArray[np.float64]") -> str:
    """The first values, and the largest one if there are more."""
    shown = " ".join(f"{value:.4g}" for value in values[:SHOWN])
    return shown if len(values) <= SHOWN else f"{shown} ... ({len(values)} values, largest {values.argmax()})"


def _stream(
    folder: Path,
    ecg: str,
    engine: str,
    how: tuple[str | None, float | None, float | None],
    show_lines: bool,
    as_json: bool,
) -> None:
    """Streams a recording through the firmware. `how` has its channel, its rate and its length in seconds."""
    from splkit.commands.answer_table import answer_count, answer_table, faults_in_words
    from splkit.ecg.recordings.model_lead import read_for_model
    from splkit.firmware.manifest import read_manifest
    from splkit.firmware.simulators.engines import simulate
    from splkit.firmware.simulators.playback import counts_for
    from splkit.firmware.wire.protocol import parse_lines

    manifest = read_manifest(folder)
    print_edited(folder, manifest)
    recording, taken = read_for_model(ecg, *how[:2], manifest.lead)
    counts = counts_for(folder, recording, how[2])
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
