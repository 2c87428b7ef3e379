"""Whether what a model can answer is what its card says that it answers."""

from typing import Final

from splkit.errors import ModelError
from splkit.quantize.card import ModelCard, Quantization

SIGMOID: Final = Quantization(scale=1 / 256, zero_point=-128)
"""The output of an int8 LOGISTIC or SOFTMAX in every .tflite: 0 to 255/256."""

LEAST_SHARE: Final = 0.5
"""Of the plausible range, or of the answers where these span less, that the two have in common. A model of
potassium without its offset answers -2 to 3 mEq/L, of which 2 to 10 mEq/L has a fifth."""


def check_answers(card: ModelCard, name: str) -> None:
    """Hold the range of the int8 output to the plausible range.

    Raises:
        ModelError: most of what the model can answer is not plausible, or a probability leaves 0 to 1.
    """
    low, high = card.answers
    if card.task == "probability":
        if low < -card.output.scale or high > 1 + card.output.scale:
            raise _refused(card, name, "end the network in a sigmoid, or export it as --task potassium")
        return
    shared = min(high, card.plausible.high) - max(low, card.plausible.low)
    if shared >= LEAST_SHARE * min(high - low, card.plausible.high - card.plausible.low):
        return
    if card.output == SIGMOID:
        advice = "a sigmoid is a classifier: export it with --task probability"
    else:
        advice = "give its offset with --spl-offset, or its range with --plausible"
    raise _refused(card, name, advice)


def _refused(card: ModelCard, name: str, next_step: str) -> ModelError:
    low, high = card.answers
    return ModelError(
        f"a model of task {card.task} answers {card.plausible.low:g} to {card.plausible.high:g} {card.unit}",
        found=f"{low:.2f} to {high:.2f} as the whole range of {name}",
        next_step=next_step,
    )
