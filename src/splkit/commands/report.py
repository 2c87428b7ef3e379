"""`splkit report`."""

from pathlib import Path

import click

from splkit.commands.edited import print_edited
from splkit.commands.options import (
    FILE,
    Number,
    examples,
    folder_argument,
    force_option,
    recording_options,
)
from splkit.console import out, progress
from splkit.errors import ParityError

EXAMPLES = examples(
    "splkit report firmware --out firmware.html",
    "splkit report firmware --out firmware.html --ecg mitdb/100 --duration 60 --force",
)


@click.command("report", epilog=EXAMPLES)
@folder_argument
@click.option("--out", "path", required=True, type=FILE, help="HTML file to write.")
@click.option(
    "--ecg", default="toy", show_default=True, help="Recording for the front end, `sample` or `toy`."
)
@recording_options
@click.option(
    "--battery",
    "battery_mah",
    type=Number(1, 100_000, "from a button cell to a power bank"),
    default=100.0,
    show_default=True,
    help="Charge in mAh of the battery whose life is estimated.",
)
@force_option
def command(
    folder: Path,
    path: Path,
    ecg: str,
    channel: str | None,
    ecg_fs_hz: float | None,
    duration: float | None,
    battery_mah: float,
    force: bool,
) -> None:
    """Write a report on an export, as one page.

    The page shows the model and its data, parity with the host, the memory map, cost by layer, energy and the
    front end. It is one HTML file that needs no network, and its tables can be copied as CSV. Exit status 1
    if a single bit differs; the page says where.
    """
    from splkit.ecg.recordings.model_lead import read_for_model
    from splkit.files import taking, write_whole
    from splkit.firmware.manifest import read_manifest
    from splkit.firmware.reporting.facts import fact_steps, gather
    from splkit.firmware.reporting.page import export_page
    from splkit.firmware.simulators.playback import counts_for

    print_edited(folder)
    recording, taken = read_for_model(ecg, channel, ecg_fs_hz, read_manifest(folder).lead)
    counts = counts_for(folder, recording, duration)
    with taking(path, force=force), progress(f"reporting on {folder}", fact_steps(len(counts))) as advance:
        facts = gather(folder, counts, taken, battery_mah, advance)
        write_whole(path, export_page(facts).html())
    out.print(f"wrote {path}", soft_wrap=True)
    differing = [check for check in facts.checks if check.mismatches]
    if differing:
        raise ParityError(
            "the firmware computes what its twins compute, bit for bit",
            found=f"{differing[0].mismatches} of {differing[0].compared} in {differing[0].name}",
            next_step="report it with the exported folder",
        )
