"""`splkit pairs cycles`."""

from dataclasses import replace
from pathlib import Path

import click

from splkit.commands.options import FILE, FOLDER, Whole, examples
from splkit.commands.pairs_report import refuse_bad_input, report_options, tell, unit_option
from splkit.console import progress
from splkit.ecg.leads import TWELVE_LEADS
from splkit.errors import UsageError

EXAMPLES = examples(
    "splkit pairs cycles cycles.csv --patient 270 --out cycles",
    "splkit pairs cycles cycles.csv --each-a-patient --lead V3 --out cycles --json",
)

_COLUMN = Whole(0, 100_000, "columns are numbered from 0")


@click.command("cycles", epilog=EXAMPLES)
@click.argument("source", metavar="TABLE", type=FILE)
@click.option(
    "--out", "folder", required=True, type=FOLDER, help="Folder to make: pairs.csv, and a WFDB record a row."
)
@click.option("--patient", type=_COLUMN, metavar="COLUMN", help="Column of the patient, from 0.")
@click.option("--each-a-patient", is_flag=True, help="Every row is another patient's.")
@click.option(
    "--label", type=_COLUMN, metavar="COLUMN", default=274, help="Column of potassium, from 0 [274]."
)
@click.option("--lead", type=click.Choice(TWELVE_LEADS), default="V5", help="Lead of the cycles [V5].")
@unit_option
@report_options
def command(
    source: Path,
    folder: Path,
    patient: int | None,
    each_a_patient: bool,
    label: int,
    lead: str,
    unit: str,
    strict: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Cycles that were cut before.

    As in the thesis, columns 0 to 269 of a row are a cycle at 300 Hz with R at point 90, and column 274 is
    potassium. Each row becomes a WFDB record in which the cycle repeats, so that the board's front end cuts
    it again. Say which rows are from the same patient, or the same heart is trained on and tested.
    """
    from splkit.files import write_whole
    from splkit.folders import new_folder, own_place
    from splkit.made import list_made, made
    from splkit.train.sources.cycles_table import Layout, cut_cycles, rows_of
    from splkit.train.sources.pairing import pairs_table

    if (patient is None) != each_a_patient:
        raise UsageError(
            "whose a cycle is stands in a column, or every row is another patient's",
            found="both" if each_a_patient else "neither",
            next_step="give --patient COLUMN or --each-a-patient",
        )
    table = folder / "pairs.csv"
    with new_folder(own_place(folder, "a set of pairs"), "a set of pairs", force=force, known=made) as stage:
        with progress(f"reading {source}", rows_of(source)) as advance:
            pairing = cut_cycles(source, stage, Layout(patient, label, lead, unit), advance)
        refuse_bad_input(pairing, strict)
        write_whole(stage / table.name, pairs_table(stage / table.name, pairing))
        list_made(stage)
    tell(table, replace(pairing, records_dir=folder), as_json=as_json, channel=None, run="runs/cycles")
