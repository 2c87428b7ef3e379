"""What a model that nobody trained is calibrated on, and inputs like that."""

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.tflite_file.reader import parse_model

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
