"""The card inside its .tflite: put in, taken out, and held to the network that it is about."""

from pathlib import Path
from typing import Final

from splkit.codegen.tflite_file.metadata import read_metadata, with_metadata
from splkit.codegen.tflite_file.reader import model_bytes, parse_model
from splkit.errors import ModelError
from splkit.quantize.card import ModelCard, Quantization, sha256
from splkit.quantize.outputs import check_answers

CARD: Final = "SPLKIT_CARD"
"""Name of the metadata buffer that holds the card, as JSON."""

MAX_CARD_BYTES: Final = 1 << 16

_NEXT_STEP = "convert the model again with splkit quantize"


def without_card(model: bytes) -> bytes:
    """The network alone. Raises `ModelError` where the bytes are no whole .tflite."""
    return with_metadata(model, CARD, None)


def network_sha256(model: bytes) -> str:
    """The SHA-256 of a .tflite without its card, so that a card can carry it and another card keeps it.

    The length is filled up with zeros to a multiple of 16, which that of a .tflite commonly is anyway: for a
    file without a card it is what `sha256sum` prints.
    """
    network = without_card(model)
    return sha256(network + bytes(-len(network) % 16))


def with_card(model: bytes, card: ModelCard) -> bytes:
    """The .tflite with a card inside, in the place of one that it has; what it computes stays the same.

    Raises:
        ModelError: the card is another model's.
    """
    check_card(card, model, card.name)
    return with_metadata(model, CARD, card.json_bytes)


def carried_card(model: bytes, name: str) -> ModelCard | None:
    """The card inside a .tflite that `name` names in messages; None where there is none.

    Raises:
        ModelError: it is no card, or another model's.
    """
    content = read_metadata(model, CARD)
    if content is None:
        return None
    if len(content) > MAX_CARD_BYTES:
        raise ModelError(
            f"a model card has at most {MAX_CARD_BYTES} bytes",
            found=f"{len(content)} in {name}",
            next_step=_NEXT_STEP,
        )
    card = ModelCard.parse(content, f"the card inside {name}")
    check_card(card, model, name)
    return card


def is_carded(path: Path) -> bool:
    """Whether a model file has a card, inside it or beside it. Raises `ModelError` where it is no .tflite."""
    return read_metadata(model_bytes(path), CARD) is not None or path.with_suffix(".json").is_file()


def card_for(path: Path, beside: Path | None = None) -> ModelCard:
    """The card of a model file, from inside it, or of an older one from the JSON file beside it.

    Args:
        path: the .tflite.
        beside: the JSON file; `<stem>.json` if left out. It may be missing.

    Raises:
        ModelError: the model cannot be read or has no card, or the two cards differ.
    """
    model = model_bytes(path)
    parse_model(model, path.name)
    inside = carried_card(model, path.name)
    view = beside or path.with_suffix(".json")
    if beside is None and not view.is_file():
        if inside is None:
            raise ModelError(
                "a model says what its answer means: its card is inside it, or its contract is given",
                found=f"no card in {path}, and no {view.name} beside it",
                next_step="take the one that splkit quantize wrote, or add --task, --spl-offset and --lead",
            )
        return inside
    card = ModelCard.load(view)
    if inside is None:
        check_card(card, model, path.name)
    elif card != inside:
        changed = next(
            name for name in type(card).model_fields if getattr(card, name) != getattr(inside, name)
        )
        raise ModelError(
            "the card beside a model says what the card inside it says",
            found=f"another {changed} in {view}",
            next_step=f"remove {view.name}, or put back the two files that belong together",
        )
    return card


def check_card(card: ModelCard, model: bytes, name: str) -> None:
    """Hold a card to a model's bytes.

    Raises:
        ModelError: it is of another network or of other scales, or its range is not where the answers are.
    """
    found = network_sha256(model)
    if found != card.sha256:
        raise ModelError(
            "a model card carries the SHA-256 of its model",
            found=f"{found} for {name}, {card.sha256} in its card",
            next_step=f"{_NEXT_STEP}, or put the right card beside it",
        )
    graph = parse_model(model, name)
    ends = {"input": (card.input, graph.input), "output": (card.output, graph.output)}
    for end, (said, tensor) in ends.items():
        if said != Quantization(scale=tensor.scale, zero_point=tensor.zero_point):
            raise ModelError(
                "a model card has the scales and zero points of its model",
                found=f"{said.scale:g} and {said.zero_point} for the {end} of {name}, "
                f"which has {tensor.scale:g} and {tensor.zero_point}",
                next_step=_NEXT_STEP,
            )
    if graph.input.size != card.cycle.length:
        raise ModelError(
            "a model reads as many points as its card says",
            found=f"{graph.input} of {name}, and {card.cycle.length} on its card",
            next_step="say what it reads: --input 2s is 600 points, R at 300; or train another",
        )
    answers = len(card.spread.permille) if card.spread else 1
    if card.spread and graph.output.size != answers:
        raise ModelError(
            "a model gives as many answers as its card has quantiles",
            found=f"{graph.output.size} of {name}, and {answers} on its card",
            next_step=_NEXT_STEP,
        )
    check_answers(card, name)
