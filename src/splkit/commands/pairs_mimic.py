"""`splkit pairs mimic`."""

from pathlib import Path

import click

from splkit.commands.options import FILE, FOLDER, examples
from splkit.commands.pairs_report import (
    check_option,
    checked,
    how_option,
    refuse_bad_input,
    report_options,
    tell,
    urls_option,
    within_option,
)
from splkit.console import progress
from splkit.errors import UsageError

EXAMPLES = examples(
    "splkit pairs mimic --how",
    "splkit pairs mimic --ecg mimic-ecg --labs hosp/labevents.csv.gz --out pairs.csv --urls urls.txt",
    "splkit pairs mimic --ecg mimic-ecg-demo --labs labevents.csv.gz --out near.csv --within 15 --check",
)


@click.command("mimic", epilog=EXAMPLES)
@click.option(
    "--ecg", "ecg_dir", required=True, type=FOLDER, help="MIMIC-IV-ECG or its demo: holds record_list.csv."
)
@click.option("--labs", required=True, type=FILE, help="labevents.csv.gz of MIMIC-IV's hosp, packed or not.")
@click.option("--out", "table", required=True, type=FILE, help="CSV file to write.")
@within_option(60, "Time between ECG and blood test at most, either way")
@click.option("--keep-hemolysed", is_flag=True, help="Take blood tests whose comment says hemolysed, too.")
@check_option
@click.option("--channel", default="V5", help="Lead to train on, which --check looks for [V5].")
@urls_option
@report_options
@how_option("HOW_MIMIC")
def command(
    ecg_dir: Path,
    labs: Path,
    table: Path,
    within: int,
    keep_hemolysed: bool,
    check: bool,
    channel: str,
    urls: Path | None,
    strict: bool,
    force: bool,
    as_json: bool,
) -> None:
    """MIMIC-IV and its open demo.

    Every ECG gets the blood potassium that was drawn nearest to it in time. Blood tests are left out and
    counted if they have no number, are outside 1 to 12 mEq/L or in another unit, or if a comment says
    hemolysed. The table has the columns record (relative to its folder), patient, potassium_meq_l and
    minutes_apart (test minus ECG).
    """
    from splkit.files import taking, write_all
    from splkit.train.sources.mimic import addresses, labs_table, pair_mimic, records_table
    from splkit.train.sources.pairing import pairs_table

    own = (labs.resolve(), records_table(ecg_dir).path.resolve())
    if any(path and path.resolve() in own for path in (table, urls)):
        raise UsageError(
            "the pairs go beside MIMIC-IV's own tables", found=str(table), next_step="name another file"
        )
    with taking(table, urls, force=force):
        with progress(f"reading {labs}, MB", labs_table(labs).megabytes) as advance:
            pairing = pair_mimic(ecg_dir, labs, within, advance, keep_hemolysed=keep_hemolysed)
        if check:
            pairing = checked(pairing, channel)
        refuse_bad_input(pairing, strict)
        made = {table: pairs_table(table, pairing)}
        if urls:
            made[urls] = "".join(f"{line}\n" for line in addresses(pairing)).encode()
        write_all(made)
    tell(table, pairing, as_json=as_json, channel=channel, run="runs/mimic")
