"""The ROC curve of a classifier's run, as a table and as a picture."""

import csv
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from splkit.pictures import new_figure, save_picture
from splkit.train.agreement import roc
from splkit.train.hyperkalemia import Detection

TABLE: Final = "roc.csv"
PICTURE: Final = "roc.png"
ROC_FILES: Final = (TABLE, PICTURE)


def write_roc(
    probability: NDArray[np.float64],
    positive: NDArray[np.bool_],
    found: Detection,
    title: str,
    folder: Path,
) -> None:
    """Write and draw the ROC curve on test patients.

    Args:
        probability: of hyperkalemia, float64[n].
        positive: who has it, bool[n].
        found: its figures, with the operating points that are drawn.
        title: over the picture: what model, and whose potassium.
        folder: of both files.

    Raises:
        ToolError: matplotlib is not installed.
    """
    false, true = roc(probability, positive)
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("false_positive_rate", "sensitivity"))
        rows.writerows((f"{x:.6f}", f"{y:.6f}") for x, y in zip(false, true, strict=True))
    figure = new_figure(5, 5)
    axes = figure.subplots()
    area = found.auc
    axes.plot(false, true, label=f"AUC {area.value:.3f} (95 % {area.low:.3f} to {area.high:.3f})")
    for number, point in enumerate(found.points, start=1):
        limit = point.threshold_permille / 1000
        label = f"from {limit:.3f} on: {point.holds} 90 % on validation patients"
        axes.plot(1 - point.specificity.value, point.sensitivity.value, "o", color=f"C{number}", label=label)
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1)
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), xlabel="1 - specificity", ylabel="sensitivity")
    who = f"{found.positive_cycles:,} of {found.cycles:,} cycles at or above {found.positive_meq_l:g} mEq/L"
    axes.set_title(f"{title}\n{who}, {found.patients:,} patients", fontsize=9)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7, loc="lower right")
    figure.supxlabel("For research; not a medical device", fontsize=7, x=0.99, ha="right")
    save_picture(figure, folder / PICTURE, dpi=100)
