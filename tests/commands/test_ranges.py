"""Every number on the command line has a range with a reason; what lies outside ends the command with it."""

import math
from collections.abc import Iterator
from importlib import import_module

import click
import pytest
from pydantic import BaseModel, ValidationError

from splkit.commands import VERBS
from splkit.commands.options import Number, Whole
from splkit.train.config import FineTune, TrainConfig


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every verb, and every subcommand of one, by name."""
    for verb in VERBS:
        command = import_module(f"splkit.commands.{verb}").command
        yield verb, command
        for name, sub in getattr(command, "commands", {}).items():
            yield f"{verb} {name}", sub


NUMBERS = {
    f"{name} {option.opts[0]}": option
    for name, command in commands()
    for option in command.params
    if isinstance(option.type, click.types.IntParamType | click.types.FloatParamType)
}


def test_the_numbers_are_all_of_them() -> None:
    assert {"export --fs", "export --uv-per-count", "monitor --baud", "train --seed"} <= NUMBERS.keys()
    assert {"pairs mimic --within", "pairs vitaldb --seconds", "pairs cycles --label"} <= NUMBERS.keys()
    assert len(NUMBERS) >= 20


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_both_ends_and_a_reason(name: str) -> None:
    kind = NUMBERS[name].type
    assert isinstance(kind, Number | Whole)
    assert kind.min is not None and kind.max is not None and kind.min < kind.max
    assert len(kind.why.split()) >= 3


@pytest.mark.parametrize("name", NUMBERS)
def test_what_lies_outside_is_refused_with_the_reason(name: str) -> None:
    option = NUMBERS[name]
    kind = option.type
    assert isinstance(kind, Number | Whole)
    with click.Context(click.Command("verb")) as context:
        for value in (kind.min - 1, kind.max + 1):
            with pytest.raises(click.BadParameter, match="not in the range") as refused:
                kind.convert(str(value), option, context)
            assert kind.why.lower() in refused.value.message.lower()
        for text in ("nan", "inf", "-inf", "-1e308", "1e308", "x", ""):
            with pytest.raises(click.BadParameter):
                kind.convert(text, option, context)
        middle = (kind.min + kind.max) // 2 if isinstance(kind, Whole) else (kind.min + kind.max) / 2
        assert kind.convert(str(middle), option, context) == middle


@pytest.mark.parametrize(
    ("field", "option"),
    [("seed", "train --seed"), ("patients", "train --patients"), ("epochs", "train --epochs"),
     ("balance", "train --balance"), ("uv_per_count", "export --uv-per-count")],
)  # fmt: skip
def test_a_recipe_has_the_ranges_of_the_options(field: str, option: str) -> None:
    kind = NUMBERS[option].type
    assert isinstance(kind, Number | Whole)
    assert _ends(TrainConfig, field) == (kind.min, kind.max)


@pytest.mark.parametrize("model", [TrainConfig, FineTune])
def test_every_number_of_a_recipe_has_both_ends(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        if field.annotation in (int, float):
            low, high = _ends(model, name)
            with pytest.raises(ValidationError):
                model.model_validate({name: high + 1})
            with pytest.raises(ValidationError):
                model.model_validate({name: low - 1})


def _ends(model: type[BaseModel], name: str) -> tuple[float, float]:
    ends: dict[str, float] = {}
    for rule in model.model_fields[name].metadata:
        ends |= {end: getattr(rule, end) for end in ("ge", "gt", "le", "lt") if hasattr(rule, end)}
    return ends.get("ge", ends.get("gt", math.nan)), ends.get("le", ends.get("lt", math.nan))
