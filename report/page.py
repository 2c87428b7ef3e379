"""A page from its sections: HTML with everything in it, and the CSV files behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined

from splkit.report.figure import Figure
from splkit.report.table import Table

_HERE = "splkit.report"


@dataclass(frozen=True)
class Section:
    """A part of a page.

    Attributes:
        name: of its place in the page.
        title: its heading.
        text: paragraphs, before tables and figures.
        tables, figures: in their order.
        origin: where its figures come from, written into each: "simulated potassium".
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
        title: of the page.
        notice: under the title: what it may be used for.
        sections: the first one is the front page.
        csv_folder: in which the CSV files lie beside the page; "" where there are none.
    """

    title: str
    notice: str
    sections: Sequence[Section]
    csv_folder: str = ""

    def html(self) -> bytes:
        """The page, with its style, its script, its figures and its tables; it asks for nothing else.

        Raises:
            ToolError: matplotlib is not installed.
        """
        environment = Environment(
            loader=PackageLoader(_HERE, "."),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=True,
        )
        template = environment.get_template("page.html.j2")
        here = resources.files(_HERE)
        style, script = (here.joinpath(name).read_text("utf-8") for name in ("page.css", "page.js"))
        return template.render(page=self, style=style, script=script).encode()

    def csvs(self) -> Iterator[tuple[str, str]]:
        """The name and the text of the CSV file behind each table and figure."""
        for section in self.sections:
            yield from ((f"{table.name}.csv", table.csv) for table in section.tables)
            yield from ((f"{figure.name}.csv", figure.csv) for figure in section.figures)
