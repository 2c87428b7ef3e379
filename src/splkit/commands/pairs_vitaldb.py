"""`splkit pairs vitaldb`."""

from dataclasses import replace
from pathlib import Path

import click

from splkit.commands.options import FILE, FOLDER, Whole, examples
from splkit.commands.pairs_report import how_option, refuse_bad_input, report_options, tell, within_option
from splkit.console import out, progress
from splkit.errors import UsageError

EXAMPLES = examples(
    "splkit pairs vitaldb --how",
    "splkit pairs vitaldb --data vitaldb --urls urls.txt",
    "splkit pairs vitaldb --data vitaldb --out vitaldb-pairs --within 5 --seconds 30 --json",
)


@click.command("vitaldb", epilog=EXAMPLES)
@click.option(
    "--data", required=True, type=FOLDER, help="Folder of cases, labs and trks, with the tracks beside."
)
@click.option("--out", "folder", type=FOLDER, help="Folder to make: pairs.csv, and a WFDB record a pair.")
@click.option(
    "--urls", type=FILE, help="Write the addresses of the ECGs that are still to be fetched, and end."
)
@click.option("--lead", type=click.Choice(["II", "V5"]), default="II", help="Lead to cut [II].")
@click.option(
    "--seconds",
    type=Whole(15, 3600, "the front end learns for 2 s and then needs 8 beats; an hour is a recording"),
    default=20,
    help="Length of each stretch of ECG [20].",
)
@within_option(15, "Time between the middle of a stretch and its blood test at most, either way")
@report_options
@how_option("HOW_VITALDB")
def command(
    data: Path,
    folder: Path | None,
    urls: Path | None,
    lead: str,
    seconds: int,
    within: int,
    strict: bool,
    force: bool,
    as_json: bool,
) -> None:
    """VitalDB: hours of lead II, open.

    An operation has several blood tests. For each potassium value, the nearest stretch of ECG that gives a
    mean of 8 beats is cut and written as a WFDB record. A patient who was operated on twice is one patient.
    """
    from splkit.files import taking, write_whole
    from splkit.folders import new_folder, own_place
    from splkit.made import list_made, made
    from splkit.train.sources.pairing import pairs_table
    from splkit.train.sources.vitaldb import cut_vitaldb, read_vitaldb

    if (folder is None) == (urls is None):
        raise UsageError(
            "a command makes pairs, or lists what to fetch",
            found="--out and --urls" if folder else "neither --out nor --urls",
            next_step="give one of them",
        )
    tables = read_vitaldb(data, lead, within)
    if urls is not None:
        with taking(urls, force=force):
            write_whole(urls, "".join(f"{line}\n" for line in tables.addresses).encode())
        cases = len(tables.cases)
        out.print(f"{urls}: {len(tables.addresses):,} ECGs to fetch, of {cases:,} operations with a test")
        return
    assert folder is not None
    table = folder / "pairs.csv"
    with new_folder(own_place(folder, "a set of pairs"), "a set of pairs", force=force, known=made) as stage:
        with progress("cutting ECGs", len(tables.cases)) as advance:
            pairing = cut_vitaldb(tables, stage, seconds, within, advance)
        refuse_bad_input(pairing, strict)
        write_whole(stage / table.name, pairs_table(stage / table.name, pairing))
        list_made(stage)
    tell(table, replace(pairing, records_dir=folder), as_json=as_json, channel=None, run="runs/vitaldb")
