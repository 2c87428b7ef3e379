"""Where a run stands after an epoch: weights, optimizer and history, in one file that appears whole."""

from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

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


def read_history(folder: Path) -> list[Epoch]:
    """The epochs that the checkpoint in `folder` comes after; none where there is no checkpoint.

    Raises:
        ModelError: the checkpoint is damaged.
    """
    rows = _read(folder)[0] if (folder / _FILE).exists() else np.empty((0, 3))
    return [Epoch(int(epoch), *errors) for epoch, *errors in rows.tolist()]


def save_history(history: list[Epoch], folder: Path) -> None:
    """Write a checkpoint without a state, for a training that begins anew after these epochs."""
    np.savez(folder / _FILE, np.array(history, np.float64))


def take_up(model: Any, folder: Path) -> None:
    """Bring a compiled `model`, its optimizer built, to the state in `folder`, if one is there.

    Raises:
        ModelError: the checkpoint is damaged or of another model.
    """
    if not (folder / _FILE).exists():
        return
    _, *state = _read(folder)
    try:
        for variable, value in zip([*model.weights, *model.optimizer.variables], state, strict=True):
            variable.assign(value)
    except ValueError as error:
        raise _damaged(folder, error) from error


def _read(folder: Path) -> list[NDArray[np.float64]]:
    try:
        with np.load(folder / _FILE) as stored:
            return list(stored.values())
    except (OSError, ValueError, BadZipFile) as error:
        raise _damaged(folder, error) from error


def _damaged(folder: Path, error: Exception) -> ModelError:
    return ModelError(
        "a run is resumed from the checkpoint that it left",
        found=f"{folder / _FILE}: {reason(error)}",
        next_step="start it without resuming, by --force",
    )


def remove(folder: Path) -> None:
    """A finished run needs none."""
    (folder / _FILE).unlink()
