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
from splkit.needs import NEEDS, Package, Program, mending_command

EXIT_MISSING = 2

EXAMPLES = examples(
    "splkit doctor",
    "splkit doctor --json",
)


@click.command("doctor", epilog=EXAMPLES)
@json_option
def command(as_json: bool) -> None:
    """Say which tools and packages are here, and how to get the rest.

    The table says what each is for. The command below it installs what is missing. Exit status 2 if export,
    build or verify cannot work here.
    """
    findings = [(need, need.find()) for need in NEEDS]
    lacking = [need for need, found in findings if not found or need.problem(found)]
    required, others = (mending_command(n for n in lacking if n.required is kind) for kind in (True, False))
    if as_json:
        here = {"splkit": __version__, "python": platform.python_version()}
        mending = {"mend_required": required, "mend_others": others}
        facts = [_facts(need, found) for need, found in findings]
        print_json(json.dumps(here | {"needs": facts} | mending, indent=2))
    else:
        out.print(f"splkit {__version__}, Python {platform.python_version()}")
        table = new_table("tool", "for", "found", wraps=("for", "found"))
        for need, found in findings:
            table.add_row(need.name, need.purpose, _state(need, found))
        out.print(table)
        _print_mending(required, others)
    if any(need.required and not found for need, found in findings):
        sys.exit(EXIT_MISSING)


def _print_mending(required: str, others: str) -> None:
    """Prints the command that installs what export, build and verify need, and the one for the rest."""
    if required:
        out.print(styled("needed:", "red").append_text(styled(f" {required}")), soft_wrap=True)
    if others:
        out.print(styled("the rest:", "yellow").append_text(styled(f" {others}")), soft_wrap=True)


def _facts(need: Program | Package, found: str) -> dict[str, str | bool]:
    return asdict(need) | {"install": need.install, "found": found, "problem": need.problem(found)}


def _state(need: Program | Package, found: str) -> Text:
    """The table's text for a finding."""
    if not found:
        return styled("missing", "red" if need.required else "yellow").append_text(styled(_way(need)))
    if problem := need.problem(found):
        return styled(f"{found}, {problem}", "yellow").append_text(styled(_way(need)))
    return styled(found)


def _way(need: Program | Package) -> str:
    """Which extra installs it, or what to do by hand. Debian packages are in the command below the table."""
    if isinstance(need, Package):
        return f" (extra {need.extra})"
    return f": {need.by_hand}" if need.by_hand else ""
