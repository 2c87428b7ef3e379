"""Layers of ours for what TensorFlow Model Optimization cannot quantize: the LSTM, an unfolded BatchNorm."""

from typing import Any

from splkit.quantize.ranges import Range
from splkit.quantize.rounding import GATE_SCALE, round_constants, round_int8, round_int16, round_weights
from splkit.train.backend import keras, tensorflow

tf, kr = tensorflow(), keras()


def add_range(layer: Any, part: str, start: Range, *, learns: bool = True) -> tuple[Any, Any]:
    """Variables `<part>_low` and `<part>_high` of `layer`."""
    low, high = (
        layer.add_weight(f"{part}_{end}", (), initializer=kr.initializers.Constant(value), trainable=learns)
        for end, value in zip(("low", "high"), start, strict=True)
    )
    return low, high


class QuantizedNorm(kr.layers.Layer):  # type: ignore[misc, name-defined]
    """BatchNorm with fixed statistics, as the MUL and the ADD that the converter makes of one it cannot fold.

    Args:
        epsilon: of the BatchNorm.
        scaled, output: ranges to start from, of the product and of the sum.
    """

    def __init__(self, epsilon: float, scaled: Range, output: Range, **options: Any) -> None:
        super().__init__(**options)
        self._settings: dict[str, Any] = {"epsilon": epsilon, "scaled": scaled, "output": output}

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return dict(super().get_config(), **self._settings)

    def build(self, input_shape: Any) -> None:
        """Add a BatchNorm's weights and the two ranges."""
        size = (input_shape[-1],)
        self._gamma, self._beta = (self.add_weight(name, size) for name in ("gamma", "beta"))
        self._mean, self._variance = (
            self.add_weight(name, size, trainable=False) for name in ("moving_mean", "moving_variance")
        )
        self._scaled = add_range(self, "scaled", self._settings["scaled"])
        self._output = add_range(self, "output", self._settings["output"])

    def call(self, inputs: Any) -> Any:
        """Scale and shift `inputs`."""
        factor = self._gamma / tf.sqrt(self._variance + self._settings["epsilon"])
        scaled = round_int8(inputs * round_constants(factor), *self._scaled)
        return round_int8(scaled + round_constants(self._beta - self._mean * factor), *self._output)


class QuantizedLSTM(kr.layers.Layer):  # type: ignore[misc, name-defined]
    """An LSTM as TensorFlow Lite Micro computes it in int8, the last hidden state or all of them as output.

    Gate weights int8, one scale a gate; gate inputs int16 within +-8; cell int16 with a power of two for its
    scale; hidden state int8 at each step. The activations, int16 tables there, are exact here.

    Args:
        units: hidden units.
        return_sequences: give the hidden state of every step.
        output: range to start from, of the hidden state.
        cell: range of the cell, +- a power of two; fixed.
    """

    def __init__(
        self, units: int, return_sequences: bool, output: Range, cell: Range, **options: Any
    ) -> None:
        super().__init__(**options)
        self._settings: dict[str, Any] = {
            "units": units, "return_sequences": return_sequences, "output": output, "cell": cell,
        }  # fmt: skip

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return dict(super().get_config(), **self._settings)

    def build(self, input_shape: Any) -> None:
        """Add a Keras LSTM's weights and the two ranges."""
        units = self._settings["units"]
        self._kernel = self.add_weight("kernel", (input_shape[-1], 4 * units))
        self._recurrent = self.add_weight("recurrent_kernel", (units, 4 * units))
        self._bias = self.add_weight("bias", (4 * units,))
        self._output = add_range(self, "output", self._settings["output"])
        self._cell = add_range(self, "cell", self._settings["cell"], learns=False)

    def call(self, inputs: Any) -> Any:
        """Run over `inputs`, [batch, step, feature]."""
        kernel, recurrent = (self._by_gate(weights) for weights in (self._kernel, self._recurrent))
        driven = round_int16(inputs @ kernel + self._bias, GATE_SCALE)
        cell_scale = self._cell[1] / 2**15

        def step(driven: Any, states: list[Any]) -> tuple[Any, list[Any]]:
            hidden, cell = states
            gates = round_int16(driven + round_int16(hidden @ recurrent, GATE_SCALE), GATE_SCALE)
            i, f, g, o = tf.split(gates, 4, axis=1)
            cell = round_int16(tf.sigmoid(f) * cell + tf.sigmoid(i) * tf.tanh(g), cell_scale)
            hidden = round_int8(tf.sigmoid(o) * tf.tanh(cell), *self._output)
            return hidden, [hidden, cell]

        start = [tf.zeros((tf.shape(inputs)[0], self._settings["units"]))] * 2
        last, every, _ = kr.backend.rnn(step, driven, start)
        return every if self._settings["return_sequences"] else last

    @staticmethod
    def _by_gate(weights: Any) -> Any:
        return tf.concat([round_weights(gate) for gate in tf.split(weights, 4, axis=1)], axis=1)
