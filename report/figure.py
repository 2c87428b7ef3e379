"""Figures: matplotlib draws each panel once, as SVG. The colours follow the page (light or dark)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from splkit.optional import optional
from splkit.pictures import new_figure, picture_bytes

COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Colours that the colour-blind can tell apart (Okabe and Ito 2008). Dark screens get a lighter set."""
DASHES: Final = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))
"""Line styles. Each line has its own style beside its colour, so that a figure can be read in grey too."""
QUIET: Final = "#7a7a7a"
"""Colour of grids and reference lines."""

PANEL_IN: Final = (4.4, 3.5)
WIDE_IN: Final = (9.0, 4.4)

_STYLE: Final[dict[str, object]] = {
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "legend.frameon": False,
    "legend.fontsize": 8,
}
_VARIABLES: Final = {
    **{colour: f"var(--c{number})" for number, colour in enumerate(COLOURS)},
    **dict.fromkeys((QUIET, "#666666", "#999999", "#b0b0b0"), "var(--quiet)"),
    **dict.fromkeys(("#000000", "#262626", "#333333"), "currentColor"),
}
"""Replacements: the colours that matplotlib writes, and the style variables of the page."""

Draw = Callable[[Any], None]
"""A function that draws on matplotlib axes."""


@dataclass(frozen=True)
class Panel:
    """One picture of a figure.

    Attributes:
        label: title above the panel, or "" if the figure has only one panel.
        draw: draws the panel on matplotlib axes.
        is_wide: whether the panel takes the whole width of the page. On a phone it scrolls sideways.
    """

    label: str
    draw: Draw
    is_wide: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure of a report.

    Attributes:
        name: name of its CSV file, and of its anchor in the page.
        caption: what the figure shows, with units.
        panels: its pictures. They stand side by side if the page is wide enough.
        csv: the values that are drawn, as CSV.
    """

    name: str
    caption: str
    panels: tuple[Panel, ...]
    csv: str

    def svgs(self, origin: str) -> list[tuple[Panel, str]]:
        """Each panel with its SVG.

        Args:
            origin: origin of the data, written into every panel ("simulated potassium").

        Raises:
            ToolError: matplotlib is not installed.
        """
        return [
            (panel, _svg(panel, origin, f"{self.name}-{number}", self.caption))
            for number, panel in enumerate(self.panels)
        ]


def _svg(panel: Panel, origin: str, prefix: str, caption: str) -> str:
    matplotlib = optional("matplotlib", "figures are drawn with the package matplotlib")
    cycle = matplotlib.cycler(color=COLOURS)
    with matplotlib.rc_context(_STYLE | {"axes.prop_cycle": cycle}):
        figure = new_figure(*(WIDE_IN if panel.is_wide else PANEL_IN))
        axes = figure.subplots()
        panel.draw(axes)
        axes.grid(color=QUIET, alpha=0.25, linewidth=0.6)
        axes.set_axisbelow(True)
        figure.supxlabel(origin, fontsize=7, x=0.99, ha="right")
        drawn = picture_bytes(figure, ".svg").decode()
    return _for_page(drawn, prefix, f"{panel.label or caption} ({origin})")


def _for_page(drawn: str, prefix: str, title: str) -> str:
    """The SVG, changed so that it can stand in a page beside others.

    It gets the page's colours, unique names, and no fixed size.
    """
    body = drawn[drawn.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'(<svg[^>]*?) width="[\d.]+pt" height="[\d.]+pt"', r"\1", body)
    body = re.sub(r'\b(id=")|(href="#)|(url\(#)', lambda found: f"{found[0]}{prefix}-", body)
    body = re.sub("|".join(_VARIABLES), lambda found: _VARIABLES[found[0].lower()], body, flags=re.IGNORECASE)
    body = re.sub(r"\s*\n\s*", "\n", body)
    said = title.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return body.replace("<svg", f'<svg role="img" aria-label="{said}"', 1)
