"""The model zoo: networks from a one-cycle ECG to potassium."""

from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np

from splkit.ecg.frontend import CYCLE_SIZE
from splkit.errors import UsageError
from splkit.train.backend import keras
from splkit.train.blocks import Builder, StandardBuilder
from splkit.train.layer_order import LayerOrder
from splkit.train.rivals import classifier, cnn, crnn, fnn, rnn

DSCRNN_4K_PARAMETERS = 4068

Family = Literal["dscrnn", "crnn", "cnn", "rnn", "fnn", "galloway"]
"""The DSCRNN, the rivals that it was compared with, and a classifier after Galloway et al. 2019."""

Size = Literal["4k", "10k", "180k"]
"""About so many parameters."""

Regressor = Literal[
    "dscrnn_4k",
    "dscrnn_10k",
    "dscrnn_180k",
    "crnn_4k",
    "crnn_10k",
    "crnn_180k",
    "cnn_4k",
    "cnn_10k",
    "cnn_180k",
    "rnn_4k",
    "rnn_10k",
    "rnn_180k",
    "fnn_4k",
    "fnn_10k",
    "fnn_180k",
]
"""Family and size of what can be trained on SPL."""

Classifier = Literal["galloway_4k", "galloway_10k", "galloway_180k"]
"""Of what can be trained to tell hyperkalemia: it answers a probability, and no SPL."""

_DSCRNN = {"4k": (16, 10), "10k": (28, 20), "180k": (144, 112)}  # filters, LSTM units
_BLOCKS = ((128, 2), (64, 5), (64, None))  # depthwise kernel, max-pool after the block


def build(
    family: Family,
    size: Size,
    order: LayerOrder = "conv-bn-relu",
    *,
    seed: int = 0,
    answers: int = 1,
    length: int = CYCLE_SIZE,
) -> Any:
    """A network with random weights drawn from `seed`.

    Input float32[batch, length, 1], a cycle (270) or a window of 2 s (600), R amplitude 1; output
    float32[batch, answers], SPL less its offset, mEq/L, and for `galloway`
    float32[batch, 1], the probability of 5.5 mEq/L or more. Convolutions are two-dimensional over length x 1
    and every layer is named: the converter then adds no reshapes and names tensors alike in every process.

    Returns:
        An uncompiled tf_keras model.

    Raises:
        UsageError: no such family, size or order.
        ToolError: TensorFlow is not installed.
    """
    for what, found, known in (
        ("family", family, get_args(Family)),
        ("size", size, get_args(Size)),
        ("order", order, get_args(LayerOrder)),
    ):
        if found not in known:
            raise UsageError(
                f"the {what} of a network is one of {', '.join(known)}",
                found=repr(found),
                next_step="choose one of them",
            )
    return _built(family, size, Builder(order, seed, answers), f"{family}_{size}_{order}", length)


def standard_twin(family: Family, size: Size, order: LayerOrder = "conv-bn-relu", *, seed: int = 0) -> Any:
    """A network as `build` makes it, with a standard convolution in place of each separable one.

    Kernels, filters and all other layers are the same, so that it shows what separating them saves.
    """
    return _built(family, size, StandardBuilder(order, seed), f"{family}_{size}_{order}_standard", CYCLE_SIZE)


def _built(family: Family, size: Size, builder: Builder, name: str, length: int) -> Any:
    ecg = keras().layers.Input((length, 1), name="ecg")
    return keras().Model(ecg, _FAMILIES[family](builder, ecg, size), name=name)


def build_named(
    name: str,
    order: LayerOrder = "conv-bn-relu",
    *,
    seed: int = 0,
    answers: int = 1,
    length: int = CYCLE_SIZE,
) -> Any:
    """The network of a `Regressor` or `Classifier` name, otherwise as `build`."""
    family, _, size = name.partition("_")
    return build(family, size, order, seed=seed, answers=answers, length=length)  # type: ignore[arg-type]


def has_order(family: Family) -> bool:
    """Whether a network has a BatchNorm that comes before or after its ReLU."""
    return family not in ("rnn", "fnn")


def dscrnn_4k(order: LayerOrder = "conv-bn-relu", *, seed: int = 0) -> Any:
    """The posted DSCRNN of 4,068 parameters."""
    return build("dscrnn", "4k", order, seed=seed)


def _dscrnn(builder: Builder, ecg: Any, size: Size) -> Any:
    """Depthwise and 1 x 1 convolutions, then an LSTM."""
    filters, units = _DSCRNN[size]
    x = builder.as_image(ecg)
    for kernel, pool in _BLOCKS:
        x = builder.separable(x, kernel, filters, pool)
    return builder.answers(builder.lstm(builder.as_sequence(x), units))


_FAMILIES: dict[Family, Callable[[Builder, Any, Size], Any]] = {
    "dscrnn": _dscrnn,
    "crnn": crnn,
    "cnn": cnn,
    "rnn": rnn,
    "fnn": fnn,
    "galloway": classifier,
}


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
                depthwise = "depthwise" in variable.name
                fan_in = value.shape[0] if depthwise else int(np.prod(value.shape[:-1]))
                drawn.append(rng.normal(0.0, 1.5 * fan_in**-0.5, value.shape))
        layer.set_weights(drawn)
    return model
