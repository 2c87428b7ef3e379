"""The training loop: each epoch has a seed of its own, so that a run can be cut off and taken up again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from splkit.errors import ModelError
from splkit.progress import Advance, ignore_progress
from splkit.train import checkpoint
from splkit.train.backend import keras, tensorflow
from splkit.train.balance import balance
from splkit.train.checkpoint import Epoch
from splkit.train.config import TrainConfig
from splkit.train.cycle_set import CycleSet
from splkit.train.hyperkalemia import is_positive
from splkit.train.norms import settle_norms

WEIGHTS = "weights.h5"


@dataclass(frozen=True)
class Example:
    """Inputs float32[n, 270], targets float32[n, k] and each one's weight, float32[n].

    A target is SPL less its offset, or a class. There is one target for all answers of a network, or one for
    each.
    """

    inputs: NDArray[np.float32]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]

    @classmethod
    def of(cls, cycles: CycleSet, offset_meq_l: float, exponent: float) -> Self:
        """Cycles as the model takes them, balanced with that exponent."""
        targets = (cycles.potassium_meq_l - offset_meq_l).astype(np.float32)[:, np.newaxis]
        return cls(cycles.inputs, targets, balance(cycles.potassium_meq_l, exponent))

    @classmethod
    def of_classes(cls, cycles: CycleSet) -> Self:
        """Cycles as a classifier takes them: 1 is hyperkalemia, 0 is none."""
        targets = is_positive(cycles).astype(np.float32)[:, np.newaxis]
        return cls(cycles.inputs, targets, np.ones(len(targets), np.float32))


def fit(
    model: Any,
    config: TrainConfig,
    train: Example,
    validation: Example,
    folder: Path,
    advance: Advance = ignore_progress,
    *,
    loss: Any = "mse",
) -> list[Epoch]:
    """Train `model`, leave it with the weights of the epoch that did best on `validation`, and save them.

    Every epoch ends with a checkpoint in `folder`; where one is there already, training goes on after it and
    ends as if it had never stopped. BatchNorm gets the statistics of the training cycles before each
    validation (`splkit.train.norms`). The learning rate falls to nothing over the epochs, as half a cosine
    (Loshchilov and Hutter 2017, arXiv:1608.03983). `advance` counts patients an epoch; `loss` is as
    `tf_keras` takes it.

    Raises:
        ModelError: the loss is not finite, or the checkpoint is damaged.
    """
    tensorflow().config.experimental.enable_op_determinism()
    steps = config.epochs * -(-_passes(config, train) * len(train.targets) // config.batch)
    falling = keras().optimizers.schedules.CosineDecay(config.learning_rate, steps)
    model.compile(keras().optimizers.Adam(falling), loss)
    model.optimizer.build(model.trainable_variables)  # otherwise the first step would be traced twice
    history = checkpoint.take_up(model, folder)
    advance(config.patients * len(history))
    for epoch in range(len(history), config.epochs):
        now = _train_epoch(model, config, epoch, train, validation)
        if not history or now.validation_loss < min(row.validation_loss for row in history):
            model.save_weights(folder / WEIGHTS)
        history.append(now)
        checkpoint.save(model, history, folder)
        advance(config.patients)
    model.load_weights(folder / WEIGHTS)
    return history


def _passes(config: TrainConfig, train: Example) -> int:
    """Over the training cycles in one epoch: as few as make the least number of steps."""
    return (config.least_steps - 1) * config.batch // len(train.targets) + 1


def _train_epoch(model: Any, config: TrainConfig, epoch: int, train: Example, validation: Example) -> Epoch:
    seed = config.seed_of_weights
    keras().utils.set_random_seed(seed * 1000 + epoch)
    rng = np.random.default_rng([seed, epoch])
    order = np.concatenate([rng.permutation(len(train.targets)) for _ in range(_passes(config, train))])
    seen = model.fit(
        train.inputs[order],
        train.targets[order],
        sample_weight=train.weights[order],
        batch_size=config.batch,
        shuffle=False,
        verbose=0,
    )
    settle_norms(model, train.inputs)
    held_out = model.evaluate(
        validation.inputs, validation.targets, sample_weight=validation.weights, verbose=0
    )
    now = Epoch(epoch + 1, float(seen.history["loss"][0]), float(held_out))
    if not np.isfinite(now).all():
        raise ModelError(
            "the errors in training and validation are finite",
            found=f"{now.train_loss} and {now.validation_loss} in epoch {now.epoch}",
            next_step="lower the learning rate",
        )
    return now
