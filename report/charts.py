"""Charts that several reports use."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from splkit.optional import optional
from splkit.report.figure import COLOURS, Figure, Panel
from splkit.report.table import Cell, csv_text

_LABEL_ROOM: Final = 0.3
"""Share of the axis to the right of the longest bar, where the bar's number stands."""


def bars_figure(
    name: str, caption: str, bars: Mapping[str, Mapping[str, float]], *, kinds: int = 1, form: str = ",.0f"
) -> Figure:
    """Horizontal bars. Each quantity has a panel, and each label has a bar with its number.

    Args:
        name, caption: name and caption of the figure.
        bars: the values, by quantity and then by label.
        kinds: how many colours the bars alternate between.
        form: Python format of the numbers.
    """

    def draw(values: Mapping[str, float], axes: Any) -> None:
        colours = [COLOURS[at % kinds] for at in range(len(values))]
        drawn = axes.barh(range(len(values)), list(values.values()), color=colours)
        axes.set_yticks(range(len(values)), list(values))
        axes.bar_label(drawn, [format(value, form) for value in values.values()], padding=3, fontsize=8)
        axes.invert_yaxis()
        axes.margins(x=_LABEL_ROOM)
        axes.xaxis.set_major_formatter("{x:,g}")
        ticker = optional("matplotlib.ticker", "figures are drawn with the package matplotlib")
        axes.xaxis.set_major_locator(ticker.MaxNLocator(3))

    rows: list[list[Cell]] = [
        [quantity, label, value] for quantity, values in bars.items() for label, value in values.items()
    ]
    return Figure(
        name,
        caption,
        tuple(Panel(quantity, partial(draw, values)) for quantity, values in bars.items()),
        csv_text(["quantity", "of", "value"], rows),
    )
