"""A float model's quantization-aware twin: made with TensorFlow Model Optimization."""

from collections.abc import Iterator
from typing import Any

from splkit.quantize.layers import QuantizedLSTM, QuantizedNorm
from splkit.quantize.ranges import Range, Ranges, check_ranges
from splkit.quantize.tfmot_config import (
    API,
    AsItIs,
    LayerQuantization,
    OutputQuantizer,
    WeightQuantizer,
)
from splkit.train.backend import keras

_OURS = {
    one.__name__: one
    for one in (QuantizedLSTM, QuantizedNorm, LayerQuantization, OutputQuantizer, WeightQuantizer)
}
_PREFIX = "quant_"


def aware_model(model: Any, start: Ranges) -> Any:
    """A twin of `model` that rounds what int8 rounds, with the same weights; its input is rounded already.

    Convolutions and dense layers keep their type. The LSTM, and a BatchNorm that is not folded, become layers
    of ours; a folded BatchNorm is left as it is, since scales by channel are blind to its factors.

    Args:
        model: a tf_keras model.
        start: the ranges to start from; the layers whose output has none are fused into the next.
    """

    def annotated(layer: Any) -> Any:
        kind, output = type(layer).__name__, f"{layer.name}/output"
        if kind == "LSTM":
            return QuantizedLSTM(
                layer.units,
                layer.return_sequences,
                start[output],
                start[f"{layer.name}/cell"],
                name=layer.name,
            )
        if kind == "BatchNormalization" and f"{layer.name}/scaled" in start:
            return QuantizedNorm(layer.epsilon, start[f"{layer.name}/scaled"], start[output], name=layer.name)
        copy = type(layer).from_config(layer.get_config())
        if kind == "BatchNormalization":
            copy.trainable = False
            return copy
        return API.quantize_annotate_layer(copy, LayerQuantization(start.get(output)))

    with API.quantize_scope(_OURS):
        twin = keras().models.clone_model(model, clone_function=annotated)
        twin = API.quantize_apply(twin, AsItIs(), _PREFIX)
    for ours, theirs in _pairs(twin, model):
        for name, variable in ours.items():
            if name in theirs:
                variable.assign(theirs[name])
    return twin


def copy_weights(twin: Any, model: Any) -> None:
    """Give the plain float `model` the weights of its trained `twin`."""
    for ours, theirs in _pairs(twin, model):
        for name, variable in theirs.items():
            variable.assign(ours[name])


def trained_ranges(twin: Any) -> dict[str, Range]:
    """The ranges that a trained twin ended with, by "<layer>/<part>", widened to hold 0 as in training.

    Raises:
        ModelError: one is no range any more.
    """
    ranges = {}
    for layer in twin.layers:
        own = _variables(layer)
        for part in (name.removesuffix("_low") for name in own if name.endswith("_low")):
            low, high = (float(own[f"{part}_{end}"].numpy()) for end in ("low", "high"))
            ranges[f"{layer.name.removeprefix(_PREFIX)}/{part}"] = Range(min(low, 0.0), max(high, 0.0))
    check_ranges(ranges)
    return ranges


def _pairs(twin: Any, model: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The variables of each layer in both models, by their own names."""
    ours = {layer.name.removeprefix(_PREFIX): layer for layer in twin.layers}
    for layer in model.layers:
        yield _variables(ours[layer.name]), _variables(layer)


def _variables(layer: Any) -> dict[str, Any]:
    return {variable.name.split(":")[0].split("/")[-1]: variable for variable in layer.variables}
