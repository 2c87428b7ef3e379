"""Tables of a report: rounded on the page, in full as CSV."""

import csv
import io

from splkit.report.table import Interval, Link, Table, shown

TABLE = Table(
    "accuracy",
    "Errors in mEq/L.",
    ("network", "parameters", "MAE", "R2", "picture"),
    (
        ('FNN, "small"', 4019, Interval(0.45678949, 0.4, 0.5), 0.123456789, Link("scatter")),
        ("mean", None, Interval(None), None, Link("scatter")),
    ),
)


def test_csv_has_what_the_page_rounds_and_three_columns_an_interval() -> None:
    heading, first, second = csv.reader(io.StringIO(TABLE.csv))
    assert heading == ["network", "parameters", "MAE", "MAE: low", "MAE: high", "R2", "picture"]
    assert first == ['FNN, "small"', "4019", "0.456789", "0.4", "0.5", "0.123457", "scatter"]
    assert second == ["mean", "", "", "", "", "", "scatter"]


def test_cells_in_words() -> None:
    assert shown(Interval(0.45678949, 0.4, 0.5)) == ("0.457", "0.400 to 0.500", "")
    assert shown(Interval(0.5)) == ("0.500", "", "") and shown(None) == ("-", "", "")
    assert shown(12345) == ("12,345", "", "") and shown(Link("scatter")) == ("scatter", "", "scatter")
    assert TABLE.is_number == [False, True, True, True, False]
