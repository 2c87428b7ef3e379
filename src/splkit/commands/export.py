"""`splkit export`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from splkit import boards
from splkit.boards.ecg import FS_HZ, FS_HZ_WHY, UV_PER_COUNT, UV_PER_COUNT_WHY
from splkit.commands.contract_options import contract_options
from splkit.commands.options import (
    FILE,
    FOLDER,
    Number,
    Whole,
    examples,
    force_option,
    json_option,
    library_shape_options,
    print_json,
    print_next,
    ram_option,
    within,
)
from splkit.console import out, progress
from splkit.ecg.frontend import CYCLE_FS_HZ, WINDOWS
from splkit.errors import UsageError

if TYPE_CHECKING:
    from splkit.firmware.manifest import Broadcast, Manifest

EXAMPLES = examples(
    "splkit export --board nrf52",
    "splkit export runs/4k/dscrnn_4k.tflite --board nrf52 --fs 250 --out firmware",
    "splkit export other.tflite --task potassium --spl-offset 4.9 --lead V5 --board nrf52 --out firmware",
    "splkit export --board nrf52 --single-file --arduino --out firmware --force",
    "splkit export --board nrf52 --ram 4500 --out firmware",
    "splkit export --board nrf52 --zephyr-app --out firmware --force",
    "splkit export --board mps2-an386 --out qemu --force --json",
    "splkit export --board nrf52 --sign key.pem --image-version 1.4.0 --out firmware",
    "splkit export --board nrf52 --runtime tflm --tflm-dir tflite-micro --out tflm-firmware",
)

IN_CLEAR = (
    "broadcasts in clear: everyone within range reads estimates and alarms, and knows the wearer again by an "
    "address that stays"
)


@click.command("export", epilog=EXAMPLES)
@click.argument("model", required=False, type=FILE)
@click.option(
    "--board",
    "board_name",
    required=True,
    help="Board to export for: a name (`splkit boards` lists them), or a folder with a board.toml.",
)
@click.option(
    "--out",
    "out_dir",
    type=FOLDER,
    default="firmware",
    show_default=True,
    help="Folder to write; it must not exist.",
)
@click.option("--card", "card_path", type=FILE, help="Model card; by default the one inside the model.")
@click.option(
    "--fs",
    "fs_hz",
    type=Whole(*FS_HZ, FS_HZ_WHY),
    help="Sampling rate of the ECG input, Hz (125 to 1000); the board's by default.",
)
@click.option(
    "--uv-per-count",
    type=Number(*UV_PER_COUNT, UV_PER_COUNT_WHY),
    help="Microvolts a count of the ECG input; the board's by default.",
)
@contract_options
@click.option("--accept-weak", is_flag=True, help="Take a model that is no better than one answer to all.")
@library_shape_options
@ram_option
@click.option("--zephyr-app", is_flag=True, help="Write the application on Zephyr, zephyr-app/, as well.")
@click.option(
    "--runtime",
    type=click.Choice(["splkit", "tflm"]),
    default="splkit",
    show_default=True,
    help="What computes the inference: splkit's kernels, or TensorFlow Lite Micro.",
)
@click.option("--tflm-dir", type=FOLDER, help="TensorFlow Lite Micro's tree, with its library built.")
@click.option(
    "--sign", "key", type=FILE, help="Private key (PEM): link for MCUboot's slot, and sign the image."
)
@click.option(
    "--broadcast",
    type=click.Choice(["encrypted", "clear"]),
    default="encrypted",
    show_default=True,
    help="Of a board with a radio: encrypted, once the device has a key and was told to; or clear, always.",
)
@click.option("--image-version", help="Version that a signed image bears [0.0.0].")
@force_option
@json_option
def command(
    model: Path | None,
    board_name: str,
    out_dir: Path,
    card_path: Path | None,
    fs_hz: int | None,
    uv_per_count: float | None,
    accept_weak: bool,
    single_file: bool,
    arduino: bool,
    ram_bytes: int | None,
    zephyr_app: bool,
    runtime: str,
    tflm_dir: Path | None,
    key: Path | None,
    broadcast: "Broadcast",
    image_version: str | None,
    force: bool,
    as_json: bool,
    stated: dict[str, Any],
) -> None:
    """Generate and build the firmware of a model for a board.

    MODEL is an int8 .tflite. Without MODEL, the bundled model is exported, which was trained on simulated
    potassium. The folder gets firmware.elf, .hex and .bin, manifest.json, and all sources: include/ and lib/
    to drop into your own firmware, app/ for the whole firmware.

    A model of splkit has a card inside that says what its answer means. For a .tflite of another tool, say
    it with options: --lead, --task, and what the task needs (--spl-offset; or --positive-spl and
    --alert-threshold; or --unit and --plausible).
    """
    from splkit.firmware.export import ExportRequest, export
    from splkit.firmware.flashing.mcuboot import Signature
    from splkit.quantize.reference import reference_model
    from splkit.quantize.stated import stated_card

    _require_runtime(runtime, tflm_dir, single_file or arduino or zephyr_app or ram_bytes is not None)
    if image_version and not key:
        raise UsageError(
            "a signed image bears a version",
            found=f"--image-version {image_version} without --sign",
            next_step="add --sign KEY.pem, or leave the version out",
        )
    board = boards.load(board_name)
    path = model or reference_model()
    request = ExportRequest(
        path,
        stated_card(path, stated, card_path),
        board,
        board.ecg.fs_hz if fs_hz is None else fs_hz,
        board.ecg.uv_per_count if uv_per_count is None else uv_per_count,
        single_file=single_file,
        arduino=arduino,
        zephyr_app=zephyr_app,
        tflm_dir=tflm_dir,
        signature=Signature(key, image_version or "0.0.0") if key else None,
        accept_weak=accept_weak,
        broadcast=broadcast,
        ram_bytes=ram_bytes,
    )
    with progress("building", None) as advance:
        manifest = export(request, out_dir, force=force, advance=advance)
    if as_json:
        print_json(manifest.model_dump_json(indent=2))
        return
    out.print(f"{out_dir}: {manifest.model} for {manifest.board} at {manifest.fs_hz} Hz")
    for line in _contract_lines(manifest):
        out.print(f"  {line}", soft_wrap=True)
    if manifest.broadcast == "clear":
        out.print(f"  {IN_CLEAR}", soft_wrap=True)
    out.print(f"  arena: {manifest.arena_bytes:,} B{within(ram_bytes)}")
    out.print(f"  sizeof(spl_t): {manifest.spl_t_bytes:,} B, the RAM of a stream with its network")
    out.print("  for research, not a medical device")
    print_next("splkit", "verify", out_dir)


def _contract_lines(manifest: "Manifest") -> list[str]:
    """The meaning of the model's answer, in words."""
    from splkit.quantize.distance import NOT_CHECKED

    outside = f"no estimate outside {manifest.plausible.low:g} to {manifest.plausible.high:g}"
    lead = manifest.lead or "not known to the card"
    lines = [
        f"trained on {manifest.trained_on}",
        f"lead {lead}, {_input_words(manifest)} at {CYCLE_FS_HZ} Hz",
    ]
    if manifest.task == "probability":
        lines.append(f"answers the probability of SPL >= {manifest.positive_spl_meq_l:g} mEq/L")
        lines.append(f"positive from {manifest.alert_threshold:g} on; {outside}")
    else:
        what = "SPL in mEq/L" if manifest.task == "potassium" else f"a number in {manifest.unit}"
        lines.append(f"answers {what}, offset {manifest.offset:g}; {outside}")
    lines.append(manifest.distance.words if manifest.distance else NOT_CHECKED)
    if manifest.weakness:
        lines.append(f"of no use as it is: {manifest.weakness}")
    return lines


def _input_words(manifest: "Manifest") -> str:
    window = WINDOWS[manifest.input]
    if window.is_cycle:
        return f"{manifest.averaged_cycles} averaged cycles of {window.size} points"
    low_s, high_s = window.span_s
    return f"windows of {window.size} points, {low_s:g} to {high_s:g} s about R, each by itself,"


def _require_runtime(runtime: str, tflm_dir: Path | None, amalgamated: bool) -> None:
    if (runtime == "tflm") != (tflm_dir is not None):
        raise UsageError(
            "--runtime tflm and --tflm-dir go together",
            found=f"--runtime {runtime} {'with' if tflm_dir else 'without'} --tflm-dir",
            next_step="add the other, or leave both out",
        )
    if tflm_dir and amalgamated:
        raise UsageError(
            "--single-file, --arduino, --zephyr-app and --ram are about splkit's own kernels",
            found="one of them with --runtime tflm",
            next_step="leave one of them out",
        )
