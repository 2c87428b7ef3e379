"""Layers of the zoo, named and seeded one after the other."""

from typing import Any

from splkit.train.backend import keras
from splkit.train.layer_order import LayerOrder

LSTM_SEED = 20
"""Of the first LSTM, after those of all convolutions."""


class Builder:
    """Adds layers to a network; each has its number in its name and its seed.

    Args:
        order: of convolution, BatchNorm and ReLU.
        seed: of the first weights.
        answers: how many numbers the network gives for an ECG.
    """

    def __init__(self, order: LayerOrder, seed: int, answers: int = 1) -> None:
        self._order, self._seed, self._answers = order, seed, answers
        self._blocks = self._recurrent = self._dense = 0

    def as_image(self, cycle: Any) -> Any:
        """[samples, 1] as [samples, 1, 1]."""
        return keras().layers.Reshape((*cycle.shape[1:], 1), name="as_image")(cycle)

    def as_sequence(self, image: Any) -> Any:
        """[time, 1, channels] as [time, channels]."""
        return keras().layers.Reshape((image.shape[1], image.shape[3]), name="as_sequence")(image)

    def separable(self, x: Any, kernel: int, filters: int, pool: int | None) -> Any:
        """Depthwise and 1 x 1 convolution, BatchNorm and ReLU in the asked order, maximum pool."""
        self._blocks += 1
        x = keras().layers.DepthwiseConv2D(
            (kernel, 1),
            padding="same",
            depthwise_initializer=self._glorot(2 * self._blocks),
            name=f"depthwise{self._blocks}",
        )(x)
        x = self._convolution(x, 1, filters, name=f"pointwise{self._blocks}")
        return self._finished(x, pool)

    def convolution(self, x: Any, kernel: int, filters: int, pool: int | None) -> Any:
        """Convolution, BatchNorm and ReLU in the asked order, maximum pool."""
        self._blocks += 1
        return self._finished(self._convolution(x, kernel, filters, name=f"conv{self._blocks}"), pool)

    def lstm(self, x: Any, units: int, *, all_steps: bool = False) -> Any:
        """An LSTM; its last step, or all."""
        seed = LSTM_SEED + 10 * self._recurrent
        self._recurrent += 1
        return keras().layers.LSTM(
            units,
            return_sequences=all_steps,
            kernel_initializer=self._glorot(seed),
            recurrent_initializer=keras().initializers.Orthogonal(seed=self._seed + seed + 1),
            name="lstm" if self._recurrent == 1 else f"lstm{self._recurrent}",
        )(x)

    def dense(self, x: Any, units: int, *, name: str, activation: str | None = None) -> Any:
        """A fully connected layer."""
        self._dense += 1
        seed = LSTM_SEED + 1 + self._dense
        return keras().layers.Dense(
            units, activation=activation, kernel_initializer=self._glorot(seed), name=name
        )(x)

    def answers(self, x: Any) -> Any:
        """The network's answers about SPL, a linear layer."""
        return self.dense(x, self._answers, name="spl")

    def _convolution(self, x: Any, kernel: int, filters: int, *, name: str) -> Any:
        return keras().layers.Conv2D(
            filters,
            (kernel, 1),
            padding="same",
            kernel_initializer=self._glorot(2 * self._blocks + 1),
            name=name,
        )(x)

    def _finished(self, x: Any, pool: int | None) -> Any:
        layers = keras().layers
        norm = layers.BatchNormalization(name=f"norm{self._blocks}")
        relu = layers.ReLU(name=f"relu{self._blocks}")
        x = relu(norm(x)) if self._order == "conv-bn-relu" else norm(relu(x))
        return x if pool is None else layers.MaxPooling2D((pool, 1), name=f"pool{self._blocks}")(x)

    def _glorot(self, seed: int) -> Any:
        return keras().initializers.GlorotUniform(seed=self._seed + seed)


class StandardBuilder(Builder):
    """Puts a standard convolution of the same kernel and filters where a separable one is asked for."""

    def separable(self, x: Any, kernel: int, filters: int, pool: int | None) -> Any:
        """One convolution in place of a depthwise and a 1 x 1 one."""
        return self.convolution(x, kernel, filters, pool)
