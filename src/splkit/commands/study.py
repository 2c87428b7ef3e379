"""`splkit study`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from splkit.commands.options import (
    EPOCHS,
    FILE,
    FOLDER,
    PATIENTS,
    SEED,
    WORKERS,
    Whole,
    channel_option,
    examples,
    json_option,
    print_json,
)
from splkit.console import err, out, progress
from splkit.errors import UsageError
from splkit.interrupts import Interrupted

if TYPE_CHECKING:
    from splkit.study.work import Done

EXIT_LEFT_OUT = 3
NAMES = ("networks", "curves", "classifier", "leads", "windows", "sizes", "convolutions")
EXAMPLES = examples(
    "splkit study --out study --quick",
    "splkit study --out study",
    "splkit study leads sizes --out study --seed 2",
    "splkit study networks --out ours --table pairs.csv --channel V5",
)


@click.command("study", epilog=EXAMPLES)
@click.argument("names", nargs=-1, metavar="[NAME]...", type=click.Choice(NAMES))
@click.option("--out", "folder", required=True, type=FOLDER, help="Folder of the study.")
@click.option("--quick", is_flag=True, help="Few patients, epochs and folds: under 10 minutes on two cores.")
@click.option(
    "--table", type=FILE, help="Real ECGs with blood tests, as `splkit pairs` writes them [simulated]."
)
@channel_option
@click.option("--seed", type=SEED, default=1, show_default=True, help="Of patients and weights.")
@click.option(
    "--folds",
    type=Whole(1, 5, "a fold is a fifth of the patients"),
    help="Fifths of the patients that are tested [5; 2 with --quick].",
)
@click.option("--patients", type=PATIENTS, help="Simulated patients [8000; 300 with --quick].")
@click.option("--epochs", type=EPOCHS, help="Of every training [20; 8 with --quick].")
@click.option(
    "--workers",
    type=WORKERS,
    help="Trainings at once, which changes no number [one a core; 1 on GPUs, which one training fills].",
)
@json_option
def command(
    names: tuple[str, ...],
    folder: Path,
    quick: bool,
    table: Path | None,
    channel: str | None,
    seed: int,
    workers: int | None,
    as_json: bool,
    **given: int | None,
) -> None:
    """Compare networks, leads, sizes in one report.

    NAME is an experiment: networks, curves, classifier, leads, windows, sizes, convolutions; all of them by
    default. The folder gets report.html, which needs no network, csv/ with the numbers behind every table and
    figure, and runs/ with a run folder for each training. After an interruption, the same command continues
    the work.

    Exit status: 0 all was done, 3 something could not be done (the report says what and why), 2 something
    must be corrected first.
    """
    from splkit.study.config import StudyConfig
    from splkit.study.study import REPORT, run_study, study_steps, summary

    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    _check(table, channel, changes)
    config = StudyConfig.of(table, channel, quick=quick, seed=seed, **changes)
    asked = names or NAMES
    with progress("study", study_steps(asked, config, folder)) as advance:
        try:
            studied = run_study(asked, config, folder, advance, _tell, workers=workers)
        except (KeyboardInterrupt, Interrupted):
            err.print("finished trainings and whole epochs are kept: the same command goes on")
            raise
    if as_json:
        print_json(json.dumps(summary(studied), indent=2))
    else:
        out.print(f"{config.origin}. For research; not a medical device")
        out.print(f"wrote {folder / REPORT}", soft_wrap=True)
    sys.exit(EXIT_LEFT_OUT if studied.left_out else 0)


def _check(table: Path | None, channel: str | None, changes: dict[str, Any]) -> None:
    if table is None and channel:
        raise UsageError(
            "--channel chooses among the leads of real ECGs",
            found="no --table",
            next_step="name them with --table",
        )
    if table is not None and "patients" in changes:
        raise UsageError(
            "real ECGs have the patients that they have",
            found="--table and --patients",
            next_step="leave one out",
        )


def _tell(done: "Done") -> None:
    """Prints a line for each piece of work, whether or not a terminal shows a bar."""
    state = "done before" if done.was_kept else f"not done: {done.failure}" if done.failure else "done"
    left = "" if done.left_s is None else f", about {_in_words(done.left_s)} left"
    err.print(f"{done.number} of {done.of}: {done.name} {state}{left}", soft_wrap=True)


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
