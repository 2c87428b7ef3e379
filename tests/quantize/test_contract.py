"""What a card says of the numbers that go in and come out, and which cards say nothing that holds."""

from typing import Any

import pytest
from pydantic import ValidationError

from splkit.quantize.card import ModelCard
from splkit.quantize.carried import card_for
from splkit.quantize.contract import Contract
from splkit.quantize.reference import reference_model

PROBABILITY = {"task": "probability", "positive_spl_meq_l": 5.5, "alert_threshold": 0.4}
OTHER = {"task": "other", "unit": "mmol/L", "plausible": {"low": 1, "high": 3}}


def test_each_task_has_its_unit_and_its_plausible_range() -> None:
    potassium, probability = (Contract.model_validate(one) for one in ({"task": "potassium"}, PROBABILITY))
    assert (potassium.unit, potassium.plausible.low, potassium.plausible.high) == ("mEq/L", 2, 10)
    assert (probability.unit, probability.plausible.low, probability.plausible.high) == ("1", 0, 1)
    assert (probability.positive_spl_meq_l, probability.alert_threshold) == (5.5, 0.4)
    assert Contract.model_validate(OTHER).unit == "mmol/L"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"task": "calcium"}, "task"),
        ({"task": "potassium", "unit": "mg/dL"}, "the unit of potassium"),
        ({"task": "potassium", "offset": 21}, "the offset of potassium"),
        ({"task": "potassium", "offset": float("nan")}, "offset"),
        ({"task": "potassium", "plausible": {"low": 2, "high": 2}}, "low is below high"),
        ({"task": "potassium", "plausible": {"low": -1, "high": 10}}, "a plausible SPL"),
        ({"task": "potassium", "plausible": {"low": 2, "high": 1e30}}, "plausible.high"),
        ({"task": "potassium", "alert_threshold": 0.5}, "only a probability"),
        ({"task": "probability", "alert_threshold": 0.5}, "has positive_spl_meq_l and alert_threshold"),
        (PROBABILITY | {"offset": 4.9}, "a probability has no offset"),
        (PROBABILITY | {"unit": "mEq/L"}, "the unit of a probability"),
        (PROBABILITY | {"alert_threshold": 1.0}, "alert_threshold"),
        (PROBABILITY | {"positive_spl_meq_l": 55}, "positive_spl_meq_l"),
        (PROBABILITY | {"plausible": {"low": 0, "high": 2}}, "a probability lies in 0 to 1"),
        ({"task": "other"}, "its unit and its range"),
        (OTHER | {"unit": '"; system("x'}, "unit"),
        (OTHER | {"unit": "a*/"}, "unit"),
        (OTHER | {"lead": "V5\n#error"}, "lead"),
        (OTHER | {"lead": "V5\n"}, "lead"),
        (OTHER | {"lead": "\x1b[31m"}, "lead"),
    ],
)
def test_what_does_not_hold_together_is_refused(said: dict[str, Any], found: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Contract.model_validate(said)
    assert found in str(refused.value)


def test_a_card_of_version_1_is_one_of_potassium() -> None:
    card = card_for(reference_model()).model_dump(mode="json")
    older = {key: value for key, value in card.items() if key not in Contract.model_fields}
    older |= {"schema_version": 1, "unit": "mEq/L", "spl_offset_meq_l": 4.5}
    read = ModelCard.model_validate(older)
    assert (read.task, read.offset, read.unit, read.lead) == ("potassium", 4.5, "mEq/L", None)
    assert (read.plausible.low, read.plausible.high) == (2, 10)


@pytest.mark.parametrize(
    "change",
    [
        {"output": {"scale": 1e30, "zero_point": 0}},
        {"input": {"scale": 1e-30, "zero_point": 0}},
        {"interval": {"coverage": 0.9, "low_meq_l": -1e30, "high_meq_l": 1.0, "test_coverage": 0.9}},
        {"cycle": {"length": 250, "r_index": 75, "fs_hz": 250}},
        {"name": 'a"b'},
        {"parameters": -1},
        {"notice": "*/"},
        {"splkit_version": "1\n"},
        {"task": "other", "unit": "1", "offset": 0.0},
    ],
)
def test_figures_and_names_have_ranges(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ModelCard.model_validate(card_for(reference_model()).model_dump() | change)
