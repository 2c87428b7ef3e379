"""Models of one layer, whose answer a test can work out: a classifier with a sigmoid, and a line."""

import numpy as np
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

CYCLE = 270
T_WAVE = slice(140, 190)
"""Points of a cycle about the T wave: the answer rises with what lies there."""


def classifier(threshold_at: float = 0.07) -> bytes:
    """A sigmoid of the T wave's height: 0.5 where its mean is `threshold_at` of the R amplitude."""
    tensors = [*_line(threshold_at), TensorSpec((1, 1), scales=[1 / 256], zero_points=[-128])]
    return build_model(tensors, [_FULLY_CONNECTED, OperatorSpec("LOGISTIC", [3], [4])], 0, 4)


def line(threshold_at: float = 0.07) -> bytes:
    """The same without the sigmoid: a number of any sign."""
    return build_model(_line(threshold_at), [_FULLY_CONNECTED], 0, 3)


_FULLY_CONNECTED = OperatorSpec("FULLY_CONNECTED", [0, 1, 2], [3], "FullyConnectedOptions")
INPUT_SCALE, WEIGHT_SCALE, ANSWER_SCALE, WEIGHT = 0.01, 0.002, 0.05, 100


def _line(threshold_at: float) -> list[TensorSpec]:
    weights = np.zeros((1, CYCLE), np.int8)
    weights[0, T_WAVE] = WEIGHT
    points = T_WAVE.stop - T_WAVE.start
    bias = -round(threshold_at / INPUT_SCALE * WEIGHT * points)
    return [
        TensorSpec((1, CYCLE), scales=[INPUT_SCALE], zero_points=[-20]),
        TensorSpec((1, CYCLE), scales=[WEIGHT_SCALE], zero_points=[0], data=weights),
        TensorSpec((1,), "int32", scales=[INPUT_SCALE * WEIGHT_SCALE], data=np.array([bias], np.int32)),
        TensorSpec((1, 1), scales=[ANSWER_SCALE], zero_points=[3]),
    ]
