"""Options and output that all sources of `splkit pairs` share."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from splkit.commands.options import FILE, Whole, force_option, json_option, print_json, print_next
from splkit.console import out, progress
from splkit.errors import UsageError

if TYPE_CHECKING:
    from splkit.train.sources.pairing import Pairing

strict_option = click.option(
    "--strict", is_flag=True, help="Make no table where anything had to be left out as bad input."
)
urls_option = click.option(
    "--urls", type=FILE, help="Write the addresses of the ECGs that are still to be fetched, one a line."
)
check_option = click.option(
    "--check",
    is_flag=True,
    help="Read every ECG; leave out those without the lead, or without 8 usable beats.",
)


unit_option = click.option(
    "--unit",
    type=click.Choice(["mEq/L", "mmol/L", "mg/dL"], case_sensitive=False),
    default="mEq/L",
    help="Unit of potassium [mEq/L].",
)


def within_option(default: int, text: str) -> Callable[..., Any]:
    """Adds --within MINUTES: the largest time between an ECG and its blood test."""
    kind = Whole(0, 10_080, "a blood test a week away says nothing of an ECG")
    help_text = f"{text} [{default}]."
    return click.option("--within", type=kind, metavar="MINUTES", default=default, help=help_text)


def how_option(name: str) -> Callable[..., Any]:
    """Adds --how. It prints the text `name` of `splkit.train.sources.releases`, and ends the command."""

    def show(context: click.Context, _param: click.Parameter, asked: bool) -> None:
        from splkit.train.sources import releases

        if asked and not context.resilient_parsing:
            out.print_document(getattr(releases, name))
            context.exit()

    return click.option(
        "--how",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help="Print what to fetch and from where, and end.",
    )


def report_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options for how the table is made and reported."""
    for option in (json_option, force_option, strict_option):
        function = option(function)
    return function


def checked(pairing: "Pairing", channel: str | None) -> "Pairing":
    """The pairs with an ECG that can be used. Shows a progress bar."""
    from splkit.train.sources.usable import only_usable

    with progress("reading ECGs", len(pairing.pairs)) as advance:
        return only_usable(pairing, channel, advance)


def refuse_bad_input(pairing: "Pairing", strict: bool) -> None:
    """Raises `UsageError` if `strict` is True and the source has bad input."""
    bad = [why for why in pairing.left_out if why.is_bad_input]
    if strict and bad:
        raise UsageError(
            "with --strict nothing is left out as bad input",
            found="; ".join(
                line for why, line in zip(pairing.left_out, pairing.tally.lines, strict=True) if why in bad
            ),
            next_step="mend the source, or leave --strict out",
        )


def tell(table: Path, pairing: "Pairing", *, as_json: bool, channel: str | None, run: str) -> None:
    """Prints what was found, in words or as JSON, and the command that trains on it."""
    if as_json:
        print_json(json.dumps(_facts(table, pairing), indent=2))
        return
    mean, sd, high = pairing.potassium
    out.print(
        f"{table}: {len(pairing.pairs):,} pairs of {pairing.paired_patients:,} patients, out of "
        f"{pairing.ecgs:,} ECGs of {pairing.patients:,} patients and their {pairing.tests:,} blood tests",
        soft_wrap=True,
    )
    if pairing.source:
        out.print(f"  source: {pairing.source}", soft_wrap=True)
    out.print(f"potassium {mean:.2f} +- {sd:.2f} mEq/L (mean +- SD), {high:.1%} at 5.5 mEq/L or more")
    for line in pairing.tally.lines:
        out.print(f"  left out: {line}", soft_wrap=True)
    if missing := pairing.to_fetch:
        out.print(f"  still to be fetched: {missing:,} records, which are not in the folder")
    lead = ["--channel", channel] if channel else []
    print_next("splkit", "train", "--pairs", table, *lead, "--out", run)


def _facts(table: Path, pairing: "Pairing") -> dict[str, object]:
    return {
        "table": str(table),
        "source": pairing.source,
        "ecgs": pairing.ecgs,
        "patients": pairing.patients,
        "tests": pairing.tests,
        "pairs": len(pairing.pairs),
        "paired_patients": pairing.paired_patients,
        "missing_records": pairing.to_fetch,
        "left_out": pairing.left_out,
        "first_left_out": {why: pairing.tally.first[why] for why in pairing.left_out},
        "potassium": pairing.potassium._asdict(),
    }
