"""The order of convolution, BatchNorm and ReLU: its names, and those of splkit 0.1.0, still read."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import pytest

from splkit.commands.train import command
from splkit.quantize.card import ModelCard
from splkit.train.config import TrainConfig, load_recipe

NAMES = [
    ("conv-bn-relu", "conv-bn-relu"),
    ("conv-relu-bn", "conv-relu-bn"),
    ("fold", "conv-bn-relu"),
    ("seed", "conv-relu-bn"),
]


def order_of_command_line(given: str) -> Any:
    with command.make_context("train", ["--out", "run", "--order", given]) as context:
        return context.params["order"]


@pytest.mark.parametrize(("written", "meant"), NAMES)
def test_files_and_the_command_line_take_both_names(tmp_path: Path, written: str, meant: str) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(f"order = '{written}'\n")
    assert load_recipe(recipe).order == meant
    run = TrainConfig.model_validate_json(json.dumps({"order": written}))
    assert json.loads(run.model_dump_json())["order"] == meant
    bundled = json.loads(files("splkit.quantize.reference").joinpath("dscrnn_4k.json").read_bytes())
    card = tmp_path / "card.json"
    card.write_text(json.dumps(bundled | {"order": written}))
    assert ModelCard.load(card).order == meant
    assert order_of_command_line(written) == meant


def test_an_earlier_name_is_not_offered() -> None:
    with pytest.raises(click.BadParameter, match="not one of 'conv-bn-relu', 'conv-relu-bn'"):
        order_of_command_line("bn-first")
