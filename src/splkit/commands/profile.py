"""`splkit profile`."""

from pathlib import Path

import click

from splkit.commands.edited import print_edited
from splkit.commands.inference_options import require_no_ecg
from splkit.commands.options import (
    FILE,
    FOLDER,
    Number,
    examples,
    folder_argument,
    force_option,
    json_option,
    print_json,
    recording_options,
)
from splkit.console import progress
from splkit.errors import UsageError

EXAMPLES = examples(
    "splkit profile firmware",
    "splkit profile firmware --plot profile.png",
    "splkit profile firmware --ecg toy --duration 60 --battery 225",
    "splkit profile firmware --ecg toy --duration 60 --json",
    "splkit profile firmware --compare other-firmware",
    "splkit profile compiled",
)


@click.command("profile", epilog=EXAMPLES)
@folder_argument
@click.option("--ecg", help="Also count the front end's instructions a sample on this recording.")
@recording_options
@click.option(
    "--battery",
    "battery_mah",
    type=Number(1, 100_000, "from a button cell to a power bank"),
    default=100.0,
    show_default=True,
    help="Charge in mAh of the battery whose life is estimated.",
)
@click.option("--compare", "other", metavar="OTHER", type=FOLDER, help="Another export, put beside DIR.")
@click.option("--plot", "plot_path", type=FILE, help="Picture of DIR: instructions by layer, arena.")
@force_option
@json_option
def command(
    folder: Path,
    ecg: str | None,
    channel: str | None,
    ecg_fs_hz: float | None,
    duration: float | None,
    battery_mah: float,
    other: Path | None,
    plot_path: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Measure what an export costs: flash, RAM, stack, instructions.

    A compiled model can be measured too. The result is shown by layer and in total, with the place of each
    buffer in the arena. Instructions are exact: they are counted on the ELF in the core simulator. Cycles,
    time, energy and battery life are estimates, printed with their assumptions.
    """
    from splkit.commands import profile_tables as tables
    from splkit.ecg.recordings.model_lead import read_for_model
    from splkit.files import taking
    from splkit.firmware.manifest import Manifest, read_folder
    from splkit.firmware.profiling.comparison import compare
    from splkit.firmware.profiling.picture import draw_profile
    from splkit.firmware.profiling.profile import STEPS, Profile, profile
    from splkit.firmware.simulators.playback import counts_for
    from splkit.pictures import check_picture

    if plot_path:
        check_picture(plot_path)
    manifest = read_folder(folder)
    if not isinstance(manifest, Manifest):
        require_no_ecg("ecg", "channel", "ecg_fs_hz", "duration", "battery_mah")
    lead = manifest.lead if isinstance(manifest, Manifest) else None
    recording, taken = read_for_model(ecg, channel, ecg_fs_hz, lead) if ecg else (None, None)

    def measure(each: Path) -> Profile:
        counts = counts_for(each, recording, duration) if recording else None
        with progress(f"profiling {each}", STEPS + (0 if counts is None else len(counts))) as advance:
            return profile(each, counts, advance, battery_mah).model_copy(update={"recording": taken})

    for each in filter(None, (folder, other)):
        print_edited(each)
    with taking(plot_path, force=force):
        figures = measure(folder)
        if plot_path and not figures.layers:
            raise UsageError(
                "layers and their memory are known of splkit's own kernels",
                found=f"TensorFlow Lite Micro in {folder}",
                next_step="leave --plot out, or export with --runtime splkit",
            )
        comparison = compare(figures, measure(other)) if other else None
        if plot_path:
            draw_profile(figures, folder.resolve().name, plot_path)
    if as_json:
        print_json((comparison or figures).model_dump_json(indent=2))
        return
    if comparison:
        tables.print_comparison(comparison, str(folder), str(other))
    else:
        tables.print_profile(figures)
    if plot_path:
        tables.print_written(plot_path)
