"""The model zoo: networks from a one-cycle ECG to potassium."""

from typing import Any, Literal

import numpy as np

from splkit.errors import UsageError
from splkit.train.backend import keras

Order = Literal["fold", "seed"]
"""`fold`: convolution, BatchNorm, ReLU, which folds into the convolution and costs nothing on a board.
`seed`: convolution, ReLU, BatchNorm, as the DSCRNN was posted; it leaves a MUL and an ADD behind."""

CYCLE_SAMPLES = 270
DSCRNN_4K_PARAMETERS = 4068

_FILTERS = 16
_BLOCKS = ((128, 2), (64, 5), (64, None))  # depthwise kernel, max-pool after the block
_LSTM_UNITS = 10


def dscrnn_4k(order: Order = "fold", *, seed: int = 0) -> Any:
    """The posted DSCRNN of 4,068 parameters, with random weights drawn from `seed`.

    Input float32[batch, 270, 1], a cycle with R amplitude 1; output float32[batch, 1], SPL less its offset,
    mEq/L. Convolutions are two-dimensional over 270 x 1 and every layer is named: the converter then adds no
    reshapes and names tensors alike in every process.

    Returns:
        An uncompiled tf_keras model.

    Raises:
        UsageError: `order` is neither `fold` nor `seed`.
        ToolError: TensorFlow is not installed.
    """
    if order not in ("fold", "seed"):
        raise UsageError(
            "the order of a block is fold or seed", found=repr(order), next_step="use fold for boards"
        )
    layers, initializers = keras().layers, keras().initializers
    ecg = layers.Input((CYCLE_SAMPLES, 1), name="ecg")
    x = layers.Reshape((CYCLE_SAMPLES, 1, 1), name="as_image")(ecg)
    for number, (kernel, pool) in enumerate(_BLOCKS, start=1):
        x = _block(x, number, kernel, order, seed)
        if pool is not None:
            x = layers.MaxPooling2D((pool, 1), name=f"pool{number}")(x)
    x = layers.Reshape((x.shape[1], _FILTERS), name="as_sequence")(x)
    x = layers.LSTM(
        _LSTM_UNITS,
        kernel_initializer=initializers.GlorotUniform(seed=seed + 20),
        recurrent_initializer=initializers.Orthogonal(seed=seed + 21),
        name="lstm",
    )(x)
    spl = layers.Dense(1, kernel_initializer=initializers.GlorotUniform(seed=seed + 22), name="spl")(x)
    return keras().Model(ecg, spl, name=f"dscrnn_4k_{order}")


def randomize(model: Any, seed: int) -> Any:
    """Draw every weight of `model`, biases and BatchNorm statistics included, and return it.

    A fresh model has zero biases and unit statistics, which a converter folds into less than a trained model
    needs; tests of converters and generators want the whole graph, with activations that stay about 1.
    """
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        drawn = []
        for variable, value in zip(layer.weights, layer.get_weights(), strict=True):
            if "variance" in variable.name:
                drawn.append(rng.uniform(0.3, 1.0, value.shape))
            elif "gamma" in variable.name:
                drawn.append(rng.uniform(0.7, 1.5, value.shape) * rng.choice((-1.0, 1.0), value.shape))
            elif value.ndim == 1:
                drawn.append(rng.normal(0.0, 0.1, value.shape))
            else:
                fan_in = value.shape[0] if value.ndim == 2 or "depthwise" in variable.name else value.shape[2]
                drawn.append(rng.normal(0.0, 1.5 * fan_in**-0.5, value.shape))
        layer.set_weights(drawn)
    return model


def _block(x: Any, number: int, kernel: int, order: Order, seed: int) -> Any:
    """Depthwise and 1 x 1 convolution, then BatchNorm and ReLU in the asked order."""
    layers, initializers = keras().layers, keras().initializers
    x = layers.DepthwiseConv2D(
        (kernel, 1),
        padding="same",
        depthwise_initializer=initializers.GlorotUniform(seed=seed + 2 * number),
        name=f"depthwise{number}",
    )(x)
    x = layers.Conv2D(
        _FILTERS,
        1,
        kernel_initializer=initializers.GlorotUniform(seed=seed + 2 * number + 1),
        name=f"pointwise{number}",
    )(x)
    norm = layers.BatchNormalization(name=f"norm{number}")
    relu = layers.ReLU(name=f"relu{number}")
    return relu(norm(x)) if order == "fold" else norm(relu(x))
