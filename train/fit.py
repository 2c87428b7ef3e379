"""The training loop: each epoch has a seed of its own, so that a run can be cut off and taken up again."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.console import Advance, ignore_progress
from splkit.errors import ModelError
from splkit.train.backend import keras, tensorflow
from splkit.train.config import TrainConfig
from splkit.train.dataset import CycleSet

WEIGHTS = "weights.h5"
HISTORY = "history.csv"
_LAST = "last.h5"  # weights after the last epoch; the best ones are in WEIGHTS
_OPTIMIZER = "optimizer.npz"
_COLUMNS = ("epoch", "train_mse", "validation_mse")


@dataclass(frozen=True)
class Example:
    """Inputs float32[n, 270] and targets float32[n], SPL less its offset."""

    inputs: NDArray[np.float32]
    targets: NDArray[np.float32]

    @classmethod
    def of(cls, cycles: CycleSet, offset_meq_l: float) -> "Example":
        """Cycles as the model takes them."""
        return cls(cycles.inputs, (cycles.potassium_meq_l - offset_meq_l).astype(np.float32))


def fit(
    model: Any,
    config: TrainConfig,
    train: Example,
    validation: Example,
    folder: Path,
    advance: Advance = ignore_progress,
) -> None:
    """Train `model` and leave it with the weights of the epoch that did best on `validation`.

    Every epoch ends with a checkpoint in `folder`; where one is there already, training goes on after it and
    ends as if it had never stopped. `advance` counts patients an epoch.

    Raises:
        ModelError: the loss is not finite.
    """
    tensorflow().config.experimental.enable_op_determinism()
    model.compile(keras().optimizers.Adam(config.learning_rate), "mse")
    history = _take_up(model, folder)
    advance(config.patients * len(history))
    for epoch in range(len(history), config.epochs):
        keras().utils.set_random_seed(config.seed * 1000 + epoch)
        order = np.random.default_rng([config.seed, epoch]).permutation(len(train.targets))
        seen = model.fit(
            train.inputs[order], train.targets[order], batch_size=config.batch, shuffle=False, verbose=0
        )
        train_mse = float(seen.history["loss"][0])
        validation_mse = float(model.evaluate(validation.inputs, validation.targets, verbose=0))
        _check_finite(train_mse, epoch)
        if not history or validation_mse < min(row[2] for row in history):
            model.save_weights(folder / WEIGHTS)
        history.append((epoch + 1, train_mse, validation_mse))
        _checkpoint(model, folder, history)
        advance(config.patients)
    model.load_weights(folder / WEIGHTS)
    for name in (_LAST, _OPTIMIZER):
        (folder / name).unlink()


def _checkpoint(model: Any, folder: Path, history: list[tuple[int, float, float]]) -> None:
    """Weights, then the optimizer, then the history: the history's last row says what is complete."""
    model.save_weights(folder / _LAST)
    np.savez(folder / _OPTIMIZER, *(variable.numpy() for variable in model.optimizer.variables))
    with (folder / HISTORY).open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(_COLUMNS)
        rows.writerows((epoch, f"{mse:.6f}", f"{other:.6f}") for epoch, mse, other in history)


def _take_up(model: Any, folder: Path) -> list[tuple[int, float, float]]:
    """Load the last checkpoint, if there is one, and return the history up to it."""
    if not (folder / HISTORY).exists():
        return []
    model.load_weights(folder / _LAST)
    model.optimizer.build(model.trainable_variables)
    with np.load(folder / _OPTIMIZER) as stored:
        for variable, value in zip(model.optimizer.variables, stored.values(), strict=True):
            variable.assign(value)
    return read_history(folder)


def read_history(folder: Path) -> list[tuple[int, float, float]]:
    """Epoch, training MSE and validation MSE of each epoch so far, mEq/L squared."""
    with (folder / HISTORY).open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return [(int(row[_COLUMNS[0]]), float(row[_COLUMNS[1]]), float(row[_COLUMNS[2]])) for row in rows]


def _check_finite(loss: float, epoch: int) -> None:
    if not np.isfinite(loss):
        raise ModelError(
            "the training loss is finite",
            found=f"{loss} in epoch {epoch + 1}",
            next_step="lower the learning rate",
        )
