"""Options that state what a model's answer means."""

from collections.abc import Callable
from functools import wraps
from typing import Any, get_args

import click

from splkit.commands.options import Number
from splkit.ecg.frontend import AveragedCycles, InputName

_FIELDS = (
    "task", "unit", "plausible", "offset", "positive_spl_meq_l", "alert_threshold", "lead",
    "input", "averaged_cycles",
)  # fmt: skip


def contract_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options to a command. The command gets those that the user gave as the dict `stated`."""

    @wraps(command)
    def with_contract(**options: Any) -> Any:
        stated = {name: options.pop(name) for name in _FIELDS}
        given = {name: value for name, value in stated.items() if value is not None}
        if "plausible" in given:
            low, high = given["plausible"]
            given["plausible"] = {"low": low, "high": high}
        return command(**options, stated=given)

    function: Callable[..., Any] = with_contract
    for option in (
        click.option(
            "--averaged-cycles",
            type=click.Choice([str(count) for count in get_args(AveragedCycles)]),
            callback=lambda _context, _option, value: value and int(value),
            help="Accepted cycles in a mean, as in training [8].",
        ),
        click.option(
            "--input",
            type=click.Choice(get_args(InputName)),
            help="What it reads of an accepted beat, as in training [cycle].",
        ),
        click.option("--lead", help="ECG lead that the model was trained on, such as V5."),
        click.option(
            "--alert-threshold",
            type=Number(0, 1, "it is a probability", min_open=True, max_open=True),
            help="Of a probability: from which on an answer is positive.",
        ),
        click.option(
            "--positive-spl",
            "positive_spl_meq_l",
            type=Number(1, 12, "outside no blood test is believed"),
            help="Of a probability: SPL from which on a patient is positive, mEq/L.",
        ),
        click.option(
            "--offset",
            "--spl-offset",
            "offset",
            type=Number(-1e6, 1e6, "micro-equivalents a litre of them fit 32 bits"),
            help="Added to the network's output, mEq/L for potassium.",
        ),
        click.option(
            "--plausible",
            type=Number(-1e6, 1e6, "micro-equivalents a litre of them fit 32 bits"),
            nargs=2,
            help="LOW HIGH: an answer outside is no estimate [2 10 for potassium].",
        ),
        click.option("--unit", help="Of another task's answer."),
        click.option(
            "--task",
            type=click.Choice(["potassium", "probability", "other"]),
            help="Of a model without a card: SPL, the probability of a high SPL, or another number.",
        ),
    ):
        function = option(function)
    return function
