"""A contract that the user states: of a model without a card, or in the place of what its card says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from splkit import __version__
from splkit.codegen.tflite_file.reader import model_bytes, parse_model
from splkit.ecg.frontend import WINDOWS, input_name
from splkit.errors import UsageError
from splkit.quantize.card import ModelCard, Quantization
from splkit.quantize.carried import card_for, check_card, is_carded, network_sha256
from splkit.quantize.contract import Contract, CycleContract, name_of

SETTLED: Final = ("task", "unit", "lead", "positive_spl_meq_l", "input", "averaged_cycles")
"""What training decided: where a card says it, nothing else can be said."""

FIGURES: Final = {"metrics": None, "interval": None, "bands": (), "conversions": (), "personal": None}
"""What a card knows of a model's accuracy, with the offset that it was measured with."""

Stated = Mapping[str, Any]
"""Fields of a `Contract`, `input` and `averaged_cycles`, as far as they are stated."""


def stated_card(path: Path, said: Stated, beside: Path | None = None) -> ModelCard:
    """The card of a model, with what the user says of it.

    Args:
        path: the .tflite.
        said: fields of its contract.
        beside: its card's JSON file, see `card_for`.

    Raises:
        ModelError: as `card_for`; a model without a card needs a task, and one of potassium an offset.
        UsageError: what is said does not hold together, or the card says something else.
    """
    if "task" in said and beside is None and not is_carded(path):
        return _bare_card(path, said)
    card = card_for(path, beside)
    if not said:
        return card
    read = {"input": input_name(card.cycle.window), "averaged_cycles": card.cycle.averaged_cycles}
    known = card.model_dump() | read
    for name in SETTLED:
        if name in said and known[name] not in (None, said[name]):
            raise UsageError(
                "what a model was trained for stands on its card",
                found=f"{name} {said[name]}, and {known[name]} on the card of {path.name}",
                next_step="leave the option out",
            )
    changes = {name: value for name, value in said.items() if name not in read}
    if changes.get("offset", card.offset) != card.offset:
        if card.spread:
            raise UsageError(
                "the quantiles of a model were corrected with the offset of its card",
                found=f"{changes['offset']:g}, and {card.offset:g} on the card of {path.name}",
                next_step="leave the option out",
            )
        changes |= FIGURES | {"distance": card.distance and card.distance.model_copy(update={"test": None})}
    return _validated(card.model_dump() | changes, path)


def _bare_card(path: Path, said: Stated) -> ModelCard:
    model = model_bytes(path)
    graph = parse_model(model, path.name)
    if said["task"] == "potassium" and "offset" not in said:
        raise UsageError(
            "SPL is the network's output and an offset",
            found=f"--task potassium without --spl-offset for {path.name}",
            next_step="give the offset that it was trained with, --spl-offset 0 if there was none",
        )
    ends = {
        end: Quantization(scale=tensor.scale, zero_point=tensor.zero_point).model_dump()
        for end, tensor in (("input", graph.input), ("output", graph.output))
    }
    facts: dict[str, Any] = {
        "name": name_of(path.stem),
        "sha256": network_sha256(model),
        "trained_on": "data unknown to splkit",
        "metrics": None,
        "splkit_version": __version__,
    }
    window = WINDOWS[said.get("input", "cycle")]
    facts["cycle"] = {
        "length": window.size,
        "r_index": window.r_index,
        "window_s": window.span_s,
        "averaged_cycles": said.get(
            "averaged_cycles", CycleContract().averaged_cycles if window.is_cycle else 1
        ),
    }
    contract = {name: value for name, value in said.items() if name in Contract.model_fields}
    card = _validated(contract | ends | facts, path)
    check_card(card, model, path.name)
    return card


def _validated(fields: dict[str, Any], path: Path) -> ModelCard:
    try:
        card = ModelCard.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ")
        raise UsageError(
            "what is said of a model holds together",
            found=f"{place}: {said}" if place else said,
            next_step=f"correct the options for {path.name}; splkit export -h lists them",
        ) from error
    return card
