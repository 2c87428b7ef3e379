"""`splkit pairs csv`."""

from pathlib import Path

import click

from splkit.commands.options import FILE, FOLDER, examples
from splkit.commands.pairs_report import (
    check_option,
    checked,
    refuse_bad_input,
    report_options,
    tell,
    unit_option,
    within_option,
)
from splkit.console import progress
from splkit.errors import UsageError

EXAMPLES = examples(
    "splkit pairs csv hospital.csv --record file --patient id --potassium K --out pairs.csv",
    "splkit pairs csv labor.csv --delimiter ';' --decimal-comma --unit mmol/L --out pairs.csv --check",
    "splkit pairs csv k.csv --ecg-time recorded --test-time drawn --within 30 --out pairs.csv --json",
)


def _one_character(_context: click.Context, _param: click.Parameter, value: str) -> str:
    value = {"tab": "\t", "\\t": "\t"}.get(value, value)
    if len(value) != 1:
        raise click.BadParameter(f"{value!r} is not one character, nor `tab`.")
    return value


@click.command("csv", epilog=EXAMPLES)
@click.argument("source", metavar="TABLE", type=FILE)
@click.option("--out", "table", required=True, type=FILE, help="CSV file to write.")
@click.option(
    "--records",
    "records_dir",
    type=FOLDER,
    help="Folder that records are seen from; the table's own by default.",
)
@click.option("--record", default="record", help="Column of the ECG's file [record].")
@click.option("--patient", default="patient", help="Column of the patient [patient].")
@click.option("--potassium", default="potassium_meq_l", help="Column of the value [potassium_meq_l].")
@click.option("--lead-column", help="Column of the lead.")
@click.option("--unit-column", help="Column of the unit, where rows differ.")
@unit_option
@click.option("--decimal-comma", is_flag=True, help="4,9 is 4.9; otherwise it is left out.")
@click.option(
    "--delimiter", callback=_one_character, default=",", help="Character between fields, or `tab` [,]."
)
@click.option("--ecg-time", help="Column of the time of the ECG.")
@click.option("--test-time", help="Column of the time when blood was drawn.")
@click.option("--time-format", help="Such as '%d.%m.%Y %H:%M'; ISO 8601 by default.")
@within_option(60, "Time between ECG and blood test at most, either way")
@check_option
@click.option("--channel", help="Lead that --check looks for in rows without one; by default the first ECG.")
@report_options
def command(
    source: Path,
    table: Path,
    records_dir: Path | None,
    record: str,
    patient: str,
    potassium: str,
    lead_column: str | None,
    unit_column: str | None,
    unit: str,
    decimal_comma: bool,
    delimiter: str,
    ecg_time: str | None,
    test_time: str | None,
    time_format: str | None,
    within: int,
    check: bool,
    channel: str | None,
    strict: bool,
    force: bool,
    as_json: bool,
) -> None:
    """A table of your own, whose columns and units you name.

    A row is an ECG with its potassium. A row is left out and counted if its value is no number, a limit such
    as >10.0, in another unit or outside 1 to 12 mEq/L. It is also left out if a time cannot be read, or if
    only one of its two times has a time zone. If most values are out of range, the command ends, because the
    unit is then another one.
    """
    from splkit.files import taking, write_whole
    from splkit.train.sources.own_table import Columns, Reading, own_table, pair_own
    from splkit.train.sources.pairing import pairs_table

    if table.resolve() == source.resolve():
        raise UsageError(
            "the pairs go beside your own table", found=str(table), next_step="name another file"
        )
    columns = Columns(record, patient, potassium, lead_column, unit_column, ecg_time, test_time)
    reading = Reading(unit, decimal_comma, delimiter, time_format, within)
    with taking(table, force=force):
        with progress(f"reading {source}, MB", own_table(source, columns, reading).megabytes) as advance:
            pairing = pair_own(source, records_dir or source.parent, columns, reading, advance)
        if check:
            pairing = checked(pairing, channel)
        refuse_bad_input(pairing, strict)
        write_whole(table, pairs_table(table, pairing))
    tell(table, pairing, as_json=as_json, channel=channel, run="runs/ours")
