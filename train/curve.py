"""The course of a training run, as a table and as a picture."""

import csv
from collections.abc import Sequence
from pathlib import Path

from splkit.pictures import new_figure, save_picture
from splkit.train.checkpoint import Epoch


def write_history(history: Sequence[Epoch], path: Path) -> None:
    """Write one row an epoch as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(Epoch._fields)
        rows.writerows((row.epoch, f"{row.train_mse:.6f}", f"{row.validation_mse:.6f}") for row in history)


def draw_learning_curve(history: Sequence[Epoch], title: str, path: Path) -> None:
    """Draw root mean squared errors against epochs.

    Raises:
        ToolError: matplotlib is not installed.
    """
    epochs = [row.epoch for row in history]
    figure = new_figure(6, 3.5)
    axes = figure.subplots()
    axes.plot(epochs, [row.train_mse**0.5 for row in history], label="training")
    axes.plot(epochs, [row.validation_mse**0.5 for row in history], label="validation")
    axes.set(title=title, xlabel="epoch", ylabel="root mean squared error (mEq/L)")
    axes.grid(alpha=0.3)
    axes.legend()
    save_picture(figure, path, dpi=100)
