"""The training loop: each epoch has a seed of its own, so that a run can be cut off and taken up again."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from splkit.errors import ModelError
from splkit.progress import Advance, ignore_progress, stage, tell
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
    name: str = "training",
    strategy: Any = None,
) -> list[Epoch]:
    """Train `model`, leave it with the weights of the epoch that did best on `validation`, and save them.

    Every epoch ends with a checkpoint in `folder`; where one is there already, training goes on after it and
    ends as if it had never stopped. BatchNorm gets the statistics of the training cycles before each
    validation (`splkit.train.norms`). The learning rate falls to nothing over the epochs, as half a cosine
    (Loshchilov and Hutter 2017, arXiv:1608.03983). After each of `config.restarts` it falls anew, from the
    best weights so far.

    Args:
        model: a tf_keras model of one device.
        config: of the run.
        train: what it learns.
        validation: what chooses the epoch.
        folder: of the checkpoint and the weights.
        advance: counts patients an epoch.
        loss: as tf_keras takes it.
        name: of the work, as `advance` shows it.
        strategy: of `splkit.train.backend.training_strategy`; where it has several devices, they train a twin
            of the model in step, and the model judges it.

    Raises:
        ModelError: the loss is not finite, or the checkpoint is damaged.
    """
    tensorflow().config.experimental.enable_op_determinism()
    twin = _twin(model, strategy, loss)
    history = checkpoint.read_history(folder)
    stage(advance, name, config.patients * config.epochs, "")
    advance(config.patients * len(history))
    for first, end in pairwise((0, *config.restarts, config.epochs)):
        if len(history) >= end:
            continue
        _compile(twin, config, end - first, train, loss)
        if len(history) == first > 0:
            twin.load_weights(folder / WEIGHTS)
        else:
            checkpoint.take_up(twin, folder)
        for epoch in range(len(history), end):
            started = monotonic()
            seen = _pass_over(twin, config, epoch, train, advance)
            now = Epoch(epoch + 1, seen, _judge(model, twin, train, validation))
            _check_finite(now)
            if not history or now.validation_loss < min(row.validation_loss for row in history):
                model.save_weights(folder / WEIGHTS)
            history.append(now)
            checkpoint.save(twin, history, folder)
            tell(advance, _told(history, config, train, monotonic() - started))
            advance(config.patients - _before_last_step(config, train))
    model.load_weights(folder / WEIGHTS)
    return history


def _twin(model: Any, strategy: Any, loss: Any) -> Any:
    """What is trained: the model itself, or, on several devices, a copy of it that they share."""
    if strategy is None or strategy.num_replicas_in_sync == 1:
        return model
    model.compile(loss=loss)
    with strategy.scope():
        twin = keras().models.clone_model(model)
    twin.set_weights(model.get_weights())
    return twin


def _compile(model: Any, config: TrainConfig, epochs: int, train: Example, loss: Any) -> None:
    with model.distribute_strategy.scope():
        falling = keras().optimizers.schedules.CosineDecay(
            config.learning_rate, epochs * _steps(config, train)
        )
        model.compile(keras().optimizers.Adam(falling), loss)
        model.optimizer.build(model.trainable_variables)  # otherwise the first step would be traced twice


def _told(history: list[Epoch], config: TrainConfig, train: Example, seconds: float) -> str:
    """The newest errors, and how fast they came."""
    now, best = history[-1], min(history, key=lambda row: row.validation_loss)
    speed = _passes(config, train) * len(train.targets) / max(seconds, 1e-9)
    return (
        f"epoch {now.epoch} of {config.epochs}: training {now.train_loss:.3f}, validation "
        f"{now.validation_loss:.3f}, best {best.validation_loss:.3f} in {best.epoch}; {speed:,.0f} cycles/s"
    )


def _steps(config: TrainConfig, train: Example) -> int:
    """Of an epoch."""
    return -(-_passes(config, train) * len(train.targets) // config.batch)


def _before_last_step(config: TrainConfig, train: Example) -> int:
    """What an epoch's steps but the last advance: the last one counts when all of the epoch is kept."""
    steps = _steps(config, train)
    return config.patients * (steps - 1) // steps


def _passes(config: TrainConfig, train: Example) -> int:
    """Over the training cycles in one epoch: as few as make the least number of steps."""
    return (config.least_steps - 1) * config.batch // len(train.targets) + 1


def _pass_over(model: Any, config: TrainConfig, epoch: int, train: Example, advance: Advance) -> float:
    """Train for an epoch; gives the mean of the loss over its steps."""
    seed = config.seed_of_weights
    keras().utils.set_random_seed(seed * 1000 + epoch)
    rng = np.random.default_rng([seed, epoch])
    order = np.concatenate([rng.permutation(len(train.targets)) for _ in range(_passes(config, train))])
    rest = len(order) % config.batch
    if rest < model.distribute_strategy.num_replicas_in_sync:
        order = order[: len(order) - rest]  # a last batch that has nothing for some devices
    seen = model.fit(
        train.inputs[order],
        train.targets[order],
        sample_weight=train.weights[order],
        batch_size=config.batch,
        shuffle=False,
        verbose=0,
        callbacks=[_each_step(advance, config.patients, _steps(config, train))],
    )
    return float(seen.history["loss"][0])


def _judge(model: Any, twin: Any, train: Example, validation: Example) -> float:
    """The loss on validation of what `twin` has learned; both get the norms' statistics."""
    if twin is not model:
        model.set_weights(twin.get_weights())
    settle_norms(model, train.inputs)
    if twin is not model:
        twin.set_weights(model.get_weights())
    return float(
        model.evaluate(validation.inputs, validation.targets, sample_weight=validation.weights, verbose=0)
    )


def _check_finite(now: Epoch) -> None:
    if not np.isfinite(now).all():
        raise ModelError(
            "the errors in training and validation are finite",
            found=f"{now.train_loss} and {now.validation_loss} in epoch {now.epoch}",
            next_step="lower the learning rate",
        )


def _each_step(advance: Advance, patients: int, steps: int) -> Any:
    """A callback that advances by an epoch's patients step by step; what came before a step counts."""

    class EachStep(keras().callbacks.Callback):  # type: ignore[misc]
        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:  # noqa: ARG002
            """As tf_keras calls it."""
            advance(patients * batch // steps - patients * max(batch - 1, 0) // steps)

    return EachStep()
