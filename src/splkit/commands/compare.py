"""`splkit compare`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from splkit.commands.options import FOLDER, examples, json_option, print_json
from splkit.console import new_table, out

if TYPE_CHECKING:
    from splkit.quantize.compare import Entry, Figure

EXAMPLES = examples(
    "splkit compare runs/dscrnn runs/crnn runs/cnn runs/rnn runs/fnn",
    "splkit compare runs/4k runs/10k runs/180k --json",
    "splkit compare runs/v1-folds runs/v5-folds",
)


@click.command("compare", epilog=EXAMPLES)
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", type=FOLDER)
@json_option
def command(runs: tuple[Path, ...], as_json: bool) -> None:
    """Put training runs side by side: networks, sizes, leads.

    RUN is a folder that `splkit train` made. A folder with folds counts as one run, with mean +- SD. The
    column int8 is filled if the run was quantized. The column gain is the MAE of the best simple estimate,
    which is named there, minus the MAE of the network. A classifier has no MAE. The second table therefore
    shows how well each run detects hyperkalemia. The data column says whether the potassium was simulated or
    measured.
    """
    from splkit.quantize.compare import compare_runs

    entries, apart = compare_runs(runs)
    if as_json:
        print_json(json.dumps({"runs": [asdict(entry) for entry in entries], "differ": apart}, indent=2))
        return
    out.print(_table(entries))
    out.print(_chances(entries))
    if apart:
        out.print(f"not tested on the same ECGs, since these differ: {', '.join(apart)}")


def _table(entries: "list[Entry]") -> Table:
    figures = ("R2", "MAE", "AUC", "gain", "over", "int8 MAE")
    title = "MAE in mEq/L, AUC at 5.5 mEq/L"
    wraps = ("run", *figures)
    table = new_table("run", "network", "data", "lead", "weights", *figures, wraps=wraps, title=title)
    for entry in entries:
        network = f"{entry.model}, {entry.order}" if entry.order == "conv-relu-bn" else entry.model
        what = (entry.name, network, entry.data, entry.lead, f"{entry.parameters:,}")
        scores = map(_text, (entry.r2, entry.mae_meq_l, entry.auc_5_5, entry.gain_meq_l))
        table.add_row(*what, *scores, entry.baseline, _text(entry.int8_mae_meq_l))
    return table


def _chances(entries: "list[Entry]") -> Table:
    """How well each run detects hyperkalemia, by a classifier's answers or by the risk from estimates."""
    title = (
        "potassium at or above 5.5 mEq/L by its chance; alerts have 90 % specificity on validation patients"
    )
    columns = ("run", "network", "AUC", "95 %", "sensitivity", "specificity")
    table = new_table(*columns, wraps=("run",), title=title)
    for entry in entries:
        interval = "-" if entry.chance_auc_95 is None else "{:.3f} to {:.3f}".format(*entry.chance_auc_95)
        rates = map(_text, (entry.sensitivity, entry.specificity))
        table.add_row(entry.name, entry.model, _text(entry.chance_auc), interval, *rates)
    return table


def _text(figure: "Figure | None") -> str:
    if figure is None:
        return "-"
    return f"{figure.mean:.3f}" + ("" if figure.sd is None else f" +- {figure.sd:.3f}")
