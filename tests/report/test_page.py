"""A report in a real browser: whole without a network, legible at desk and phone width, light and dark."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.browser import read_in_browser

from splkit.report.figure import Figure, Panel
from splkit.report.page import Page, Section
from splkit.report.table import Interval, Link, Table

pytest.importorskip("matplotlib", reason="figures need splkit[ecg]")

NASTY = """it's "a" <b>name</b> & more"""


def page() -> Page:
    """Two sections, a wide table, a figure of one panel and one of three."""

    def draw(axes: Any) -> None:
        axes.plot(np.arange(5), np.arange(5) ** 2, label=NASTY)
        axes.plot([1, 2, 3], [9, 4, 1], ".")
        axes.set(xlabel="potassium (mEq/L)")
        axes.legend()

    columns = ("network", *(f"a long heading, number {number}" for number in range(12)), "picture")
    row = (NASTY, *(Interval(1.0, 0.5, 1.5) for _ in range(12)), Link("three"))
    table = Table("wide", NASTY, columns, (row, row))
    single = Figure("single", "One panel.", (Panel("", draw),), "x\n1\n")
    three = Figure("three", NASTY, tuple(Panel(label, draw) for label in ("V1", "V2", NASTY)), "x\n2\n")
    first = Section("data", "What the data were", (NASTY,), (table,), (single,), "simulated potassium")
    second = Section("costs", "Costs", (), (), (three,), "measured on a simulated Cortex-M4")
    return Page(NASTY, "For research; not a medical device.", (first, second))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_bytes(page().html())
    return path


def test_nothing_of_the_content_becomes_markup_and_nothing_is_fetched(written: Path) -> None:
    text = written.read_text()
    assert "<b>" not in text
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", text)
    assert not re.search(r"url\((?!#)", text) and "@import" not in text


def test_the_same_page_has_the_same_bytes(written: Path) -> None:
    assert page().html() == written.read_bytes()


def test_csv_files_stand_behind_tables_and_figures() -> None:
    assert {name: text.splitlines()[0][:7] for name, text in page().csvs()} == {
        "wide.csv": "network", "single.csv": "x", "three.csv": "x",
    }  # fmt: skip


def test_colours_are_those_of_the_page(written: Path) -> None:
    """Nothing that is drawn has a colour of its own, which would vanish on a dark screen or a light one."""
    svgs = re.findall(r"<svg.*?</svg>", written.read_text(), re.DOTALL)
    assert len(svgs) == 4
    assert not {colour for svg in svgs for colour in re.findall(r"#[0-9a-f]{6}\b", svg)}


@pytest.mark.parametrize(
    ("width", "is_dark"), [(1280, False), (390, True)], ids=["desk, light", "phone, dark"]
)
def test_it_reads_in_a_browser(written: Path, tmp_path: Path, width: int, is_dark: bool) -> None:
    found = read_in_browser(written, tmp_path, width, is_dark=is_dark)
    assert found["line"] == ("rgb(86, 180, 233)" if is_dark else "rgb(0, 114, 178)")
    assert found["sections"] == ["data", "costs"]
    assert found["badges"] == ["simulated potassium"] * 2 + ["measured on a simulated Cortex-M4"]
    assert found["copied"] == [page().sections[0].tables[0].csv]
