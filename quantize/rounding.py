"""Quantization as training sees it: values rounded as on the board, gradients as if they were not.

The straight-through estimator of Bengio 2013; the ends of a range learn, as the step size of Esser 2020
(arXiv:1902.08153) and the thresholds of Jain 2020 (arXiv:1903.08066) do.
"""

from collections.abc import Sequence
from typing import Any

from splkit.quantize.ranges import INT8_STEPS
from splkit.train.backend import tensorflow

tf = tensorflow()

INT8_MAX = 127
GATE_SCALE = 2.0**-12
"""An LSTM's gate inputs are int16 in Q3.12, within +-8."""
LEAST_SCALE = 1e-12
"""Keeps constants that are all zero from dividing by it."""


def round_weights(weights: Any, axes: Sequence[int] | None = None) -> Any:
    """int8 weights, symmetric, one scale for all that differs in `axes` only (None: one for all)."""
    greatest = tf.stop_gradient(tf.reduce_max(tf.abs(weights), axis=axes, keepdims=True))
    scale = tf.maximum(greatest / INT8_MAX, LEAST_SCALE)
    return _rounded(weights / scale) * scale


def round_constants(constants: Any) -> Any:
    """int8 constants of an element-wise operator, over their own range."""
    bounds = (tf.stop_gradient(bound) for bound in (tf.reduce_min(constants), tf.reduce_max(constants)))
    return round_int8(constants, *bounds)


def round_int8(values: Any, low: Any, high: Any) -> Any:
    """int8 activations of the range `low` to `high`, widened to hold 0, clipped to it; its ends may learn."""
    low, high = tf.minimum(low, 0.0), tf.maximum(high, 0.0)
    scale = tf.maximum((high - low) / INT8_STEPS, LEAST_SCALE)
    offset = _rounded(-low / scale)
    steps = tf.clip_by_value(_rounded(values / scale) + offset, 0.0, INT8_STEPS)
    return (steps - offset) * scale


def round_int16(values: Any, scale: Any) -> Any:
    """int16 values, symmetric, saturated."""
    return tf.clip_by_value(_rounded(values / scale), -32768.0, 32767.0) * scale


def _rounded(values: Any) -> Any:
    return values + tf.stop_gradient(tf.round(values) - values)
