"""Tables that several experiments show: accuracy, hyperkalemia, differences, folds."""

from collections.abc import Mapping, Sequence
from typing import Final

from splkit.report.table import Cell, Table
from splkit.study.trained import Trained, mae_difference
from splkit.train.agreement import LIMITS_SD
from splkit.train.held_out import NETWORK, HeldOut

ACCURACY: Final = ("R2", "MAE", "RMSE", "bias", "lower limit of agreement", "upper limit of agreement")
HYPERKALEMIA: Final = ("AUC at 5.5", "sensitivity, estimate from 5.5", "specificity, estimate from 5.5")
BY_PATIENTS: Final = "Below each figure stands its 95 % interval, from drawing patients again."


def compared(
    name: str, trained: Mapping[str, Trained], reference: str, what: str, *, simple: bool = False
) -> tuple[Table, ...]:
    """The tables of every comparison: agreement, hyperkalemia, differences to the reference, folds.

    Args:
        name: first word of the tables' names.
        trained: the trainings, by label.
        reference: the label with which the others are compared. Without it there is no table of differences.
        what: what a label is, for the heading ("network").
        simple: whether the simple estimates are shown too.
    """
    tables = (
        _accuracy(f"{name}-accuracy", trained, what, simple),
        _hyperkalemia(f"{name}-hyperkalemia", trained, what, simple),
        _differences(f"{name}-differences", trained, reference, what, simple),
        _folds(f"{name}-folds", trained, what),
    )
    return tuple(table for table in tables if table)


def _accuracy(name: str, trained: Mapping[str, Trained], what: str, simple: bool) -> Table:
    """R2, MAE, RMSE and Bland-Altman of each training and, with `simple`, of the simple estimates."""
    return Table(
        name,
        f"Agreement of estimate and potassium, by {what}. MAE, RMSE, bias and limits of agreement "
        f"({LIMITS_SD} SD) are in mEq/L. {BY_PATIENTS}",
        (what, "parameters", "ECGs", *ACCURACY),
        tuple(_rows(trained, ACCURACY, simple)),
    )


def _hyperkalemia(name: str, trained: Mapping[str, Trained], what: str, simple: bool) -> Table:
    """AUC, sensitivity and specificity for potassium at or above 5.5 mEq/L."""
    return Table(
        name,
        f"Detection of hyperkalemia (potassium at or above 5.5 mEq/L), by {what}: the area under the ROC "
        f"curve, and the sensitivity and specificity of an estimate at or above 5.5 mEq/L. {BY_PATIENTS}",
        (what, "parameters", "ECGs", *HYPERKALEMIA),
        tuple(_rows(trained, HYPERKALEMIA, simple, left_out=("mean",))),
    )


def _differences(
    name: str, trained: Mapping[str, Trained], reference: str, what: str, simple: bool
) -> Table | None:
    """MAE of each training minus that of the reference, on the ECGs that both answer.

    None if there is no reference.
    """
    if reference not in trained:
        return None
    theirs = trained[reference].tested
    asked: list[tuple[str, HeldOut, str]] = [
        (label, one.tested, NETWORK) for label, one in trained.items() if label != reference
    ]
    if simple:
        asked += [(estimate, theirs, estimate) for estimate in trained[reference].simple]
    rows = [(label, *mae_difference(ours, theirs, estimate)[::-1]) for label, ours, estimate in asked]
    return Table(
        name,
        f"MAE minus that of {reference}, in mEq/L, on the ECGs that both answer. A value above 0 means that "
        f"{reference} is better. {BY_PATIENTS}",
        (what, "ECGs", f"MAE less that of {reference}"),
        tuple(rows),
    )


def _folds(name: str, trained: Mapping[str, Trained], what: str) -> Table:
    """R2, MAE and AUC of each fold by itself."""
    rows: list[tuple[Cell, ...]] = []
    for label, one in trained.items():
        for number, fold in enumerate(one.folds, start=1):
            test = fold.test
            figures = (test.r2, test.mae_meq_l, test.auc_5_5)
            rows.append((label, number, test.patients, test.cycles, *figures, fold.best_epoch))
    columns = (what, "fold", "patients", "ECGs", "R2", "MAE", "AUC at 5.5", "best epoch")
    return Table(name, "Fold by fold. MAE in mEq/L.", columns, tuple(rows))


def _rows(
    trained: Mapping[str, Trained], names: Sequence[str], simple: bool, left_out: Sequence[str] = ()
) -> list[tuple[Cell, ...]]:
    """One row for each training and, with `simple`, one for each simple estimate that is not in `left_out`.

    For example, the mean is left out of tables on hyperkalemia: it gives the same answer to all ECGs of a
    fold.
    """
    rows: list[tuple[Cell, ...]] = [
        (label, one.parameters, len(one.tested.record), *(one.interval(name) for name in names))
        for label, one in trained.items()
    ]
    for one in list(trained.values())[:1] if simple else ():
        rows += [
            (
                f"{estimate} (no network)",
                None,
                len(one.tested.record),
                *(one.interval(name, estimate) for name in names),
            )
            for estimate in one.simple
            if estimate not in left_out
        ]
    return rows
