"""The ranges that quantization-aware training starts from."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from splkit.quantize.ranges import INT8_STEPS, Range
from splkit.quantize.values import layer_values, observed_ranges

_BINS: Final = 4096
_SHARES: Final = np.geomspace(0.05, 1.0, 40)
"""Of each end of a range that are tried."""


def starting_ranges(model: Any, inputs: NDArray[np.float32], wanted: set[str]) -> dict[str, Range]:
    """For each of the `wanted` values the range with the least squared error of rounding and clipping.

    A few cycles reach far beyond the others; to hold them all would round the others coarsely (Nagel 2021,
    arXiv:2106.08295, section 3.1.1). The model's own output keeps its whole range: its ends are the answers
    that matter most. An LSTM's cell gets a power of two.

    Raises:
        ModelError: a value does not vary or is not finite.
    """
    observed = observed_ranges(model, inputs, wanted)
    whole = {f"{name}/output" for name in model.output_names}
    cells = {name for name in wanted if name.endswith("/cell")}
    counts = _histograms(model, inputs, {name: observed[name] for name in wanted - whole - cells})
    return {
        name: _power_of_two(one)
        if name in cells
        else one
        if name in whole
        else _least_error(one, counts[name])
        for name, one in observed.items()
    }


def _histograms(
    model: Any, inputs: NDArray[np.float32], ranges: Mapping[str, Range]
) -> dict[str, NDArray[np.int64]]:
    counts = {name: np.zeros(_BINS, np.int64) for name in ranges}
    for values in layer_values(model, inputs):
        for name, one in ranges.items():
            counts[name] += np.histogram(values[name], _BINS, one)[0]
    return counts


def _least_error(observed: Range, counts: NDArray[np.int64]) -> Range:
    edges = np.linspace(*observed, _BINS + 1)
    centres = (edges[1:] + edges[:-1]) / 2
    tried = [Range(observed.low * low, observed.high * high) for low in _SHARES for high in _SHARES]
    best = min(tried, key=lambda one: _squared_error(one, centres, counts))
    return Range(*(float(np.float32(bound)) for bound in best))


def _squared_error(one: Range, centres: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    low, high = min(one.low, 0.0), max(one.high, 0.0)
    clipped = centres - np.clip(centres, low, high)
    step = (high - low) / INT8_STEPS
    return float(counts @ (clipped**2 + step**2 / 12))


def _power_of_two(observed: Range) -> Range:
    bound = float(2.0 ** np.ceil(np.log2(max(-observed.low, observed.high))))
    return Range(-bound, bound)
