"""`splkit doctor`."""

import json
import platform
import sys
from dataclasses import asdict

import click
from rich.text import Text

from splkit import __version__
from splkit.commands.options import examples, json_option, print_json
from splkit.console import new_table, out, styled
from splkit.needs import NEEDS, Package, Program

EXIT_MISSING = 2

EXAMPLES = examples(
    "splkit doctor",
    "splkit doctor --json",
)


@click.command("doctor", epilog=EXAMPLES)
@json_option
def command(as_json: bool) -> None:
    """Say which tools and packages are here, and what each is for.

    Exit status 2 if export, build or verify cannot work here.
    """
    findings = [(need, need.find()) for need in NEEDS]
    if as_json:
        here = {"splkit": __version__, "python": platform.python_version()}
        print_json(json.dumps(here | {"needs": [_facts(need, found) for need, found in findings]}, indent=2))
    else:
        out.print(f"splkit {__version__}, Python {platform.python_version()}")
        table = new_table("tool", "for", "found", wraps=("for", "found"))
        for need, found in findings:
            table.add_row(need.name, need.purpose, _state(need, found))
        out.print(table)
    if any(need.required and not found for need, found in findings):
        sys.exit(EXIT_MISSING)


def _facts(need: Program | Package, found: str) -> dict[str, str | bool]:
    return asdict(need) | {"install": need.install, "found": found, "problem": need.problem(found)}


def _state(need: Program | Package, found: str) -> Text:
    """What the table says of a finding."""
    if not found:
        return styled("missing:", "red" if need.required else "yellow").append_text(
            styled(f" {need.install}")
        )
    if problem := need.problem(found):
        return styled(f"{found}, {problem}:", "yellow").append_text(styled(f" {need.install}"))
    return styled(found)
