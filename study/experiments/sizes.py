"""Compares the DSCRNN with 180k, 10k and 4k parameters, by SPL band."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from splkit.report.table import Cell, Interval, Table
from splkit.study.config import StudyConfig
from splkit.study.experiment import Experiment, Results, Shown
from splkit.study.figures import band_errors, boxes_figure
from splkit.study.measure_tables import BY_PATIENTS, compared
from splkit.study.trained import Trained
from splkit.train.baselines import interval_by_patients
from splkit.train.config import TrainConfig

SIZES_OF_WEIGHTS: Final = ("180k", "10k", "4k")
REFERENCE: Final = "4k"


def trainings(config: StudyConfig) -> Mapping[str, TrainConfig]:
    """One training for each size."""
    return {size: config.training(model=f"dscrnn_{size}") for size in SIZES_OF_WEIGHTS}


def show(results: Results) -> Shown:
    """Agreement and hyperkalemia by size, errors by SPL band, and box plots."""
    trained = results.trained
    return Shown(
        tables=(*compared("sizes", trained, REFERENCE, "size"), _bands(trained)),
        figures=(
            boxes_figure(
                "sizes-boxes",
                "Error by SPL band and size: median, quartiles, and whiskers from the 5th to the 95th "
                "percentile.",
                trained,
            ),
        ),
    )


def _bands(trained: Mapping[str, Trained]) -> Table:
    columns = ("size", "SPL band", "ECGs", "median error", "lower quartile", "upper quartile", "MAE")
    rows: list[tuple[Cell, ...]] = []
    for size, one in trained.items():
        for band, (error, patient) in band_errors(one).items():
            rows.append((size, band, len(error), *_spread(error, patient)))
    return Table(
        "sizes-bands",
        f"Error by SPL band: estimate minus potassium, in mEq/L. {BY_PATIENTS}",
        columns,
        tuple(rows),
    )


def _spread(error: np.ndarray, patient: np.ndarray) -> tuple[Cell, ...]:
    if not len(error):
        return (None, None, None, Interval(None))
    lower, median, upper = (float(each) for each in np.percentile(error, (25, 50, 75)))
    mae = float(np.abs(error).mean())
    ends = interval_by_patients(np.abs(error), patient) if len(np.unique(patient)) > 1 else ()
    return median, lower, upper, Interval(mae, *ends)


SIZES: Final = Experiment(
    name="sizes",
    title="180k, 10k and 4k parameters",
    thesis={"box plots by SPL band": "sizes-boxes"},
    trains=trainings,
    show=show,
)
