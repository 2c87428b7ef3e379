"""How well an int8 model does, and how far it is from the float one it came from."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import quantize_cycles
from splkit.progress import Advance, ignore_progress
from splkit.quantize.card import Conversion, Method
from splkit.quantize.facts import ends
from splkit.quantize.noise import noise_by_layer
from splkit.quantize.oracle import TflmOracle
from splkit.train.cycle_set import CycleSet
from splkit.train.metrics import score

NOISE_CYCLES: Final = 64
"""Test cycles, evenly spread, on which noise is measured layer by layer."""


class Int8(NamedTuple):
    """A model converted by one method: its bytes, and the float model with the same weights."""

    method: Method
    content: bytes
    model: Any


def estimate_int8(
    content: bytes, averaged: NDArray[np.int16], offset_meq_l: float, advance: Advance = ignore_progress
) -> NDArray[np.float64]:
    """SPL in mEq/L that the oracle gives for cycles, int16[n, 270], Q12: float64[n, k], of k answers.

    `advance` counts cycles.
    """
    source, sink = ends(content)
    inputs = quantize_cycles(averaged, source.scale, source.zero_point)
    outputs = TflmOracle(content).run(inputs, advance).astype(np.float64)
    return offset_meq_l + sink.scale * (outputs - sink.zero_point)


def judge(
    candidate: Int8, test: CycleSet, as_float_meq_l: NDArray[np.float64], as_int8_meq_l: NDArray[np.float64]
) -> Conversion:
    """The figures of one method.

    Args:
        candidate: the model.
        test: the test cycles.
        as_float_meq_l: estimates of the run's float model, float64[n].
        as_int8_meq_l: those of the candidate.
    """
    difference = np.abs(as_int8_meq_l - as_float_meq_l)
    return Conversion(
        method=candidate.method,
        int8=score(as_int8_meq_l, test.potassium_meq_l, test.patient),
        mean_abs_difference_meq_l=round(float(difference.mean()), 4),
        max_abs_difference_meq_l=round(float(difference.max()), 4),
        noise_db=noise_on(test, candidate.content, candidate.model),
    )


def noise_on(test: CycleSet, content: bytes, model: Any) -> dict[str, float]:
    """Signal to quantization noise by layer, on some of the test cycles, evenly spread."""
    some = test.where(np.isin(np.arange(len(test.patient)), _spread(len(test.patient), NOISE_CYCLES)))
    source = ends(content)[0]
    quantized = quantize_cycles(some.averaged, source.scale, source.zero_point)
    return noise_by_layer(content, model, some.inputs, quantized)


def _spread(count: int, wanted: int) -> NDArray[np.int64]:
    return np.linspace(0, count - 1, min(count, wanted)).round().astype(np.int64)
