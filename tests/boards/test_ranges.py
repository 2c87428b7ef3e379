"""Every number of a board.toml has a range with a reason, and what lies outside is refused by name."""

import copy
import math
import tomllib
from typing import Any, Literal, get_args, get_origin

import pytest
from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from support.hostile_texts import TEXTS

from splkit import boards
from splkit.boards import Board
from splkit.boards.catalogue import _table, _why
from splkit.errors import BoardError


def fields(model: type[BaseModel], place: tuple[str, ...] = ()) -> dict[tuple[str, ...], FieldInfo]:
    """All fields of a description, by their place in it; those of tables in their stead."""
    found: dict[tuple[str, ...], FieldInfo] = {}
    for name, field in model.model_fields.items():
        table = _table(model, name)
        found |= fields(table, (*place, name)) if table else {(*place, name): field}
    return found


def whole(name: str = "nrf52") -> dict[str, Any]:
    """A description with every table but one of the two front ends."""
    facts = tomllib.loads((boards.folder(name) / "board.toml").read_text("utf-8"))
    if name != "nrf52":
        return facts
    facts["supply"] = {"battery_low_mv": 2400}
    facts["flashing"]["uf2_family"] = facts["flashing"]["chip_id"]["mask"] = 1
    return facts


def of_kind(*kinds: type) -> dict[tuple[str, ...], FieldInfo]:
    return {
        place: field
        for place, field in fields(Board).items()
        if field.annotation in kinds or set(get_args(field.annotation)) & set(kinds)
        if get_origin(field.annotation) is not Literal
    }


NUMBERS = of_kind(int, float)


def bounds(field: FieldInfo) -> tuple[float, float]:
    extra = [each for kind in get_args(field.annotation) for each in getattr(kind, "__metadata__", ())]
    metadata = [*field.metadata, *(each for info in extra for each in getattr(info, "metadata", ()))]
    low = [float(each.ge) for each in metadata if isinstance(each, Ge)]  # type: ignore[arg-type]
    high = [float(each.le) for each in metadata if isinstance(each, Le)]  # type: ignore[arg-type]
    assert len(low) == len(high) == 1
    return low[0], high[0]


def refusal(place: tuple[str, ...], value: object) -> str:
    facts = copy.deepcopy(whole("nrf52-max30003" if "max30003" in place else "nrf52"))
    table = facts
    for part in place[:-1]:
        table = table[part]
    table[place[-1]] = value
    with pytest.raises(BoardError) as error:
        boards.parse(toml(facts), "board.toml")
    return str(error.value)


def toml(table: dict[str, Any]) -> str:
    """TOML of nested tables, as inline ones."""
    return "\n".join(f"{key} = {literal(value)}" for key, value in table.items())


def literal(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08X}" for letter in value) + '"'
    return repr(value)


def test_the_numbers_are_all_of_them() -> None:
    assert len(NUMBERS) >= 20
    boards.parse(toml(whole()), "board.toml")


@pytest.mark.parametrize("place", NUMBERS, ids=".".join)
def test_a_number_has_a_range_and_a_reason(place: tuple[str, ...]) -> None:
    low, high = bounds(NUMBERS[place])
    assert math.isfinite(low) and math.isfinite(high) and low < high
    assert _why(place), place


@pytest.mark.parametrize("place", NUMBERS, ids=".".join)
def test_what_lies_outside_of_it_is_refused_by_name(place: tuple[str, ...]) -> None:
    low, high = bounds(NUMBERS[place])
    kind = int if int in (NUMBERS[place].annotation, *get_args(NUMBERS[place].annotation)) else float
    for value in (kind(low - 1), kind(high + 1), math.nan, math.inf, -math.inf, 1e308, "1", True):
        said = refusal(place, value)
        assert ".".join(place) in said and "board.toml" in said, said


TEXT_FIELDS = of_kind(str)


@pytest.mark.parametrize("place", TEXT_FIELDS, ids=".".join)
@pytest.mark.parametrize("text", [*TEXTS, "", "x" * 1000])
def test_a_text_is_refused_by_name_or_harmless(place: tuple[str, ...], text: str) -> None:
    harmless = text.isprintable() and 0 < len(text) <= 200
    if place[-1] in ("title", "source", "leaves_out") and harmless:
        harmless = not any(each in text for each in ("\\", "*/", "/*", "??"))
        if harmless:
            return  # tests/commands/test_nothing_run.py builds with them
    assert ".".join(place) in refusal(place, text)
