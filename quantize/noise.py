"""Signal-to-quantization-noise ratio, layer by layer: where an int8 model differs from its float one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.quantize.facts import ends
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.packing import packed, unpacked
from splkit.quantize.sites import Site, operator_name, sites
from splkit.quantize.values import layer_values


def noise_by_layer(
    content: bytes, model: Any, inputs: NDArray[np.float32], quantized: NDArray[np.int8]
) -> dict[str, float]:
    """Signal to quantization noise in dB, by value, in order of execution.

    10 log10 of the float values' power by the power of what the int8 ones differ by, noise from all layers
    before included. Each value is read from the oracle, as the output of the model cut off behind it.

    Args:
        content: the int8 .tflite.
        model: the tf_keras model with the same weights.
        inputs: float32[n, samples].
        quantized: the same for the int8 model, int8[n, samples].
    """
    exact: dict[str, list[NDArray[np.float32]]] = {}
    for batch in layer_values(model, inputs):
        for name, value in batch.items():
            exact.setdefault(name, []).append(value.reshape(len(value), -1))
    found: dict[str, float] = {}
    graph = unpacked(content)
    for site in sites(graph, model):
        if site.operator is None or _is_logit(graph, site.operator):
            continue
        if site.value not in found:
            rounded = _rounded(_cut_behind(content, site), quantized)
            found[site.value] = _decibels(np.concatenate(exact[site.value]), rounded)
    return found


def _is_logit(graph: Any, operator: int) -> bool:
    """Whether an operator's output goes into a sigmoid, in the float model a part of the same layer."""
    following = graph.subgraphs[0].operators[operator + 1 : operator + 2]
    return any(operator_name(graph, each) == "LOGISTIC" for each in following)


def _cut_behind(content: bytes, site: Site) -> bytes:
    """The model without the operators that follow, with `site` as its output."""
    graph = unpacked(content)
    subgraph = graph.subgraphs[0]
    subgraph.operators = subgraph.operators[: (site.operator or 0) + 1]
    subgraph.outputs = [site.tensor]
    return packed(graph)


def _rounded(content: bytes, quantized: NDArray[np.int8]) -> NDArray[np.float64]:
    sink = ends(content)[1]
    return sink.scale * (TflmOracle(content).run(quantized).astype(np.float64) - sink.zero_point)


def _decibels(signal: NDArray[np.float32], rounded: NDArray[np.float64]) -> float:
    power, noise = np.mean(signal.astype(np.float64) ** 2), np.mean((signal - rounded) ** 2)
    return round(float(10 * np.log10(power / max(noise, np.finfo(np.float64).tiny))), 1)
