"""How TensorFlow Model Optimization is to quantize layers: weights by channel, outputs by their ranges."""

from typing import Any

from splkit.quantize.layers import add_range
from splkit.quantize.ranges import Range
from splkit.quantize.rounding import round_int8, round_weights
from splkit.train.backend import model_optimization

API: Any = model_optimization().quantization.keras

_WEIGHTS = {
    "Conv2D": ("kernel", (0, 1, 2)),
    "DepthwiseConv2D": ("depthwise_kernel", (0, 1)),
    "Dense": ("kernel", (0,)),
}
"""By layer type: the attribute with the weights, and the axes that share a scale: all but the channel's."""


class WeightQuantizer(API.quantizers.Quantizer):  # type: ignore[misc]
    """Symmetric int8 weights, a scale for each channel."""

    def __init__(self, axes: tuple[int, ...]) -> None:
        self._axes = axes

    def build(self, tensor_shape: Any, name: str, layer: Any) -> dict[str, Any]:  # noqa: ARG002
        """No variables: the scale is that of the weights."""
        return {}

    def __call__(self, inputs: Any, training: bool, weights: Any, **_: Any) -> Any:  # noqa: ARG002
        """The weights, rounded."""
        return round_weights(inputs, self._axes)

    def get_config(self) -> dict[str, Any]:
        """What the quantizer is rebuilt from."""
        return {"axes": self._axes}


class OutputQuantizer(API.quantizers.Quantizer):  # type: ignore[misc]
    """int8 activations over a range that learns."""

    def __init__(self, low: float, high: float) -> None:
        self._start = Range(low, high)

    def build(self, tensor_shape: Any, name: str, layer: Any) -> dict[str, Any]:  # noqa: ARG002
        """The range's variables."""
        return {"bounds": add_range(layer, name, self._start)}

    def __call__(self, inputs: Any, training: bool, weights: Any, **_: Any) -> Any:  # noqa: ARG002
        """The activations, rounded."""
        return round_int8(inputs, *weights["bounds"])

    def get_config(self) -> dict[str, Any]:
        """What the quantizer is rebuilt from."""
        return self._start._asdict()


class LayerQuantization(API.QuantizeConfig):  # type: ignore[misc]
    """What of a stock layer is quantized: its weights, if it has any, and its output, if that has a range."""

    def __init__(self, output: Range | None) -> None:
        self._output = None if output is None else Range(*output)

    def get_weights_and_quantizers(self, layer: Any) -> list[tuple[Any, WeightQuantizer]]:
        """The weights, each with its quantizer."""
        if type(layer).__name__ not in _WEIGHTS:
            return []
        name, axes = _WEIGHTS[type(layer).__name__]
        return [(getattr(layer, name), WeightQuantizer(axes))]

    def get_activations_and_quantizers(self, layer: Any) -> list[Any]:  # noqa: ARG002
        """None: activations are layers of their own."""
        return []

    def set_quantize_weights(self, layer: Any, quantize_weights: list[Any]) -> None:
        """Let the layer compute with rounded weights."""
        for rounded in quantize_weights:
            setattr(layer, _WEIGHTS[type(layer).__name__][0], rounded)

    def set_quantize_activations(self, layer: Any, quantize_activations: list[Any]) -> None:
        """Nothing to set."""

    def get_output_quantizers(self, layer: Any) -> list[OutputQuantizer]:  # noqa: ARG002
        """The output's quantizer."""
        return [] if self._output is None else [OutputQuantizer(*self._output)]

    def get_config(self) -> dict[str, Any]:
        """What the configuration is rebuilt from."""
        return {"output": self._output}


class AsItIs(API.QuantizeScheme):  # type: ignore[misc]
    """A scheme that leaves the graph alone: what is quantized is what was annotated."""

    def get_layout_transformer(self) -> "AsItIs":
        """This scheme itself."""
        return self

    def get_quantize_registry(self) -> "AsItIs":
        """This scheme itself."""
        return self

    def apply(self, model: Any, layer_quantize_map: Any) -> tuple[Any, Any]:
        """The same model."""
        return model, layer_quantize_map

    def supports(self, layer: Any) -> bool:  # noqa: ARG002
        """No layer has a configuration of its own."""
        return False
