"""A model that nobody trained: its card, and inputs that it was calibrated for."""

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.reader import parse_model
from splkit.quantize.card import ModelCard, Quantization, sha256

SPREAD = 0.5
"""Standard deviation of the values that models are calibrated on."""


def calibration(count: int, size: int) -> NDArray[np.float32]:
    """float32[count, size] for the converter."""
    return np.random.default_rng(2).normal(0, SPREAD, (count, size)).astype(np.float32)


def inputs_for(content: bytes, count: int, seed: int = 3) -> NDArray[np.int8]:
    """int8[count, n]: half of them as calibrated, half with any value alike."""
    source, rng = parse_model(content, "model.tflite").input, np.random.default_rng(seed)
    likely = rng.normal(0, SPREAD, (count // 2, source.size)) / source.scale + source.zero_point
    any_value = rng.integers(-128, 128, (count - count // 2, source.size))
    return np.concatenate([np.clip(np.rint(likely), -128, 127), any_value]).astype(np.int8)


def plain_card(content: bytes) -> ModelCard:
    """Says what the file says of itself."""
    graph = parse_model(content, "model.tflite")
    source, output = (
        Quantization(scale=tensor.scale, zero_point=tensor.zero_point)
        for tensor in (graph.input, graph.output)
    )
    return ModelCard(
        name="model",
        sha256=sha256(content),
        input=source,
        output=output,
        spl_offset_meq_l=0.0,
        trained_on="nothing",
        metrics=None,
        splkit_version="0",
    )
