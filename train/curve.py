"""The picture of a training run."""

from collections.abc import Sequence
from pathlib import Path

from splkit.errors import ToolError


def draw_learning_curve(history: Sequence[tuple[int, float, float]], title: str, path: Path) -> None:
    """Draw root mean squared errors against epochs from rows of epoch, training MSE and validation MSE.

    Raises:
        ToolError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ToolError(
            "pictures are drawn with matplotlib",
            found="no package matplotlib",
            next_step="pip install 'splkit[train]'",
        ) from error
    epochs, train_mse, validation_mse = zip(*history, strict=True)
    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(epochs, [mse**0.5 for mse in train_mse], label="training")
    axes.plot(epochs, [mse**0.5 for mse in validation_mse], label="validation")
    axes.set(title=title, xlabel="epoch", ylabel="root mean squared error (mEq/L)")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=100, metadata={"Software": None})
