"""The course of a training run, as a table and as a picture."""

import csv
from collections.abc import Sequence
from pathlib import Path

from splkit.errors import ModelError, reason
from splkit.pictures import new_figure, save_picture
from splkit.train.checkpoint import Epoch


def write_history(history: Sequence[Epoch], path: Path) -> None:
    """Write one row an epoch as CSV; each number is read back as it was."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(Epoch._fields)
        rows.writerows((row.epoch, repr(row.train_loss), repr(row.validation_loss)) for row in history)


def read_history(path: Path) -> list[Epoch]:
    """Read what `write_history` wrote.

    Raises:
        ModelError: it is missing or damaged.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return [
                Epoch(int(epoch), float(train), float(held)) for epoch, train, held in [*csv.reader(file)][1:]
            ]
    except (OSError, ValueError) as error:
        raise ModelError(
            "a run folder holds the loss of each epoch",
            found=f"{path}: {reason(error)}",
            next_step="train again",
        ) from error


def draw_learning_curve(history: Sequence[Epoch], title: str, loss: str, path: Path) -> None:
    """Draw the loss against epochs.

    Args:
        history: of the run.
        title: over the picture.
        loss: what the vertical axis shows, with its unit (`splkit.train.loss.loss_name`).
        path: of the picture.

    Raises:
        ToolError: matplotlib is not installed.
    """
    epochs = [row.epoch for row in history]
    figure = new_figure(6, 3.5)
    axes = figure.subplots()
    axes.plot(epochs, [row.train_loss for row in history], label="training, mean over the epoch")
    axes.plot(epochs, [row.validation_loss for row in history], label="validation, after the epoch")
    axes.set(title=title, xlabel="epoch", ylabel=loss)
    axes.grid(alpha=0.3)
    axes.legend()
    save_picture(figure, path, dpi=100)
