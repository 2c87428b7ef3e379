"""The model card that an export goes by, also of a model that came without one."""

from pathlib import Path

from splkit import __version__
from splkit.codegen.tflite_file.reader import model_bytes, parse_model
from splkit.quantize.card import ModelCard, Quantization, card_for, sha256


def card_of(model: Path) -> ModelCard:
    """The card beside a model, `<stem>.json`, or where there is none `bare_card`.

    Raises:
        ModelError: the model cannot be read, or the card is another model's.
    """
    if model.with_suffix(".json").is_file():
        return card_for(model)
    return bare_card(model_bytes(model), model.name)


def bare_card(content: bytes, name: str) -> ModelCard:
    """A card that says what the bytes of the model file `name` say, and nothing of what it was trained on.

    Raises:
        ModelError: it is no int8 model.
    """
    graph = parse_model(content, name)
    source, output = (
        Quantization(scale=tensor.scale, zero_point=tensor.zero_point)
        for tensor in (graph.input, graph.output)
    )
    return ModelCard(
        name=Path(name).stem,
        sha256=sha256(content),
        input=source,
        output=output,
        task="potassium",
        trained_on="data unknown to splkit",
        metrics=None,
        splkit_version=__version__,
    )
