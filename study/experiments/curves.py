"""Shows the learning curves of the networks side by side. The trainings are those of `networks`."""

from typing import Final

import numpy as np

from splkit.report.table import Cell, Table
from splkit.study.experiment import Experiment, Results, Shown
from splkit.study.experiments.networks import trainings
from splkit.study.figures import curves_figure
from splkit.study.trained import Trained


def show(results: Results) -> Shown:
    """The losses at the best epoch, and the learning curves."""
    rows = tuple((label, *_at_best(one)) for label, one in results.trained.items())
    columns = ("network", "epochs", "best epochs", "training loss there", "validation loss there", "gap")
    caption = (
        "Losses (weighted mean squared error in (mEq/L) squared) at the epoch with the weights that are "
        "kept, as means over folds. The gap is validation loss minus training loss. A large gap is a sign "
        "of overfitting."
    )
    return Shown(
        tables=(Table("curves-best", caption, columns, rows),),
        figures=(
            curves_figure(
                "curves-loss",
                "Learning curves side by side, on one scale. Thin lines are folds, thick lines their means.",
                results.trained,
            ),
        ),
    )


def _at_best(one: Trained) -> tuple[Cell, ...]:
    best = [min(history, key=lambda row: row.validation_loss) for history in one.histories]
    train, held_out = (float(np.mean([row[at] for row in best])) for at in (1, 2))
    epochs = ", ".join(str(row.epoch) for row in best)
    return len(one.histories[0]), epochs, train, held_out, held_out - train


CURVES: Final = Experiment(
    name="curves",
    title="Learning curves",
    thesis={"learning curves": "curves-loss"},
    trains=trainings,
    show=show,
)
