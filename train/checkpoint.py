"""Where a run stands after an epoch: weights, optimizer and history, in one file that appears whole."""

from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np

from splkit.errors import ModelError, reason

FILES = _FILE, UNFINISHED = "checkpoint.npz", "unfinished.npz"


class Epoch(NamedTuple):
    """One row of the history: the mean of the loss over an epoch's steps, and that on validation after it.

    A loss is a weighted mean squared error in mEq/L squared, a mean pinball loss in mEq/L or a cross-entropy
    in nats (`splkit.train.loss`).
    """

    epoch: int
    train_loss: float
    validation_loss: float


def save(model: Any, history: list[Epoch], folder: Path) -> None:
    """Write the state of a compiled tf_keras `model` after the last epoch of `history`."""
    state = [*model.get_weights(), *(variable.numpy() for variable in model.optimizer.variables)]
    np.savez(folder / UNFINISHED, np.array(history, np.float64), *state)
    (folder / UNFINISHED).replace(folder / _FILE)


def take_up(model: Any, folder: Path) -> list[Epoch]:
    """Bring a compiled `model` to the state in `folder`, if one is there, and return its history.

    Its optimizer is built already.

    Raises:
        ModelError: the checkpoint is damaged or of another model.
    """
    if not (folder / _FILE).exists():
        return []
    targets = [*model.weights, *model.optimizer.variables]
    try:
        with np.load(folder / _FILE) as stored:
            rows, *state = stored.values()
        for variable, value in zip(targets, state, strict=True):
            variable.assign(value)
    except (OSError, ValueError, BadZipFile) as error:
        raise ModelError(
            "a run is resumed from the checkpoint that it left",
            found=f"{folder / _FILE}: {reason(error)}",
            next_step="start it without resuming, by --force",
        ) from error
    return [Epoch(int(epoch), *errors) for epoch, *errors in rows.tolist()]


def remove(folder: Path) -> None:
    """A finished run needs none."""
    (folder / _FILE).unlink()
