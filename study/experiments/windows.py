"""One cycle against two seconds of ECG, each read at once; beside them the mean of eight cycles."""

from collections.abc import Mapping
from typing import Final

from splkit.study.config import StudyConfig
from splkit.study.experiment import Experiment, Results, Shown
from splkit.study.figures import agreement_figure, curves_figure
from splkit.study.measure_tables import accuracy_table, difference_table, fold_table, hyperkalemia_table
from splkit.train.config import TrainConfig

REFERENCE: Final = "one cycle"


def trainings(config: StudyConfig) -> Mapping[str, TrainConfig]:
    """The DSCRNN on each."""
    return {
        REFERENCE: config.training(averaged_cycles=1),
        "2 seconds": config.training(input="2s"),
        "mean of 8 cycles": config.training(),
    }


def show(results: Results) -> Shown:
    """Agreement, hyperkalemia, differences to one cycle; learning curves and scatter plots."""
    trained = results.trained
    tables = (
        accuracy_table("windows-accuracy", trained, "input"),
        hyperkalemia_table("windows-hyperkalemia", trained, "input"),
        difference_table("windows-differences", trained, REFERENCE, "input"),
        fold_table("windows-folds", trained, "input"),
    )
    return Shown(
        text=(
            "The same front end cuts all of them about an accepted beat: a cycle of 270 points, from 0.3 s "
            "before R to 0.6 s after it, or 600 points with R in their middle, at 300 Hz. Two seconds hold "
            "the neighbouring beats and are not averaged. On a board a network reads the mean of eight "
            "cycles.",
        ),
        tables=tuple(table for table in tables if table),
        figures=(
            curves_figure(
                "windows-loss",
                "Learning curves side by side, on one scale: each fold thin, their mean thick.",
                trained,
            ),
            agreement_figure("windows-scatter", "scatter", "Estimate on potassium, by input.", trained),
        ),
    )


WINDOWS: Final = Experiment(
    name="windows",
    title="One cycle against two seconds",
    thesis={
        "one cycle against 2 seconds": "windows-accuracy",
        "learning curves of one cycle and 2 seconds side by side": "windows-loss",
    },
    trains=trainings,
    show=show,
)
