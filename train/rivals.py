"""The networks that a DSCRNN is compared with, of the same three sizes."""

from typing import Any

from splkit.train.backend import keras
from splkit.train.blocks import Builder

_FNN = {"4k": (14, 14), "10k": (34, 16), "180k": (400, 176)}  # units of both hidden layers
_CNN = {"4k": (8, 14, 20), "10k": (12, 22, 32), "180k": (48, 112, 120)}  # filters of each block
_CNN_BLOCKS = ((15, 2), (11, 3), (9, 3))  # kernel, max-pool after the block
_RNN = {"4k": (20, 14), "10k": (30, 26), "180k": (134, 110)}  # units of both LSTMs
_RNN_STEP_SAMPLES = 3
_CRNN = {"4k": (12, 17), "10k": (20, 27), "180k": (88, 112)}  # filters, LSTM units
_CRNN_BLOCKS = ((15, 2), (11, 5))
_CLASSIFIER = {"4k": 8, "10k": 13, "180k": 60}  # filters of every layer
_CLASSIFIER_POOLS = (None, 2, None, 2, None, 2, None, 2, None, 2, None)  # after each of eleven layers
_CLASSIFIER_KERNEL = 5


def fnn(builder: Builder, ecg: Any, size: str) -> Any:
    """A feed-forward network of two hidden layers."""
    x = keras().layers.Reshape((ecg.shape[1],), name="as_vector")(ecg)
    for number, units in enumerate(_FNN[size], start=1):
        x = builder.dense(x, units, activation="relu", name=f"hidden{number}")
    return builder.answers(x)


def cnn(builder: Builder, ecg: Any, size: str) -> Any:
    """Convolutions, then the mean over time."""
    x = builder.as_image(ecg)
    for filters, (kernel, pool) in zip(_CNN[size], _CNN_BLOCKS, strict=True):
        x = builder.convolution(x, kernel, filters, pool)
    return builder.answers(keras().layers.GlobalAveragePooling2D(name="mean")(x))


def rnn(builder: Builder, ecg: Any, size: str) -> Any:
    """Two LSTMs over steps of three samples."""
    shape = (ecg.shape[1] // _RNN_STEP_SAMPLES, _RNN_STEP_SAMPLES)
    first, second = _RNN[size]
    x = builder.lstm(keras().layers.Reshape(shape, name="as_steps")(ecg), first, all_steps=True)
    return builder.answers(builder.lstm(x, second))


def crnn(builder: Builder, ecg: Any, size: str) -> Any:
    """Convolutions, then an LSTM."""
    filters, units = _CRNN[size]
    x = builder.as_image(ecg)
    for kernel, pool in _CRNN_BLOCKS:
        x = builder.convolution(x, kernel, filters, pool)
    return builder.answers(builder.lstm(builder.as_sequence(x), units))


def classifier(builder: Builder, ecg: Any, size: str) -> Any:
    """Eleven convolutions and the probability of 5.5 mEq/L or more.

    After Galloway et al. 2019, "Development and validation of a deep-learning model to screen for
    hyperkalemia from the electrocardiogram", JAMA Cardiol 4(5):428-436, whose network reads ten seconds of
    two or four leads: this one has its kind and depth, on one cycle of one lead.
    """
    x = builder.as_image(ecg)
    for pool in _CLASSIFIER_POOLS:
        x = builder.convolution(x, _CLASSIFIER_KERNEL, _CLASSIFIER[size], pool)
    x = keras().layers.GlobalAveragePooling2D(name="mean")(x)
    return builder.dense(x, 1, activation="sigmoid", name="hyperkalemia")
