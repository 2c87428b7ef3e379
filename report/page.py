"""Makes a page from its sections: one HTML file with everything in it, and CSV files of its values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from splkit.html import html_template
from splkit.report.figure import Figure
from splkit.report.table import Table

_HERE = "splkit.report"


@dataclass(frozen=True)
class Section:
    """A part of a page.

    Attributes:
        name: name of its anchor in the page.
        title: its heading.
        text: its paragraphs. They come before tables and figures.
        tables, figures: its tables and figures, in order.
        origin: origin of the data, written into each figure ("simulated potassium").
    """

    name: str
    title: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    origin: str = ""


@dataclass(frozen=True)
class Page:
    """A report.

    Attributes:
        title: title of the page.
        notice: text under the title that says what the page may be used for.
        sections: its sections. The first one is the front page.
        csv_folder: the folder of the CSV files, beside the page; "" if there are none.
    """

    title: str
    notice: str
    sections: Sequence[Section]
    csv_folder: str = ""

    def html(self) -> bytes:
        """The page as one HTML file, with its style, script, figures and tables.

        Raises:
            ToolError: matplotlib is not installed.
        """
        template = html_template(_HERE, "page.html.j2")
        here = resources.files(_HERE)
        style, script = (here.joinpath(name).read_text("utf-8") for name in ("page.css", "page.js"))
        return template.render(page=self, style=style, script=script).encode()

    def csvs(self) -> Iterator[tuple[str, str]]:
        """The name and the text of the CSV file of each table and figure."""
        for section in self.sections:
            yield from ((f"{table.name}.csv", table.csv) for table in section.tables)
            yield from ((f"{figure.name}.csv", figure.csv) for figure in section.figures)
