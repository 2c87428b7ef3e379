"""The tables on a model's accuracy that both `splkit train` and `splkit quantize` print."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from splkit.console import err, new_table, styled

if TYPE_CHECKING:
    from splkit.quantize.distance import Distance
    from splkit.quantize.spread import Spread
    from splkit.train.baselines import Baseline
    from splkit.train.metrics import Band


def warn_weak(found: str | None) -> None:
    """Prints a warning on stderr if the model is of no use. `found` says why, or is None."""
    if found:
        words = f"warning: no better than one answer to every ECG: {found}"
        err.print(styled(f"{words}; export takes it only with --accept-weak", "yellow"), soft_wrap=True)


def baselines_table(baselines: Sequence["Baseline"]) -> Table:
    """A table of the simple estimates, and of what the network gains over each."""
    columns = ("simple estimate", "MAE mEq/L", "network's gain", "95 %")
    table = new_table(*columns, title="beside simple estimates of the same cycles")
    for one in baselines:
        interval = f"{one.gain_low_meq_l:+.3f} to {one.gain_high_meq_l:+.3f}"
        table.add_row(one.name, f"{one.test.mae_meq_l:.3f}", f"{one.gain_meq_l:+.3f}", interval)
    return table


def not_better(baselines: Sequence["Baseline"]) -> str | None:
    """A text that says that the network does not beat the best simple estimate. None if it does."""
    from splkit.train.baselines import best

    if not baselines or (found := best(tuple(baselines))).gain_low_meq_l > 0:
        return None
    interval = f"95 % {found.gain_low_meq_l:+.3f} to {found.gain_high_meq_l:+.3f}"
    gain = f"gain {found.gain_meq_l:+.3f} mEq/L, {interval}"
    return f"the network is not shown to be better than {found.name}: {gain}"


def covered_table(spread: "Spread") -> Table:
    """A table of how often the truth lies in the interval, by bands of the estimate and of the truth."""
    title = f"truths in the interval, which is to hold {spread.coverage:.0%}"
    table = new_table("band", "cycles", "in the interval", "width mEq/L", title=title)
    for one in spread.covered:
        table.add_row(one.name, f"{one.cycles:,}", f"{one.share:.1%}", f"{one.width_meq_l:.2f}")
    return table


def risks_table(spread: "Spread") -> Table:
    """A table of how well high potassium is recognized."""
    columns = ("at or above", "cycles", "mean risk", "alert from", "sensitivity", "95 %", "median alone")
    table = new_table(*columns, title="risk of high potassium; an alert at a specificity of 90 %")
    for one in spread.risks:
        table.add_row(
            f"{one.level_meq_l:g} mEq/L",
            f"{one.share:.1%}",
            f"{one.mean_risk:.1%}",
            f"over {one.alert_permille / 1000:.1%}",
            f"{one.sensitivity:.1%}",
            f"{one.sensitivity_low:.1%} to {one.sensitivity_high:.1%}",
            f"{one.median_sensitivity:.1%}",
        )
    return table


def counts_table(spread: "Spread") -> Table:
    """What an estimate is worth by the number of cycles in its mean."""
    told = [f"{word} {risk.level_meq_l:g}" for risk in spread.risks for word in ("sens.", "spec.")]
    title = "by the number of cycles in a mean; alerts at the operating points of whole means"
    table = new_table("cycles", "means", "MAE mEq/L", "in interval", "width", *told, title=title)
    for one in spread.counts:
        shares = [share for pair in zip(one.sensitivity, one.specificity, strict=True) for share in pair]
        table.add_row(
            str(one.cycles),
            f"{one.means:,}",
            f"{one.mae_meq_l:.3f}",
            f"{one.share:.1%}",
            f"{one.width_meq_l:.2f}",
            *("-" if share is None else f"{share:.1%}" for share in shares),
        )
    return table


def distance_table(distance: "Distance") -> Table:
    """A table of who gets no answer because the cycle is unlike those of training."""
    columns = (
        "patients",
        "cycles in a mean",
        "means",
        "no estimate",
        "patients with none",
        "MAE answered",
        "others",
    )
    title = f"no estimate of a cycle unlike those of training: RMS over {distance.rms:.3f} of the R amplitude"
    table = new_table(*columns, title=title)
    rows = [("validation", each) for each in distance.validation]
    rows += [("test", distance.test)] if distance.test else []
    for name, one in rows:
        errors = (one.answered_mae_meq_l, one.refused_mae_meq_l)
        table.add_row(
            name,
            str(one.beats),
            f"{one.cycles:,}",
            f"{one.cycles_refused:,} ({one.share:.1%})",
            f"{one.patients_refused:,} of {one.patients:,}",
            *("-" if each is None else f"{each:.4f}" for each in errors),
        )
    return table


def bands_table(bands: Sequence["Band"]) -> Table:
    """A table of the answers by bands of potassium."""
    columns = ("potassium mEq/L", "cycles", "mean", "mean answer", "MAE mEq/L")
    table = new_table(*columns, title="by potassium")
    for one in bands:
        figures = (f"{one.true_meq_l:.2f}", f"{one.answer_meq_l:.2f}", f"{one.mae_meq_l:.3f}")
        table.add_row(one.name, f"{one.cycles:,}", *figures)
    return table
