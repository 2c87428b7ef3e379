"""Compares a classifier after Galloway et al. 2019 with the DSCRNN."""

from collections.abc import Mapping
from typing import Final

from splkit.report.table import Cell, Interval, Table
from splkit.study.config import StudyConfig
from splkit.study.experiment import Experiment, Results, Shown
from splkit.study.figures import roc_figure
from splkit.study.measure_tables import BY_PATIENTS
from splkit.study.trained import Trained, auc_difference
from splkit.train.config import TrainConfig
from splkit.train.held_out import NETWORK
from splkit.train.hyperkalemia import LEAST_SHARE, PERMILLE, Rate

GALLOWAY: Final = "Galloway's classifier"
REFERENCE: Final = "DSCRNN"


def trainings(config: StudyConfig) -> Mapping[str, TrainConfig]:
    """Both networks, of the same size."""
    return {GALLOWAY: config.training(model="galloway_4k"), REFERENCE: config.training(model="dscrnn_4k")}


def show(results: Results) -> Shown:
    """The AUC of both and their difference, operating points fold by fold, and ROC curves."""
    trained = results.trained
    curves = {label: (one, NETWORK) for label, one in trained.items()}
    if REFERENCE in trained:
        curves["ridge (no network)"] = (trained[REFERENCE], "ridge")
    return Shown(
        text=(
            "This experiment compares two networks. The first has the kind and depth of the network of "
            "Galloway et al. 2019 (JAMA Cardiol 4:428), but uses one lead. It is a classifier: it learns "
            "classes and answers with a probability. The second is the DSCRNN, which estimates potassium. "
            "The ROC curve of the DSCRNN is that of its estimate.",
        ),
        tables=tuple(table for table in (_areas(trained), _points(trained)) if table.rows),
        figures=(
            roc_figure("classifier-roc", "ROC of hyperkalemia, potassium at or above 5.5 mEq/L.", curves),
        ),
    )


def _areas(trained: Mapping[str, Trained]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for label, one in trained.items():
        apart, shared = Interval(None), None
        if label != REFERENCE and REFERENCE in trained:
            apart, shared = auc_difference(one.tested, trained[REFERENCE].tested)
        rows.append(
            (label, one.parameters, len(one.tested.record), one.interval("AUC at 5.5"), shared, apart)
        )
    caption = (
        "Area under the ROC curve at 5.5 mEq/L, and its difference to the DSCRNN on the ECGs that both "
        f"answer. A difference above 0 means that the DSCRNN is worse. {BY_PATIENTS}"
    )
    columns = ("network", "parameters", "ECGs", "AUC at 5.5", "ECGs of both", "AUC less that of DSCRNN")
    return Table("classifier-auc", caption, columns, tuple(rows))


def _points(trained: Mapping[str, Trained]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for label, one in trained.items():
        for fold, found in enumerate(one.detections, start=1):
            for point in found.points if found else ():
                limit = point.threshold_permille / PERMILLE
                shares = (_interval(point.sensitivity), _interval(point.specificity))
                rows.append((label, fold, point.holds, limit, *shares))
    caption = (
        "Operating points. An ECG is positive from the given probability on. This probability is chosen so "
        f"that the share named under holds is at least {LEAST_SHARE:.0%} on the validation patients. The "
        "DSCRNN's probability is the chance that potassium is 5.5 mEq/L or more, given its estimate and its "
        f"errors on the validation patients. {BY_PATIENTS}"
    )
    columns = ("network", "fold", "holds", "positive from", "sensitivity", "specificity")
    return Table("classifier-points", caption, columns, tuple(rows))


def _interval(rate: Rate) -> Interval:
    return Interval(rate.value, rate.low, rate.high)


CLASSIFIER: Final = Experiment(
    name="classifier",
    title="Beside Galloway's classifier",
    thesis={"beside Galloway's classifier": "classifier-roc"},
    trains=trainings,
    show=show,
)
