"""What `splkit train` and `splkit quantize` both say of a model's accuracy."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from splkit.console import err, new_table, styled

if TYPE_CHECKING:
    from splkit.train.metrics import Band


def warn_weak(found: str | None) -> None:
    """Says on stderr why a model is of no use, if it is."""
    if found:
        words = f"warning: no better than one answer to every ECG: {found}"
        err.print(styled(f"{words}; export takes it only with --accept-weak", "yellow"), soft_wrap=True)


def bands_table(bands: Sequence["Band"]) -> Table:
    """Answers by potassium."""
    columns = ("potassium mEq/L", "cycles", "mean", "mean answer", "MAE mEq/L")
    table = new_table(*columns, title="by potassium")
    for one in bands:
        figures = (f"{one.true_meq_l:.2f}", f"{one.answer_meq_l:.2f}", f"{one.mae_meq_l:.3f}")
        table.add_row(one.name, f"{one.cycles:,}", *figures)
    return table
