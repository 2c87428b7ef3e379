"""Galloway's classifier beside a network that estimates potassium: how well each tells hyperkalemia."""

from collections.abc import Mapping
from typing import Final

from splkit.report.table import Cell, Interval, Table
from splkit.study.config import StudyConfig
from splkit.study.experiment import Experiment, Results, Shown
from splkit.study.figures import roc_figure
from splkit.study.measure_tables import BY_PATIENTS
from splkit.study.trained import Trained
from splkit.train.config import TrainConfig
from splkit.train.held_out import NETWORK
from splkit.train.hyperkalemia import PERMILLE

GALLOWAY, DSCRNN = "Galloway's classifier", "DSCRNN"


def trainings(config: StudyConfig) -> Mapping[str, TrainConfig]:
    """Both of about as many parameters."""
    return {
        GALLOWAY: config.training(model="galloway_4k"),
        DSCRNN: config.training(model="dscrnn_4k"),
    }


def show(results: Results) -> Shown:
    """Areas under the ROC curve, operating points fold by fold, the curves."""
    trained = results.trained
    areas = Table(
        "classifier-auc",
        f"Area under the ROC curve of potassium at or above 5.5 mEq/L, of the answers of all folds. "
        f"{BY_PATIENTS}",
        ("network", "parameters", "ECGs", "AUC at 5.5"),
        tuple(
            (label, one.parameters, len(one.tested.record), one.interval("AUC at 5.5"))
            for label, one in trained.items()
        ),
    )
    return Shown(
        text=(
            "A classifier learns on which side of 5.5 mEq/L an ECG's potassium is, and answers a probability "
            "(Galloway et al. 2019, doi:10.1001/jamacardio.2018.5453: theirs has two or four leads, 5 s, and "
            "many more parameters). Behind the DSCRNN's estimate stands a chance of 5.5 mEq/L, from its "
            "errors on the validation patients. Both alert from the least probability on that leaves 90 % of the "
            "validation patients' ECGs without hyperkalemia in peace.",
        ),
        tables=(areas, _points(trained)),
        figures=(
            roc_figure(
                "classifier-roc",
                "ROC of hyperkalemia, potassium at or above 5.5 mEq/L.",
                {label: (one, NETWORK) for label, one in trained.items()},
            ),
        ),
    )


def _points(trained: Mapping[str, Trained]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for label, one in trained.items():
        for number, told in enumerate(one.told, start=1):
            if told is None:
                rows.append((label, number, *[None] * 4))
                continue
            point = told.points[0]
            rates = (told.auc, point.sensitivity, point.specificity)
            found = (Interval(rate.value, rate.low, rate.high) for rate in rates)
            rows.append((label, number, point.threshold_permille / PERMILLE, *found))
    columns = ("network", "fold", "alert from", "AUC at 5.5", "sensitivity", "specificity")
    caption = (
        f"Fold by fold, on its test patients; the threshold is of its validation patients. {BY_PATIENTS}"
    )
    return Table("classifier-points", caption, columns, tuple(rows))


CLASSIFIER: Final = Experiment(
    name="classifier",
    title="Galloway's classifier",
    thesis={"ROC beside Galloway's classifier": "classifier-roc"},
    trains=trainings,
    show=show,
)
