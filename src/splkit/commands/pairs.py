"""`splkit pairs`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from splkit.commands.options import (
    FILE,
    FOLDER,
    Whole,
    examples,
    force_option,
    json_option,
    print_json,
    print_next,
)
from splkit.console import out, progress
from splkit.errors import UsageError

if TYPE_CHECKING:
    from splkit.train.mimic_pairs import Pairing

EXAMPLES = examples(
    "splkit pairs --ecg mimic-iv-ecg --labs mimiciv/hosp/labevents.csv.gz --out pairs.csv",
    "splkit pairs --ecg mimic-iv-ecg --labs labevents.csv --out near.csv --within 15 --json",
)


@click.command("pairs", epilog=EXAMPLES)
@click.option("--ecg", "ecg_dir", required=True, type=FOLDER, help="MIMIC-IV-ECG: holds record_list.csv.")
@click.option("--labs", required=True, type=FILE, help="labevents.csv.gz of MIMIC-IV's hosp, packed or not.")
@click.option("--out", "table", required=True, type=FILE, help="CSV file to write.")
@click.option(
    "--within",
    type=Whole(0, 10_080, "a blood test a week away says nothing of an ECG"),
    metavar="MINUTES",
    default=60,
    help="Time between ECG and blood test at most, either way [60].",
)
@click.option("--keep-hemolysed", is_flag=True, help="Take blood tests whose comment says hemolysed, too.")
@force_option
@json_option
def command(
    ecg_dir: Path, labs: Path, table: Path, within: int, keep_hemolysed: bool, force: bool, as_json: bool
) -> None:
    """Pair the ECGs of MIMIC-IV with blood tests, for training.

    Every ECG gets the potassium in blood that was drawn nearest to it. Blood tests without a number, outside
    1 to 12 mEq/L, in another unit, or hemolysed by their comment are left out and counted. The table has the
    columns record (relative to its folder), patient, potassium_meq_l and minutes_apart (test minus ECG).
    """
    from splkit.files import taking
    from splkit.train.mimic import pair_mimic
    from splkit.train.mimic_pairs import write_pairs
    from splkit.train.mimic_tables import labs_table, records_table

    if table.resolve() in (labs.resolve(), records_table(ecg_dir).path.resolve()):
        raise UsageError(
            "the pairs go beside MIMIC-IV's own tables", found=str(table), next_step="name another file"
        )
    with taking(table, force=force):
        with progress(f"reading {labs}, MB", labs_table(labs).megabytes) as advance:
            pairing = pair_mimic(ecg_dir, labs, within, advance, keep_hemolysed=keep_hemolysed)
        write_pairs(table, pairing)
    if as_json:
        print_json(json.dumps(_facts(table, pairing), indent=2))
        return
    _print(table, pairing)
    print_next("splkit", "train", "--pairs", table, "--channel", "V5", "--out", "runs/mimic")


def _facts(table: Path, pairing: "Pairing") -> dict[str, object]:
    return {
        "table": str(table),
        "ecgs": pairing.ecgs,
        "patients": pairing.patients,
        "tests": pairing.tests,
        "pairs": len(pairing.pairs),
        "paired_patients": pairing.paired_patients,
        "missing_records": pairing.missing_records,
        "left_out": pairing.left_out,
        "potassium": pairing.potassium._asdict(),
    }


def _print(table: Path, pairing: "Pairing") -> None:
    out.print(
        f"{table}: {len(pairing.pairs):,} pairs of {pairing.paired_patients:,} patients, out of "
        f"{pairing.ecgs:,} ECGs of {pairing.patients:,} patients and their {pairing.tests:,} blood tests",
        soft_wrap=True,
    )
    mean, sd, high = pairing.potassium
    out.print(f"potassium {mean:.2f} +- {sd:.2f} mEq/L (mean +- SD), {high:.1%} at 5.5 mEq/L or more")
    for why, count in pairing.left_out.items():
        out.print(f"  left out: {count:,} {why.text}")
    if pairing.missing_records:
        out.print(f"  still to be fetched: {pairing.missing_records:,} records, which are not in the folder")
