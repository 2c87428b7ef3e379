"""Cards of models that answer quantiles, where something does not fit: one sentence, and nothing written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.command_line import splkit
from support.quantile_models import SPREAD, spread_card, widened

from splkit.quantize.card import ModelCard

Parts = dict[str, Any]


def change(**parts: object) -> Callable[[Parts], None]:
    """Other values for parts of the spread."""
    return lambda spread: spread.update(parts)


def turn_risks(spread: Parts) -> None:
    spread["risks"] = spread["risks"][::-1]


def exported(folder: Path, card: Parts, *options: str) -> tuple[int, str]:
    """Exit status and message of an export of `widened()`, whose card lies beside it."""
    model = folder / "quantiles.tflite"
    model.write_bytes(widened())
    model.with_suffix(".json").write_text(json.dumps(card))
    done = splkit("export", str(model), *options, "--board", "nrf52", "--out", str(folder / "out"))
    assert not (folder / "out").exists()
    return done.returncode, done.stderr


def card() -> Parts:
    return spread_card(widened(), SPREAD).model_dump(mode="json")


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (change(correction_meq_l=[0] * 6), "every level has its correction"),
        (change(permille=[50, 200, 350, 500, 650, 950, 800]), "permille rises and holds 500"),
        (change(permille=[50, 200, 350, 500, 500, 800, 950]), "permille rises and holds 500"),
        (change(permille=[50, 200, 350, 499, 650, 800, 950]), "permille rises and holds 500"),
        (change(permille=[50, 200, 350, 500, 650, 800, 1000]), "less than or equal to 999"),
        (change(permille=[500], correction_meq_l=[0]), "at least 3 items"),
        (change(correction_meq_l=[0, 0, 0, 0, 0, 0, 20.5]), "less than or equal to 20"),
        (change(correction_meq_l=[0, 0, 0, 0, 0, 0, float("nan")]), "spread.correction_meq_l"),
        (turn_risks, "the levels of risks rise"),
        (change(permille=[80, 500, 980], correction_meq_l=[0, 0, 0]), "7 of quantiles.tflite, and 3 on its"),
    ],
)
def test_a_spread_that_makes_no_sense_is_refused(
    spoil: Callable[[Parts], None], rule: str, tmp_path: Path
) -> None:
    parts = card()
    spoil(parts["spread"])
    status, told = exported(tmp_path, parts)
    assert status != 0 and rule in " ".join(told.split()) and "Traceback" not in told


def test_a_network_of_many_answers_needs_quantiles_on_its_card(tmp_path: Path) -> None:
    status, told = exported(tmp_path, card() | {"spread": None})
    assert status != 0 and "gives one SPL" in told
    (tmp_path / "quantiles.json").unlink()
    model, out = tmp_path / "quantiles.tflite", tmp_path / "out"
    stated = splkit(
        *("export", str(model), "--task", "potassium", "--spl-offset", "4.9"),
        *("--board", "nrf52", "--out", str(out)),
    )
    assert stated.returncode != 0 and "gives one SPL" in stated.stderr and not out.exists()


def test_another_offset_would_leave_the_corrections_behind(tmp_path: Path) -> None:
    status, told = exported(tmp_path, card(), "--spl-offset", "5.1")
    assert status != 0 and "corrected with the offset of its card" in " ".join(told.split())


def test_only_potassium_has_quantiles() -> None:
    other = card() | {"task": "other", "unit": "bpm", "personal": None}
    with pytest.raises(ValueError, match="conversions and personal are of a model of potassium"):
        ModelCard.model_validate(other)
    with pytest.raises(ValueError, match="comes from its quantiles"):
        interval = {"coverage": 0.9, "low_meq_l": -1, "high_meq_l": 1, "test_coverage": 0.9}
        ModelCard.model_validate(card() | {"interval": interval})
