"""Models of one layer, whose answer a test can work out: a classifier with a sigmoid, and a line."""

import numpy as np
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit.ecg.frontend import CYCLE, Window

T_WAVE = (50, 100)
"""Points after R about the T wave: the answer rises with what lies there."""


def classifier(threshold_at: float = 0.07, window: Window = CYCLE) -> bytes:
    """A sigmoid of the T wave's height: 0.5 where its mean is `threshold_at` of the R amplitude."""
    tensors = [*_line(threshold_at, window), TensorSpec((1, 1), scales=[1 / 256], zero_points=[-128])]
    return build_model(tensors, [_FULLY_CONNECTED, OperatorSpec("LOGISTIC", [3], [4])], 0, 4)


def line(threshold_at: float = 0.07, window: Window = CYCLE) -> bytes:
    """The same without the sigmoid: a number of any sign."""
    return build_model(_line(threshold_at, window), [_FULLY_CONNECTED], 0, 3)


_FULLY_CONNECTED = OperatorSpec("FULLY_CONNECTED", [0, 1, 2], [3], "FullyConnectedOptions")
INPUT_SCALE, WEIGHT_SCALE, ANSWER_SCALE, WEIGHT = 0.01, 0.002, 0.05, 100


def _line(threshold_at: float, window: Window) -> list[TensorSpec]:
    size, (first, last) = window.size, (window.r_index + point for point in T_WAVE)
    weights = np.zeros((1, size), np.int8)
    weights[0, first:last] = WEIGHT
    points = last - first
    bias = -round(threshold_at / INPUT_SCALE * WEIGHT * points)
    return [
        TensorSpec((1, size), scales=[INPUT_SCALE], zero_points=[-20]),
        TensorSpec((1, size), scales=[WEIGHT_SCALE], zero_points=[0], data=weights),
        TensorSpec((1,), "int32", scales=[INPUT_SCALE * WEIGHT_SCALE], data=np.array([bias], np.int32)),
        TensorSpec((1, 1), scales=[ANSWER_SCALE], zero_points=[3]),
    ]
