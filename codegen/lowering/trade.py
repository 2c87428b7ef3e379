"""RAM for instructions: what a plan may choose, and what each choice costs, by estimate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from splkit.codegen.operators.base import Layer

POINT, CHUNK = 13, 100
"""Instructions for each point that two chunks of a separable convolution both compute, and for each channel
of a chunk: measured on a Cortex-M4F."""

INPUT, HIDDEN = 0.35, 0.4
"""Instructions a product that an LSTM saves in batches: products with the input, and with the state."""


@dataclass(frozen=True)
class Trade:
    """Into how many chunks a separable convolution falls, None for as many as takes the least RAM; and
    whether LSTMs take their input in batches of steps."""

    chunks: int | None = None
    batches: bool = False


LEAN = Trade()
"""The least RAM."""


def trades(lean: Sequence[Layer]) -> Iterator[Trade]:
    """All that there is to choose for layers that were lowered for the least RAM."""
    most = max((layer.fields.get("chunk_count", 1) for layer in lean), default=1)
    has_lstm = any(layer.kernel == "spl_lstm_s8" for layer in lean)
    for chunks in range(1, most + 1):
        for batches in (False, True) if has_lstm else (False,):
            yield Trade(chunks, batches)


def extra(layer: Layer) -> float:
    """Instructions beyond those that a layer would take with all the RAM that it can use, by estimate."""
    fields = layer.fields
    if layer.kernel == "spl_lstm_s8" and not layer.variant:
        products = INPUT * fields["inputs"] + HIDDEN * fields["cells"]
        return 4 * fields["steps"] * fields["cells"] * products
    if "chunk_count" in fields:
        filters = layer.parts["filter"].fields
        again = (fields["chunk_count"] - 1) * filters["channels"]
        return float(again * (POINT * filters["taps"] + CHUNK))
    return 0.0
