"""`splkit pairs`, with one subcommand for each source."""

import shlex
from importlib import import_module

import click

from splkit.commands.options import examples
from splkit.errors import UsageError

SOURCES = ("mimic", "vitaldb", "csv", "cycles")

EXAMPLES = examples(
    "splkit pairs mimic --how",
    "splkit pairs mimic --ecg mimic-ecg-demo --labs labevents.csv.gz --out pairs.csv",
    "splkit pairs csv hospital.csv --record file --patient id --potassium K --out pairs.csv",
)


class _Sources(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        return list(SOURCES)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] in ("--ecg", "--labs"):  # how splkit 0.1.0 was called
            raise UsageError(
                "pairs come from a source that is named first",
                found=args[0],
                next_step=f"splkit pairs mimic {shlex.join(args)}",
            )
        return super().parse_args(ctx, args)


@click.group("pairs", cls=_Sources, epilog=EXAMPLES)
def command() -> None:
    """Pair real ECGs with blood tests, for training.

    Each source becomes one table: record, patient, potassium_meq_l. Nothing is downloaded; --how says what to
    fetch. Rows that cannot be used are left out and counted, and the first of each kind is named. With
    --strict, a bad row ends the command.
    """


for _source in SOURCES:
    command.add_command(import_module(f"splkit.commands.pairs_{_source}").command)
