"""`splkit check`."""

import json
from collections import Counter
from pathlib import Path

import click

from splkit.commands.options import FILE, examples, json_option, print_json, print_next
from splkit.console import out
from splkit.errors import ModelError

EXAMPLES = examples(
    "splkit check model.tflite",
    "splkit check model.tflite --json",
)


@click.command("check", epilog=EXAMPLES)
@click.argument("model", type=FILE)
@json_option
def command(model: Path, as_json: bool) -> None:
    """List everything that keeps a model from being compiled.

    For each tensor and operator that is refused, the list says which one it is, which rule it breaks, what
    was found, and what to do. Exit status 0 if `splkit compile` accepts the model, 2 if it does not.
    """
    from splkit.codegen.compile import compile_model
    from splkit.codegen.faults import faults
    from splkit.codegen.tflite_file.reader import model_bytes

    content = model_bytes(model)
    found = faults(content, model.name)
    compiled = compile_model(content, model.name) if not found else None
    if as_json:
        facts = {
            "model": model.name,
            "compiles": compiled is not None,
            "refused": [{"rule": e.rule, "found": e.found, "next_step": e.next_step} for e in found],
        }
        if compiled:
            facts |= {"macs": compiled.macs, "arena_bytes": compiled.arena_bytes}
        print_json(json.dumps(facts, indent=2))
    elif compiled:
        operators = len(compiled.graph.operators)
        out.print(
            f"{model.name} compiles: {operators} operators, {compiled.macs:,} multiply-accumulates, "
            f"arena {compiled.arena_bytes:,} B"
        )
        print_next("splkit", "compile", model, "--out", "compiled")
    else:
        _print(found)
    if found:
        raise ModelError(
            "a model compiles where nothing of it is refused",
            found=f"{len(found)} refusals in {model.name}",
            next_step="put these right, then check it again",
        )


def _print(found: list[ModelError]) -> None:
    """Prints each refusal on a line. Below, each next step stands once, with the number of its refusals."""
    for error in found:
        out.print(f"{error.rule}; found {error.found}", soft_wrap=True)
    out.print()
    for advice, count in Counter(error.next_step for error in found).most_common():
        out.print(f"{count} of them: {advice}", soft_wrap=True)
