"""`splkit operators`."""

import json

import click

from splkit.commands.options import examples, json_option, print_json
from splkit.console import new_table, out
from splkit.errors import UsageError

EXAMPLES = examples(
    "splkit operators",
    "splkit operators CONV_2D LEAKY_RELU",
    "splkit operators --json",
)


@click.command("operators", epilog=EXAMPLES)
@click.argument("kinds", nargs=-1, metavar="[KIND]...")
@json_option
def command(kinds: tuple[str, ...], as_json: bool) -> None:
    """List the operators that can be compiled, with their limits.

    With KINDs only these are listed; exit status 2 if one of them cannot be compiled. `splkit check MODEL`
    checks a model against this list.
    """
    from splkit.codegen.operators.registry import ENTRIES, REGISTRY

    named = [kind.upper() for kind in kinds]
    unknown = [kind for kind in named if kind not in ENTRIES]
    if unknown:
        raise UsageError(
            "operators are named as in the schema, and are among those that splkit compiles",
            found=", ".join(unknown),
            next_step="splkit operators lists them",
        )
    entries = [each for each in REGISTRY if not named or set(each.kinds) & set(named)]
    if as_json:
        listed = [
            {"operator": kind, "types": each.types, "limits": each.limits}
            for each in entries
            for kind in each.kinds
            if not named or kind in named
        ]
        print_json(json.dumps(listed, indent=2))
        return
    table = new_table("operator", "types", "limits", wraps=("operator", "limits"))
    for each in entries:
        table.add_row(", ".join(each.kinds), ", ".join(each.types), each.limits)
    out.print(table)
