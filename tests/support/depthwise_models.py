"""Models of one depthwise convolution over time, of any size."""

import numpy as np
from support.tflite_builder import OperatorSpec, TensorSpec, build_model


def depthwise(
    taps: int, channels: int, stride: int, multiplier: int, length: int, output_scale: float = 0.02
) -> bytes:
    """Random weights with a scale a channel, SAME padding, on so many points; the same every time."""
    rng = np.random.default_rng([taps, channels, stride, multiplier])
    outputs, points = channels * multiplier, -(-length // stride)
    weights = rng.integers(-127, 128, (1, taps, 1, outputs)).astype(np.int8)
    scales = rng.uniform(0.5, 1, outputs) / 127 / np.sqrt(taps)
    tensors = [
        TensorSpec((1, length, 1, channels), scales=[0.02], zero_points=[-5]),
        TensorSpec(weights.shape, scales=list(scales), zero_points=[0] * outputs, axis=3, data=weights),
        TensorSpec((1, points, 1, outputs), scales=[output_scale], zero_points=[3]),
    ]
    options = {"StrideH": stride, "StrideW": stride, "Padding": 0, "DepthMultiplier": multiplier,
               "DilationHFactor": 1, "DilationWFactor": 1}  # fmt: skip
    return build_model(
        tensors, [OperatorSpec("DEPTHWISE_CONV_2D", [0, 1], [2], "DepthwiseConv2DOptions", options)], 0, 2
    )
