"""The figures of the study."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np

from splkit.report.figure import COLOURS, DASHES, QUIET, Figure, Panel
from splkit.report.table import Cell, csv_text
from splkit.study.trained import Trained
from splkit.train.agreement import roc
from splkit.train.agreement_picture import PICTURES
from splkit.train.held_out import NETWORK
from splkit.train.loss import loss_name
from splkit.train.metrics import HYPERKALEMIA_MEQ_L, band_name

BANDS_MEQ_L: Final = (4.0, 5.0, 6.0, 7.0, 8.0)
"""Limits of the thesis' SPL bands: under 4, 4 to 5, and so on, up to 8 and more."""
_ROOM_MEQ_L: Final = 0.2
"""Margin around the outermost points of a plot."""
_WHISKERS: Final = (5, 95)
"""Percentiles at which the whiskers of a box plot end."""


def agreement_figure(name: str, kind: str, caption: str, trained: Mapping[str, Trained]) -> Figure:
    """A scatter or Bland-Altman plot of each training, side by side."""

    values = [value for one in trained.values() for value in one.pairs()[:2]]
    ends = (min(map(np.min, values)) - _ROOM_MEQ_L, max(map(np.max, values)) + _ROOM_MEQ_L)

    def draw(one: Trained, axes: Any) -> None:
        PICTURES[kind](axes, one.pairs(), one.measures())
        axes.set_xlim(ends)
        if kind == "scatter":
            axes.set_ylim(ends)

    panels = tuple(Panel(label, partial(draw, one)) for label, one in trained.items())
    return Figure(name, caption, panels, _answers_csv(trained))


def roc_figure(name: str, caption: str, curves: Mapping[str, tuple[Trained, str]]) -> Figure:
    """ROC curves of hyperkalemia in one panel.

    Args:
        name, caption: name and caption of the figure.
        curves: a training and the name of one of its estimates, by label.
    """
    found = {}
    for label, (one, estimate) in curves.items():
        pairs = one.pairs(estimate)
        area = one.measures(estimate)["AUC at 5.5"].value
        if area is not None:
            found[label] = (area, *roc(pairs.estimated_meq_l, pairs.true_meq_l >= HYPERKALEMIA_MEQ_L))

    def draw(axes: Any) -> None:
        for number, (label, (area, false, true)) in enumerate(found.items()):
            axes.plot(false, true, linestyle=DASHES[number % len(DASHES)], label=f"{label}, AUC {area:.2f}")
        axes.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8)
        axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), xlabel="1 - specificity", ylabel="sensitivity")
        if found:
            axes.legend(loc="lower right")
        else:
            axes.text(0.5, 0.5, "one class alone: no ROC", ha="center")

    rows: list[list[Cell]] = [
        [label, float(x), float(y)]
        for label, (_, false, true) in found.items()
        for x, y in zip(false, true, strict=True)
    ]
    return Figure(
        name, caption, (Panel("", draw),), csv_text(["curve", "1 - specificity", "sensitivity"], rows)
    )


def curves_figure(name: str, caption: str, trained: Mapping[str, Trained]) -> Figure:
    """Learning curves side by side on one scale. Each fold has a thin line, and their mean a thick one."""
    losses = np.array(
        [row[1:] for one in trained.values() for history in one.histories for row in history]
    ).reshape(-1, 2)
    top = float(np.percentile(losses, 99)) if len(losses) else 1.0

    def draw(one: Trained, axes: Any) -> None:
        for at, (what, colour) in enumerate((("training", COLOURS[0]), ("validation", COLOURS[1])), start=1):
            style = DASHES[at - 1]
            for history in one.histories:
                axes.plot(
                    [row[0] for row in history], [row[at] for row in history],
                    color=colour, linestyle=style, linewidth=0.7, alpha=0.45,
                )  # fmt: skip
            mean = np.mean([[row[at] for row in history] for history in one.histories], axis=0)
            epochs = [row[0] for row in one.histories[0]]
            axes.plot(
                epochs, mean, color=colour, linestyle=style, linewidth=2, label=f"{what}, mean of folds"
            )
        axes.set(xlabel="epoch", ylabel=loss_name(one.config.quantiles), ylim=(0, 1.05 * top))
        axes.legend()

    rows: list[list[Cell]] = [
        [label, fold, *row]
        for label, one in trained.items()
        for fold, history in enumerate(one.histories, start=1)
        for row in history
    ]
    text = csv_text(["training", "fold", "epoch", "training loss", "validation loss"], rows)
    return Figure(
        name, caption, tuple(Panel(label, partial(draw, one)) for label, one in trained.items()), text
    )


def band_errors(one: Trained) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """For each SPL band, the errors in mEq/L and the patients of its ECGs. Empty bands are included."""
    pairs, ends = one.pairs(), (None, *BANDS_MEQ_L, None)
    found = {}
    for low, high in pairwise(ends):
        inside = (pairs.true_meq_l >= (low or -np.inf)) & (pairs.true_meq_l < (high or np.inf))
        error = (pairs.estimated_meq_l - pairs.true_meq_l)[inside]
        found[band_name(low, high)] = (error, pairs.patient[inside])
    return found


def boxes_figure(name: str, caption: str, trained: Mapping[str, Trained]) -> Figure:
    """Box plots of the error by SPL band, with one panel for each training, on one scale."""
    ends = [
        np.percentile(each, _WHISKERS)
        for one in trained.values()
        for each, _ in band_errors(one).values()
        if len(each)
    ]
    low, high = (float(pick(ends)) for pick in (np.min, np.max)) if ends else (-1.0, 1.0)

    def draw(one: Trained, axes: Any) -> None:
        bands = band_errors(one)
        axes.axhline(0, color=QUIET, linewidth=1)
        drawn = axes.boxplot(
            [error for error, _ in bands.values()], whis=_WHISKERS, showfliers=False, patch_artist=True,
            widths=0.6, medianprops={"color": COLOURS[1], "linewidth": 2},
        )  # fmt: skip
        for box in drawn["boxes"]:
            box.set(facecolor=COLOURS[0], alpha=0.35)
        ticks = [
            f"{band.replace(' to ', '-').replace('.0', '')}\n{len(error):,}"
            for band, (error, _) in bands.items()
        ]
        axes.set_xticks(range(1, len(ticks) + 1), ticks)
        room = 0.05 * (high - low)
        axes.set(
            ylim=(low - room, high + room),
            xlabel="potassium (mEq/L), and ECGs",
            ylabel="estimate less potassium (mEq/L)",
        )

    panels = tuple(Panel(label, partial(draw, one)) for label, one in trained.items())
    return Figure(name, caption, panels, _answers_csv(trained))


def histogram_figure(name: str, caption: str, potassium_meq_l: Sequence[float]) -> Figure:
    """A histogram of potassium over the ECGs."""
    edges = np.arange(0.0, 13.01, 0.25)
    counts, _ = np.histogram(potassium_meq_l, edges)
    used = np.flatnonzero(counts)

    def draw(axes: Any) -> None:
        axes.bar(edges[:-1], counts, width=np.diff(edges), align="edge", color=COLOURS[0], alpha=0.7)
        axes.axvline(HYPERKALEMIA_MEQ_L, color=COLOURS[1], linestyle="--", label="5.5 mEq/L")
        if len(used):
            axes.set_xlim(edges[used[0]] - 0.25, edges[used[-1] + 1] + 0.25)
        axes.set(xlabel="potassium (mEq/L)", ylabel="ECGs")
        axes.legend()

    rows: list[list[Cell]] = [[float(edges[at]), float(edges[at + 1]), int(counts[at])] for at in used]
    return Figure(name, caption, (Panel("", draw),), csv_text(["from mEq/L", "below mEq/L", "ECGs"], rows))


def _answers_csv(trained: Mapping[str, Trained]) -> str:
    rows: list[list[Cell]] = []
    for label, one in trained.items():
        tested = one.tested
        columns = (tested.record, tested.patient, tested.potassium_meq_l, tested.estimates[NETWORK])
        for record, patient, true, estimate in zip(*columns, strict=True):
            rows.append([label, int(record), int(patient), float(true), float(estimate)])
    return csv_text(["training", "record", "patient", "potassium mEq/L", "estimate mEq/L"], rows)
