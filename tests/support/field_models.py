"""Networks of the shapes of MLPerf Tiny's and TensorFlow Lite Micro's example models, with random weights.

The real ones are public, and too large to be kept here. What an inference costs depends on their shapes, but
for a few instructions.

Sources of the shapes: MLPerf Tiny (https://github.com/mlcommons/tiny), the models of keyword spotting, image
classification and visual wake words; tflite-micro's micro_speech example.
"""

from collections.abc import Callable

import numpy as np
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

RELU, SAME, VALID = 1, 0, 1
SCALE, SPREAD = 0.05, 40.0
"""Of activations, and how many steps of one the standard deviation of a sum becomes."""
DEVIATION = 73.0
"""Of random weights and inputs."""
RECTIFIED = SPREAD / 2**0.5
"""Root of the mean square of what a RELU leaves of a deviation of SPREAD."""


class ImageNetwork:
    """A network under construction; `shape` and `last` are those of its newest activation."""

    def __init__(self, *shape: int) -> None:
        self._rng = np.random.default_rng(sum(shape))
        self.tensors = [TensorSpec((1, *shape), scales=[SCALE])]
        self.operators: list[OperatorSpec] = []
        self.shape, self.last, self._averaged = shape, 0, 1

    def conv(self, filters: int, taps: tuple[int, int], stride: int = 1, relu: bool = True) -> int:
        """A convolution with SAME padding."""
        weights = (filters, *taps, self.shape[-1])
        return self._filtered("CONV_2D", "Conv2DOptions", weights, 0, stride, relu, {})

    def depthwise(self, taps: tuple[int, int] = (3, 3), stride: int = 1, multiplier: int = 1) -> int:
        """A depthwise convolution with SAME padding."""
        weights, options = (1, *taps, self.shape[-1] * multiplier), {"DepthMultiplier": multiplier}
        name = "DepthwiseConv2DOptions"
        return self._filtered("DEPTHWISE_CONV_2D", name, weights, 3, stride, True, options)

    def add(self, other: int) -> None:
        """The sum with an earlier activation."""
        scale = 1.5 * max(self.tensors[each].scales[0] for each in (self.last, other))
        inputs, options = [self.last, other], {"FusedActivationFunction": RELU}
        self._operator("ADD", inputs, self.shape, scale, -128, "AddOptions", options)

    def pool(self) -> None:
        """The mean of each channel."""
        high, wide, channels = self.shape
        self._averaged = high * wide
        options = {
            "FilterHeight": high,
            "FilterWidth": wide,
            "StrideH": high,
            "StrideW": wide,
            "Padding": VALID,
        }
        source = self.tensors[self.last]
        shape, scale, zero = (1, 1, channels), source.scales[0], source.zero_points[0]
        self._operator(
            "AVERAGE_POOL_2D", [self.last], shape, scale, zero, "Pool2DOptions", options | {"Padding": VALID}
        )

    def classify(self, classes: int) -> bytes:
        """A fully connected layer and a softmax; the file."""
        inputs = int(np.prod(self.shape))
        weights = self._weights((classes, inputs), 0, inputs)
        # Means differ less from input to input, and from each other, than what they are taken of.
        rows = self.tensors[weights]
        rows.scales = [scale * self._averaged**0.5 for scale in rows.scales]
        even = rows.data - np.rint(rows.data.mean(axis=1, keepdims=True))
        rows.data = np.clip(even, -127, 127).astype(np.int8)
        self._operator(
            "FULLY_CONNECTED", [self.last, weights], (classes,), SCALE, 5, "FullyConnectedOptions", {}
        )
        self._operator("SOFTMAX", [self.last], (classes,), 1 / 256, -128, "SoftmaxOptions", {"Beta": 1.0})
        return build_model(self.tensors, self.operators, 0, self.last)

    def _filtered(
        self,
        kind: str,
        options_type: str,
        weights: tuple[int, ...],
        axis: int,
        stride: int,
        relu: bool,
        options: dict[str, int],
    ) -> int:
        high, wide = (-(-length // stride) for length in self.shape[:2])
        products = int(np.prod(weights[1:] if axis == 0 else weights[1:3]))
        bias = self._rng.integers(-2000, 2000, weights[axis]).astype(np.int32)
        addends = self._add(TensorSpec(bias.shape, "int32", data=bias))
        tensors = [self.last, self._weights(weights, axis, products), addends]
        options |= {"StrideH": stride, "StrideW": stride, "Padding": SAME}
        options |= {"DilationHFactor": 1, "DilationWFactor": 1}
        options |= {"FusedActivationFunction": RELU if relu else 0}
        shape, zero_point = (high, wide, weights[axis]), -128 if relu else 3
        return self._operator(kind, tensors, shape, SCALE, zero_point, options_type, options)

    def _weights(self, shape: tuple[int, ...], axis: int, products: int) -> int:
        """Random ones, whose sums of so many products fill the output's range."""
        source = self.tensors[self.last].scales[0] * (RECTIFIED if self.last else DEVIATION)
        scale = SCALE * SPREAD / (source * DEVIATION * products**0.5)
        data, channels = self._rng.integers(-127, 128, shape).astype(np.int8), shape[axis]
        zeros = [0] * channels
        return self._add(
            TensorSpec(shape, scales=[scale] * channels, zero_points=zeros, axis=axis, data=data)
        )

    def _operator(
        self,
        kind: str,
        inputs: list[int],
        shape: tuple[int, ...],
        scale: float,
        zero_point: int,
        options_type: str,
        options: dict[str, float],
    ) -> int:
        self.last = self._add(TensorSpec((1, *shape), scales=[scale], zero_points=[zero_point]))
        self.operators.append(OperatorSpec(kind, inputs, [self.last], options_type, options))
        self.shape = shape
        return self.last

    def _add(self, tensor: TensorSpec) -> int:
        self.tensors.append(tensor)
        return len(self.tensors) - 1


def keyword_spotting() -> bytes:
    """DS-CNN: 49 frames of 10 features."""
    network = ImageNetwork(49, 10, 1)
    network.conv(64, (10, 4), 2)
    for _ in range(4):
        network.depthwise()
        network.conv(64, (1, 1))
    network.pool()
    return network.classify(12)


def resnet8() -> bytes:
    """ResNet of 8 layers on 32 x 32 x 3."""
    network = ImageNetwork(32, 32, 3)
    shortcut = network.conv(16, (3, 3))
    for filters, stride in ((16, 1), (32, 2), (64, 2)):
        entry, shape = shortcut, network.shape
        network.conv(filters, (3, 3), stride)
        main, reached = network.conv(filters, (3, 3), relu=False), network.shape
        if stride > 1:
            network.last, network.shape = entry, shape
            entry = network.conv(filters, (1, 1), stride, relu=False)
            network.last, network.shape = main, reached
        network.add(entry)
        shortcut = network.last
    network.pool()
    return network.classify(10)


def micro_speech() -> bytes:
    """One depthwise convolution of a spectrogram of 49 x 40, a fully connected layer."""
    network = ImageNetwork(49, 40, 1)
    network.depthwise((10, 8), 2, 8)
    return network.classify(4)


def visual_wake_words() -> bytes:
    """MobileNet 0.25 on 96 x 96 x 3."""
    network = ImageNetwork(96, 96, 3)
    network.conv(8, (3, 3), 2)
    for filters, stride in (
        *((16, 1), (32, 2), (32, 1), (64, 2), (64, 1)),
        *((128, 2), *[(128, 1)] * 5, (256, 2), (256, 1)),
    ):
        network.depthwise(stride=stride)
        network.conv(filters, (1, 1))
    network.pool()
    return network.classify(2)


FIELD_MODELS: dict[str, Callable[[], bytes]] = {
    "keyword spotting ds-cnn": keyword_spotting,
    "ResNet8": resnet8,
    "micro_speech": micro_speech,
    "visual wake words": visual_wake_words,
}
