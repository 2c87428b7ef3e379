"""BatchNorm's statistics: those of the training cycles, in place of a running mean that lags behind.

Keras' running mean keeps 0.99 of itself at every step, so after an epoch of 40 steps two thirds of it are
still what it began with. What a network then answers is not what it has learned (Ioffe and Szegedy 2015,
arXiv:1502.03167, take the statistics of the training set too).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.train.backend import keras

_BATCH = 256
MOST_CYCLES = 4096
"""Of a larger set so many are taken, spread evenly: their mean is within 1/64 of a standard deviation of that
of all (standard error), and an epoch takes a fifth longer, not half as long again."""


def settle_norms(model: Any, inputs: NDArray[np.float32]) -> None:
    """Give every BatchNorm that is trained the mean and the variance, by channel, that its input has.

    One norm after the other: each sees what those before it answer with their own new statistics.

    Args:
        model: a tf_keras model; its weights stay, its norms' statistics change.
        inputs: all training cycles, float32[n, 270], R amplitude 1.
    """
    chosen = np.linspace(0, len(inputs) - 1, min(MOST_CYCLES, len(inputs))).round().astype(int)
    inputs = inputs[chosen]
    for layer in model.layers:
        if type(layer).__name__ != "BatchNormalization" or not layer.trainable:
            continue
        before = keras().Model(model.input, layer.input)
        mean, variance = _statistics(before, inputs)
        layer.moving_mean.assign(mean)
        layer.moving_variance.assign(variance)


def _statistics(model: Any, inputs: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and variance by channel of what a model answers to all inputs."""
    count, total, squares = 0, np.zeros(1), np.zeros(1)
    for start in range(0, len(inputs), _BATCH):
        answer = (
            model(inputs[start : start + _BATCH, :, np.newaxis], training=False).numpy().astype(np.float64)
        )
        rows = answer.reshape(-1, answer.shape[-1])
        count, total, squares = count + len(rows), total + rows.sum(0), squares + (rows**2).sum(0)
    mean = total / count
    with np.errstate(invalid="ignore"):  # a training that diverged is refused by its loss
        return mean, np.maximum(squares / count - mean**2, 0.0)
