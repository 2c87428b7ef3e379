"""`splkit sample`."""

import json
from pathlib import Path

import click

from splkit.commands.options import (
    FOLDER,
    PATIENTS,
    examples,
    force_option,
    json_option,
    print_json,
    print_next,
)
from splkit.console import out

EXAMPLES = examples(
    "splkit sample data",
    "splkit sample data --patients 40",
    "splkit detect sample --plot peaks.png     # needs no file",
)


@click.command("sample", epilog=EXAMPLES)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--patients", type=PATIENTS, default=24, show_default=True, help="ECGs beside the sample.")
@force_option
@json_option
def command(folder: Path, patients: int, force: bool, as_json: bool) -> None:
    """Write ECGs and a table of potassium to try splkit on. All of them are simulated.

    DIR gets sample.csv (two minutes of one patient), ecgs/ (half a minute of each of the others),
    potassium.csv, a table such as a laboratory keeps (file, person, potassium in mmol/L), and about.txt, the
    licence.
    """
    from splkit.ecg.simulator.sample import SAMPLE, TABLE, write_samples
    from splkit.files import require_free

    for name in (SAMPLE, TABLE):
        require_free(folder / name, force)
    files = write_samples(folder, patients)
    if as_json:
        print_json(json.dumps({"files": [str(path) for path in files], "potassium": "simulated"}, indent=2))
        return
    out.print(f"wrote {folder}: {SAMPLE}, {TABLE} and {patients} ECGs in ecgs/")
    out.print("all of it is simulated: it shows how splkit is used, and nothing about patients")
    print_next("splkit", "detect", folder / SAMPLE)
