"""`splkit estimate`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from splkit.commands.options import (
    FILE,
    FOLDER,
    examples,
    json_option,
    labels_option,
    print_json,
    rate_option,
    spread_options,
)
from splkit.console import err, new_table, out, progress
from splkit.interrupts import Interrupted

if TYPE_CHECKING:
    from splkit.pool import Workers
    from splkit.quantize.estimates.inputs import Asked
    from splkit.quantize.estimates.outputs import Answered
    from splkit.quantize.estimates.result import EcgResult
    from splkit.quantize.estimates.work import Way

EXIT_NONE, EXIT_FAILED = 3, 4
SHOWN = 20
"""Up to this many ECGs are printed one by one. If there are more, those without an estimate are counted."""

EXAMPLES = examples(
    "splkit estimate ecg.edf --out answers",
    "splkit estimate ptbxl/records500 --out answers",
    "splkit estimate pairs.csv --out answers --model runs/ours/dscrnn_4k.tflite",
    "splkit estimate page.png --out answers",
)


@click.command("estimate", epilog=EXAMPLES)
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|FOLDER|TABLE...")
@click.option("--out", "out_dir", required=True, type=FOLDER, help="Folder of results.")
@click.option("--model", type=FILE, help="Int8 .tflite with its card [the bundled model].")
@click.option(
    "--board", "board_name", default="nrf52", show_default=True, help="Whose rate and counts are taken."
)
@click.option("--channel", help="Lead by name or number from 0, where no table names one [the model's].")
@rate_option
@labels_option
@spread_options
@click.option("--force", is_flag=True, help="Begin anew: answer again what is done.")
@json_option
def command(
    inputs: tuple[str, ...],
    out_dir: Path,
    model: Path | None,
    board_name: str,
    channel: str | None,
    ecg_fs_hz: float | None,
    labels: str | None,
    workers: "Workers",
    force: bool,
    as_json: bool,
) -> None:
    """Answer ECGs with a model, as a device would.

    An input is a recording of any format that splkit reads, a page of paper, a folder of recordings, or a
    table: a CSV file with the column record, and patient, potassium_meq_l and channel where they are known.
    estimates.csv has a row for each ECG, answers.csv a row for each answer. If the table has potassium,
    measures.csv has R2, MAE, AUC and more with their intervals, and three pictures show them. An ECG that is
    done is not done again, unless --force is given. docs/estimate.md says what each column means.

    Exit status: 0 every ECG has an estimate, 3 some ECG has none, 4 some file was not read, 2 something must
    be corrected before any file is read.
    """
    from splkit import boards
    from splkit.files import place_taken
    from splkit.folders import own_place
    from splkit.quantize.estimates.inputs import find_ecgs
    from splkit.quantize.estimates.outputs import Answered, check_place, write_tables
    from splkit.quantize.estimates.work import Way, estimator_of
    from splkit.quantize.reference import reference_model

    place = own_place(out_dir, "the folder of results")
    path = model or reference_model()
    card, board = estimator_of(path).card, boards.load(board_name)
    front_end = card.front_end(board.ecg.fs_hz, board.ecg.uv_per_count)
    check_place(place)
    asked = find_ecgs(inputs, place, channel)
    way = Way(path, front_end, ecg_fs_hz)
    with place_taken(place / "estimates"):
        results, kept = _answer(asked, way, place, workers, force)
        answered = Answered(asked, results, card, "simulated" if labels == "simulated" else "measured")
        with progress("tables and pictures", None):
            summary = write_tables(place, answered)
    if as_json:
        rows = [each.model_dump(exclude={"said"}) for each in results]
        print_json(json.dumps(summary | {"done_before": kept, "results": rows}, indent=2))
    else:
        _print(answered, summary, kept, out_dir)
    counts = answered.counts
    sys.exit(EXIT_FAILED if counts["failed"] else EXIT_NONE if counts["none"] else 0)


def _answer(
    asked: "Asked", way: "Way", place: Path, workers: "Workers", force: bool
) -> tuple[list["EcgResult"], int]:
    """The result of each requested ECG, and how many were done before."""
    from splkit.quantize.estimates.run import answer_all, key_of
    from splkit.quantize.estimates.work import estimator_of

    recordings = [each for each in asked.ecgs if not each.is_page]
    pages = [each for each in asked.ecgs if each.is_page]
    found, kept = {}, 0
    total = len({key_of(each) for each in asked.ecgs})
    with progress("ECGs", total) as advance:
        try:
            for result, was_kept in answer_all(recordings, way, place, workers=workers, force=force):
                found[key_of(result)] = result
                kept += was_kept
                advance(1)
        except Interrupted:
            err.print(f"{len(found)} of {total} ECGs are done and kept; the same command goes on")
            raise
        if pages:
            from splkit.commands.estimate_pages import answer_pages

            estimator = estimator_of(way.model)
            for result in answer_pages(
                pages, estimator, place, workers=workers, force=force, advance=advance
            ):
                found[key_of(result)] = result
    return [found[key_of(each)] for each in asked.ecgs], kept


def _print(answered: "Answered", summary: dict[str, Any], kept: int, out_dir: Path) -> None:
    card, results = answered.card, answered.results
    if len(results) <= SHOWN:
        _print_each(answered)
    counts, before = answered.counts, f"; {kept} of them were done before" if kept else ""
    out.print(
        f"{len(results)} ECG{'s' if len(results) != 1 else ''}: {counts['estimate']} with an estimate, "
        f"{counts['none']} without, {counts['failed']} not read{before}"
    )
    if answered.asked.left_out:
        out.print(f"left out, no ECGs by their names: {len(answered.asked.left_out)} files of the folders")
    for doubt in answered.doubts[:SHOWN]:
        err.print(f"not compared: {doubt}", soft_wrap=True)
    if len(answered.doubts) > SHOWN:
        err.print(f"not compared: {len(answered.doubts) - SHOWN} more")
    if summary["measures"]:
        _print_measures(answered, summary)
    elif any(answered.asked.rows) and card.task != "potassium":
        out.print(f"nothing is compared: the model answers a {card.task}, and no SPL in mEq/L")
    elif any(answered.asked.rows):
        out.print("nothing is compared: no ECG of a table has an estimate and a potassium_meq_l of its row")
    out.print(
        f"by {card.name}, trained on {card.trained_on}. For research; not a medical device", soft_wrap=True
    )
    out.print(f"wrote {out_dir}", soft_wrap=True)


def _print_each(answered: "Answered") -> None:
    card = answered.card
    what = card.unit if card.task != "probability" else f"chance of {card.positive_spl_meq_l:g} mEq/L or more"
    table = new_table("ECG", what, "interval", "risk at 5.5, 6.5", "cycles", "", wraps=("ECG", ""))
    for ecg, each in zip(answered.asked.ecgs, answered.results, strict=True):
        value = "" if each.value is None else f"{each.value:.2f}"
        interval = "" if each.low is None or each.high is None else f"{each.low:.2f} to {each.high:.2f}"
        risks = ", ".join(f"{risk:.1%}" for risk in each.risks)
        cycles = (
            f"{each.answers} x {each.beats_averaged}" if each.answers > 1 else f"{each.beats_averaged or ''}"
        )
        table.add_row(ecg.name, value, interval, risks, cycles, each.message or each.note)
    out.print(table)


def _print_measures(answered: "Answered", summary: dict[str, Any]) -> None:
    ecgs, patients = summary["compared_ecgs"], summary["compared_patients"]
    out.print(f"compared: {ecgs:,} of {answered.labelled:,} ECGs with potassium, of {patients:,} patients")
    meant = summary["interval_percent"]
    interval = f"; the interval is meant to hold {meant} % of the truth" if meant else ""
    out.print(f"{answered.source}{interval}", soft_wrap=True)
    table = new_table("", "", "95 %")
    for each in summary["measures"]:
        if each["value"] is None:
            table.add_row(each["name"], "not defined", "")
            continue
        unit = each["unit"] and f" {each['unit']}"
        interval = "" if each["low"] is None else f"{each['low']:.3f} to {each['high']:.3f}"
        table.add_row(each["name"], f"{each['value']:.3f}{unit}", interval)
    out.print(table)
    if answered.unnamed:
        out.print(f"{answered.unnamed} rows name no patient: each counts as a patient of its own")
