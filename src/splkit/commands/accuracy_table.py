"""A table that `splkit train` and `splkit quantize` share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from splkit.console import new_table

if TYPE_CHECKING:
    from splkit.train.metrics import Band


def bands_table(bands: Sequence["Band"]) -> Table:
    """Answers by potassium."""
    columns = ("potassium mEq/L", "cycles", "mean", "mean answer", "MAE mEq/L")
    table = new_table(*columns, title="by potassium")
    for one in bands:
        figures = (f"{one.true_meq_l:.2f}", f"{one.answer_meq_l:.2f}", f"{one.mae_meq_l:.3f}")
        table.add_row(one.name, f"{one.cycles:,}", *figures)
    return table
