"""Every number on the command line has a range with a reason; what lies outside ends the command with it."""

from importlib import import_module

import click
import pytest

from splkit.commands import VERBS
from splkit.commands.options import Number, Whole

NUMBERS = {
    f"{verb} {option.opts[0]}": option
    for verb in VERBS
    for option in import_module(f"splkit.commands.{verb}").command.params
    if isinstance(option.type, click.types.IntParamType | click.types.FloatParamType)
}


def test_the_numbers_are_all_of_them() -> None:
    assert {"export --fs", "export --uv-per-count", "monitor --baud", "train --seed"} <= NUMBERS.keys()
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
