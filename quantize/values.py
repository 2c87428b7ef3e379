"""The values inside a float model that an int8 one quantizes."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.quantize.ranges import Range, check_ranges
from splkit.train.backend import keras

Values = dict[str, NDArray[np.float32]]
"""By "<layer>/<part>": "output" of every layer; "scaled" of a BatchNorm, its product before its sum; "cell"
of an LSTM, whose "output" is its hidden state; both at every step, [batch, step, unit]."""

_BATCH = 256


def layer_values(model: Any, inputs: NDArray[np.float32]) -> Iterator[Values]:
    """Every value of a tf_keras `model`, batch by batch, for inputs float32[n, samples]."""
    layers = [layer for layer in model.layers if layer.output is not model.input]
    inside = keras().Model(model.input, [[layer.input, layer.output] for layer in layers])
    for start in range(0, len(inputs), _BATCH):
        batch = inputs[start : start + _BATCH, :, np.newaxis]
        values = {f"{model.input_names[0]}/output": batch}
        for layer, (source, output) in zip(layers, inside(batch, training=False), strict=True):
            parts = _PARTS.get(type(layer).__name__, _whole)(layer, source.numpy(), output.numpy())
            values |= {f"{layer.name}/{part}": value for part, value in parts.items()}
        yield values


def observed_ranges(model: Any, inputs: NDArray[np.float32], wanted: Iterable[str]) -> dict[str, Range]:
    """The least and greatest of the `wanted` values over all `inputs`.

    Raises:
        ModelError: a value does not vary or is not finite.
    """
    names = list(wanted)
    lows, highs = dict.fromkeys(names, np.inf), dict.fromkeys(names, -np.inf)
    for values in layer_values(model, inputs):
        lows = {name: np.minimum(low, values[name].min()) for name, low in lows.items()}
        highs = {name: np.maximum(high, values[name].max()) for name, high in highs.items()}
    ranges = {name: Range(float(lows[name]), float(highs[name])) for name in lows}
    check_ranges(ranges)
    return ranges


def _whole(_layer: Any, _source: NDArray[np.float32], output: NDArray[np.float32]) -> Values:
    return {"output": output}


def _of_norm(layer: Any, source: NDArray[np.float32], output: NDArray[np.float32]) -> Values:
    factor = layer.gamma.numpy() / np.sqrt(layer.moving_variance.numpy() + layer.epsilon)
    return {"scaled": (source * factor).astype(np.float32), "output": output}


def _of_lstm(layer: Any, source: NDArray[np.float32], _output: NDArray[np.float32]) -> Values:
    """Hidden and cell states at every step (Hochreiter and Schmidhuber 1997, with Gers' forget gate)."""
    kernel, recurrent, bias = layer.get_weights()
    driven = source @ kernel + bias
    hidden = cell = np.zeros((len(source), layer.units), np.float32)
    hiddens, cells = [], []
    for step in range(source.shape[1]):
        i, f, g, o = np.split(driven[:, step] + hidden @ recurrent, 4, axis=1)
        cell = _sigmoid(f) * cell + _sigmoid(i) * np.tanh(g)
        hidden = _sigmoid(o) * np.tanh(cell)
        cells.append(cell)
        hiddens.append(hidden)
    return {"output": np.stack(hiddens, axis=1), "cell": np.stack(cells, axis=1)}


def _sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)), np.float32)


_PARTS: dict[str, Callable[[Any, NDArray[np.float32], NDArray[np.float32]], Values]] = {
    "BatchNormalization": _of_norm,
    "LSTM": _of_lstm,
}
