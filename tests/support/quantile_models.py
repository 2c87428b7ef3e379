"""A network of one answer with more of them: quantiles of the same estimate, without any training."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from support.single_answer import single_answer_model
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.codegen.graph import Graph, Tensor
from splkit.codegen.tflite_file.reader import parse_model
from splkit.quantize.card import ModelCard, Quantization
from splkit.quantize.carried import card_for, network_sha256
from splkit.quantize.spread import Risk, Spread

PERMILLE = (50, 200, 350, 500, 650, 800, 950)
SHIFTS_MEQ_L = (-0.9, -0.5, -0.2, 0.0, 0.3, 0.7, 1.5)
"""Of each answer from the median."""
GAINS = (0.8, 0.9, 0.95, 1.0, 1.1, 1.2, 1.4)
"""How much each answer moves when the median moves by 1: the interval widens as potassium rises."""


def widened(
    shifts_meq_l: Sequence[float] = SHIFTS_MEQ_L, gains: Sequence[float] = GAINS, coarser: float = 1.3
) -> bytes:
    """The single-answer model with one answer for each shift; nothing but the last layer is another.

    `coarser` multiplies the output's scale, so that shifted answers fit.
    """
    graph = parse_model(single_answer_model().read_bytes(), "single answer")
    last = graph.operators[-1]
    source, weights, bias = (tensor for tensor in last.inputs if tensor is not None)
    assert last.kind == "FULLY_CONNECTED" and weights.data is not None and bias.data is not None
    step = source.scale * weights.scale
    rows = np.concatenate([np.rint(weights.data * 0.7 * gain) for gain in gains]).astype(np.int8)
    biases = [bias.data[0] * gain + shift / step for gain, shift in zip(gains, shifts_meq_l, strict=True)]
    tensors = _specs(graph)
    scale = weights.scale / 0.7  # the largest gain still fits an int8
    tensors[weights.index] = TensorSpec(rows.shape, scales=[scale], zero_points=[0], data=rows)
    in_steps = np.rint(np.array(biases) * weights.scale / scale).astype(np.int32)
    tensors[bias.index] = TensorSpec(in_steps.shape, "int32", scales=[source.scale * scale], data=in_steps)
    output = graph.output
    tensors[output.index] = TensorSpec(
        (1, len(gains)), scales=[output.scale * coarser], zero_points=[output.zero_point]
    )
    places = {index: place for place, index in enumerate(tensors)}
    operators = [
        OperatorSpec(
            each.kind,
            [-1 if tensor is None else places[tensor.index] for tensor in each.inputs],
            [places[tensor.index] for tensor in each.outputs],
            each.options_type,
            {name: value for name, value in each.options.items() if value != ()},
        )
        for each in graph.operators
    ]
    return build_model([*tensors.values()], operators, places[graph.input.index], places[output.index])


def spread_card(content: bytes, spread: Spread | None) -> ModelCard:
    """The single-answer model's card for such a network; without `spread` one of a single answer."""
    graph = parse_model(content, "widened")
    ends = {
        name: Quantization(scale=tensor.scale, zero_point=tensor.zero_point)
        for name, tensor in (("input", graph.input), ("output", graph.output))
    }
    card = card_for(single_answer_model())
    plain = {"sha256": network_sha256(content), "metrics": None, "bands": (), "conversions": ()}
    interval = None if spread else card.interval
    return card.model_copy(update={"interval": interval, "spread": spread} | plain | ends)


def risk(level_meq_l: float, alert_permille: int) -> Risk:
    """A risk of a card, of which a device takes the operating point."""
    shares = {name: 0.5 for name in Risk.model_fields if name not in ("level_meq_l", "alert_permille")}
    return Risk(level_meq_l=level_meq_l, alert_permille=alert_permille, **shares)


SPREAD = Spread(
    permille=PERMILLE,
    correction_meq_l=(-0.1, -0.05, 0.02, 0.0, 0.01, -0.03, 0.25),
    risks=(risk(5.5, 150), risk(6.5, 300)),
)
"""Of `widened()`: an alert comes long before the median reaches its level."""


def _specs(graph: Graph) -> dict[int, TensorSpec]:
    """Every tensor by its index, as `build_model` takes it."""
    found: dict[int, Tensor] = {graph.input.index: graph.input}
    for operator in graph.operators:
        found |= {each.index: each for each in (*operator.inputs, *operator.outputs) if each is not None}
    return {index: _spec(tensor) for index, tensor in sorted(found.items())}


def _spec(tensor: Tensor) -> TensorSpec:
    spec = TensorSpec(tensor.shape, tensor.dtype, data=tensor.data, variable=tensor.is_variable)
    if tensor.quantization is None:
        return spec
    known = tensor.quantization
    return replace(spec, scales=known.scales, zero_points=known.zero_points, axis=known.axis)
