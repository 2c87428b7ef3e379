"""Estimates beside potassium in pictures: scatter, differences, ROC."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from splkit.pictures import new_figure
from splkit.train.agreement import LIMITS_SD, Measure, Pairs, roc
from splkit.train.metrics import HYPERKALEMIA_MEQ_L

MOST_DRAWN: Final = 2000
"""Points of a plot; more would only cover each other."""

Draw = Callable[[Any, Pairs, dict[str, Measure]], None]


def draw(kind: str, pairs: Pairs, found: tuple[Measure, ...], title: str) -> Any:
    """A matplotlib figure of one of `PICTURES`.

    Args:
        kind: which.
        pairs: what is drawn.
        found: their measures.
        title: over the picture: what model, trained on what, and whose labels.

    Raises:
        ToolError: matplotlib is not installed.
    """
    figure = new_figure(6, 5)
    figure.suptitle(title, fontsize=9)
    axes = figure.subplots()
    PICTURES[kind](axes, pairs, {each.name: each for each in found})
    axes.grid(alpha=0.3)
    figure.supxlabel("For research; not a medical device", fontsize=7, x=0.99, ha="right")
    return figure


def _scatter(axes: Any, pairs: Pairs, found: dict[str, Measure]) -> None:
    true, estimated = pairs.true_meq_l, pairs.estimated_meq_l
    low, high = min(true.min(), estimated.min()) - 0.2, max(true.max(), estimated.max()) + 0.2
    axes.plot([low, high], [low, high], color="0.4", linewidth=1, label="estimate = potassium")
    axes.axhline(HYPERKALEMIA_MEQ_L, color="C3", linewidth=0.8, linestyle=":")
    axes.axvline(HYPERKALEMIA_MEQ_L, color="C3", linewidth=0.8, linestyle=":", label="5.5 mEq/L")
    drawn = _drawn(len(true))
    axes.plot(true[drawn], estimated[drawn], ".", alpha=0.5, markersize=5)
    axes.set(
        xlim=(low, high),
        ylim=(low, high),
        xlabel="potassium (mEq/L)",
        ylabel="estimate (mEq/L)",
    )
    axes.set_title(_said(found, "R2", "MAE", "RMSE") + f", {_counted(len(true))}", fontsize=9)
    axes.legend(fontsize=8)


def _bland_altman(axes: Any, pairs: Pairs, found: dict[str, Measure]) -> None:
    mean = (pairs.true_meq_l + pairs.estimated_meq_l) / 2
    drawn = _drawn(len(mean))
    axes.plot(mean[drawn], (pairs.estimated_meq_l - pairs.true_meq_l)[drawn], ".", alpha=0.5, markersize=5)
    limits = ("lower limit of agreement", "upper limit of agreement")
    for name, style in (("bias", "-"), *((each, "--") for each in limits)):
        value = found[name].value
        if value is not None:
            axes.axhline(value, color="C1", linestyle=style, linewidth=1)
            axes.annotate(
                f"{value:+.2f}",
                (1, value),
                xycoords=("axes fraction", "data"),
                ha="right",
                va="bottom",
                fontsize=8,
            )
    axes.set(xlabel="mean of estimate and potassium (mEq/L)", ylabel="estimate less potassium (mEq/L)")
    axes.set_title(f"bias and limits of agreement ({LIMITS_SD} SD), {_counted(len(mean))}", fontsize=9)


def _roc(axes: Any, pairs: Pairs, found: dict[str, Measure]) -> None:
    positive = pairs.true_meq_l >= HYPERKALEMIA_MEQ_L
    scores = {"estimate": (pairs.estimated_meq_l, "AUC at 5.5")}
    if pairs.risk is not None:
        scores["risk"] = (pairs.risk, "AUC at 5.5, by risk")
    points = {"estimate": "estimate from 5.5", "risk": "alert by risk"}
    for colour, (name, (score, area)) in enumerate(scores.items()):
        if found[area].value is None:
            axes.text(0.5, 0.5, "one class alone: no ROC", ha="center")
            continue
        false, true = roc(score, positive)
        axes.plot(false, true, color=f"C{colour}", label=f"{name}, AUC {found[area].value:.2f}")
        sensitivity, specificity = (
            found[f"{what}, {points[name]}"].value for what in ("sensitivity", "specificity")
        )
        if sensitivity is not None and specificity is not None:
            axes.plot(1 - specificity, sensitivity, "o", color=f"C{colour}", label=points[name])
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1)
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), xlabel="1 - specificity", ylabel="sensitivity")
    count = np.count_nonzero(positive)
    axes.set_title(f"potassium at or above 5.5 mEq/L: {count:,} of {len(positive):,} ECGs", fontsize=9)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8, loc="lower right")


def _drawn(count: int) -> Any:
    """Which of so many ECGs are drawn, int64[k]: all, or `MOST_DRAWN` of them, evenly chosen."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST_DRAWN)).round().astype(np.int64))


def _counted(count: int) -> str:
    return f"{count:,} ECGs" + (f", {MOST_DRAWN:,} drawn" if count > MOST_DRAWN else "")


def _said(found: dict[str, Measure], *names: str) -> str:
    """Figures in words."""
    known = [found[name] for name in names]
    return ", ".join(
        f"{each.name} {each.value:.2f}{each.unit and ' ' + each.unit}"
        for each in known
        if each.value is not None
    )


PICTURES: Final[dict[str, Draw]] = {"scatter": _scatter, "bland_altman": _bland_altman, "roc": _roc}
"""By name."""
