"""Cross-layer equalization: the channels of a depthwise convolution are brought to one range, at no cost.

After Nagel 2019 (arXiv:1906.04721). One scale serves all channels of an activation; a 1 x 1 convolution
behind a depthwise one takes back what each channel was scaled by, so that the model computes the same.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from splkit.quantize.values import layer_values

MOST: Final = 32
"""By which a channel is raised; those of trained networks differ by 3. A nearly silent one would be raised by
thousands: a single int8 step of it would then move the answer, and fast kernels could not rescale it."""


def equalize(model: Any, inputs: NDArray[np.float32]) -> None:
    """Scale the weights of `model` so that each depthwise output has one range in all its channels.

    A channel that is nearly silent is raised by `MOST` and stays below it.

    Args:
        model: a tf_keras model, changed in place; what it computes stays the same.
        inputs: float32[n, samples], on which ranges are observed.
    """
    pairs = {
        layer.name: node.layer
        for layer in model.layers
        if type(layer).__name__ == "DepthwiseConv2D" and layer.activation.__name__ == "linear"
        for node in layer.outbound_nodes[:1]
        if type(node.layer).__name__ == "Conv2D" and len(layer.outbound_nodes) == 1
    }
    greatest: dict[str, NDArray[np.float32]] = {}
    for values in layer_values(model, inputs):
        for name in pairs:
            channels = np.abs(values[f"{name}/output"]).max(axis=(0, 1, 2))
            greatest[name] = np.maximum(greatest.get(name, channels), channels)
    for name, behind in pairs.items():
        _scale(model.get_layer(name), behind, greatest[name])


def _scale(depthwise: Any, behind: Any, greatest: NDArray[np.float32]) -> None:
    silent = greatest == 0
    factor = np.where(silent, 1.0, np.minimum(greatest.max() / np.where(silent, 1.0, greatest), MOST))
    kernel, bias = depthwise.get_weights()
    depthwise.set_weights([kernel * factor.reshape(1, 1, *kernel.shape[2:]), bias * factor])
    kernel, bias = behind.get_weights()
    behind.set_weights([kernel / factor[:, np.newaxis], bias])
