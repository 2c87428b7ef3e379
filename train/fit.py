"""The training loop: each epoch has a seed of its own, so that a run can be cut off and taken up again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from splkit.console import Advance, ignore_progress
from splkit.errors import ModelError
from splkit.train import checkpoint
from splkit.train.backend import keras, tensorflow
from splkit.train.checkpoint import Epoch
from splkit.train.config import TrainConfig
from splkit.train.dataset import CycleSet

WEIGHTS = "weights.h5"


@dataclass(frozen=True)
class Example:
    """Inputs float32[n, 270] and targets float32[n], SPL less its offset."""

    inputs: NDArray[np.float32]
    targets: NDArray[np.float32]

    @classmethod
    def of(cls, cycles: CycleSet, offset_meq_l: float) -> Self:
        """Cycles as the model takes them."""
        return cls(cycles.inputs, (cycles.potassium_meq_l - offset_meq_l).astype(np.float32))


def fit(
    model: Any,
    config: TrainConfig,
    train: Example,
    validation: Example,
    folder: Path,
    advance: Advance = ignore_progress,
) -> list[Epoch]:
    """Train `model`, leave it with the weights of the epoch that did best on `validation`, and save them.

    Every epoch ends with a checkpoint in `folder`; where one is there already, training goes on after it and
    ends as if it had never stopped. `advance` counts patients an epoch.

    Raises:
        ModelError: the loss is not finite, or the checkpoint is damaged.
    """
    tensorflow().config.experimental.enable_op_determinism()
    model.compile(keras().optimizers.Adam(config.learning_rate), "mse")
    history = checkpoint.take_up(model, folder)
    advance(config.patients * len(history))
    for epoch in range(len(history), config.epochs):
        now = _train_epoch(model, config, epoch, train, validation)
        if not history or now.validation_mse < min(row.validation_mse for row in history):
            model.save_weights(folder / WEIGHTS)
        history.append(now)
        checkpoint.save(model, history, folder)
        advance(config.patients)
    model.load_weights(folder / WEIGHTS)
    return history


def _train_epoch(model: Any, config: TrainConfig, epoch: int, train: Example, validation: Example) -> Epoch:
    keras().utils.set_random_seed(config.seed * 1000 + epoch)
    order = np.random.default_rng([config.seed, epoch]).permutation(len(train.targets))
    seen = model.fit(
        train.inputs[order], train.targets[order], batch_size=config.batch, shuffle=False, verbose=0
    )
    train_mse = float(seen.history["loss"][0])
    if not np.isfinite(train_mse):
        raise ModelError(
            "the training loss is finite",
            found=f"{train_mse} in epoch {epoch + 1}",
            next_step="lower the learning rate",
        )
    return Epoch(
        epoch + 1, train_mse, float(model.evaluate(validation.inputs, validation.targets, verbose=0))
    )
