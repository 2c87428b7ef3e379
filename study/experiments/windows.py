"""Compares one cycle with 2 seconds of ECG (600 points with R in the middle), cut by the same front end."""

from collections.abc import Mapping
from typing import Final

from splkit.study.config import StudyConfig
from splkit.study.experiment import Experiment, Results, Shown
from splkit.study.figures import agreement_figure, curves_figure
from splkit.study.measure_tables import compared
from splkit.train.config import TrainConfig

REFERENCE: Final = "one cycle"


def trainings(config: StudyConfig) -> Mapping[str, TrainConfig]:
    """One training for each input: one cycle and 2 s, both not averaged, and the board's mean of 8 cycles."""
    return {
        REFERENCE: config.training(averaged_cycles=1),
        "2 seconds": config.training(input="2s"),
        "mean of 8 cycles": config.training(),
    }


def show(results: Results) -> Shown:
    """Agreement and hyperkalemia by input, differences to one cycle, learning curves and scatter plots."""
    trained = results.trained
    return Shown(
        text=(
            "This experiment compares three inputs of the DSCRNN: a single one-cycle ECG of 0.9 s (270 "
            "points), 2 s of ECG around a beat (600 points), and the mean of 8 cycles. The first two are "
            "not averaged. The mean has less noise.",
        ),
        tables=compared("windows", trained, REFERENCE, "input"),
        figures=(
            curves_figure("windows-curves", "Learning curves side by side, on one scale.", trained),
            agreement_figure("windows-scatter", "scatter", "Estimate on potassium, by input.", trained),
        ),
    )


WINDOWS: Final = Experiment(
    name="windows",
    title="One cycle against 2 seconds",
    thesis={
        "one cycle against 2 seconds": "windows-accuracy",
        "learning curves of one cycle and of 2 seconds": "windows-curves",
    },
    trains=trainings,
    show=show,
)
