"""`splkit profile`."""

from pathlib import Path

import click
from rich.table import Table

from splkit.commands.options import examples, folder_argument, json_option, print_json, recording_options
from splkit.console import out, progress

EXAMPLES = examples(
    "splkit profile firmware",
    "splkit profile firmware --ecg toy --duration 60 --json",
)


@click.command("profile", epilog=EXAMPLES)
@folder_argument
@click.option("--ecg", help="Also count the front end's instructions a sample on this recording.")
@recording_options
@json_option
def command(
    folder: Path,
    ecg: str | None,
    channel: str | None,
    ecg_fs_hz: float | None,
    duration: float | None,
    as_json: bool,
) -> None:
    """Say what an exported firmware costs: flash, RAM, stack, instructions by layer.

    Instructions are exact, counted on the ELF in the core simulator.
    """
    from splkit.ecg.readers import read_recording
    from splkit.firmware.playback import counts_for
    from splkit.firmware.profile import STEPS, profile

    counts = counts_for(folder, read_recording(ecg, channel, ecg_fs_hz), duration) if ecg else None
    with progress("profiling", STEPS + (0 if counts is None else len(counts))) as advance:
        figures = profile(folder, counts, advance)
    if as_json:
        print_json(figures.model_dump_json(indent=2))
        return
    table = Table("layer", "instructions", "MACs", "instructions a MAC")
    for layer in figures.layers:
        rate = f"{layer.instructions / layer.macs:.2f}" if layer.macs else ""
        table.add_row(layer.name, f"{layer.instructions:,}", f"{layer.macs:,}" if layer.macs else "", rate)
    macs = sum(layer.macs for layer in figures.layers)
    table.add_section()
    table.add_row(
        "one inference", f"{figures.instructions:,}", f"{macs:,}", f"{figures.instructions / macs:.2f}"
    )
    out.print(table)
    for name, flash, ram in (
        ("inference", figures.flash_bytes, figures.ram_bytes),
        ("firmware", figures.firmware_flash_bytes, figures.firmware_ram_bytes),
    ):
        out.print(f"{name}: flash {flash:,} B, RAM {ram:,} B")
    out.print(
        f"stack: {figures.stack_bytes:,} B in an inference, "
        f"{figures.stack_bound_bytes:,} B at most in the whole firmware"
    )
    if figures.front_end:
        front_end = figures.front_end
        out.print(
            f"front end: {front_end.mean_instructions:.0f} instructions a sample, "
            f"at most {front_end.worst_instructions:,}, over {front_end.samples:,} samples"
        )
