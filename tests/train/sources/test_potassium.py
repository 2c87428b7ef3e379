"""What a laboratory wrote, and what is believed of it."""

import pytest

from splkit.train.sources.potassium import MEQ_L_PER_MG_DL, read_potassium
from splkit.train.sources.reasons import LeftOut
from splkit.train.sources.times import seconds, seconds_apart


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("4.9", "mEq/L", 4.9),
        (" 4.9 ", "mmol/l", 4.9),
        ("1", "MEQ/L", 1.0),
        ("12.0", "mEq/L", 12.0),
        ("1.2e1", "mEq/L", 12.0),
        ("0.99", "mEq/L", LeftOut.OUT_OF_RANGE),
        ("-4.9", "mEq/L", LeftOut.OUT_OF_RANGE),
        ("138", "mEq/L", LeftOut.OUT_OF_RANGE),
        ("4.9", "ug/dL", LeftOut.OTHER_UNIT),
        (">10.0", "mEq/L", LeftOut.LIMIT),
        ("< 1.5", "mEq/L", LeftOut.LIMIT),
        ("\u226510", "mEq/L", LeftOut.LIMIT),
        ("4,9", "mEq/L", LeftOut.DECIMAL_COMMA),
        ("", "mEq/L", LeftOut.WITHOUT_NUMBER),
        ("nan", "mEq/L", LeftOut.WITHOUT_NUMBER),
        ("inf", "mEq/L", LeftOut.WITHOUT_NUMBER),
        ("hemolysed", "mEq/L", LeftOut.WITHOUT_NUMBER),
        ("4_9", "mEq/L", LeftOut.WITHOUT_NUMBER),
        ("\u0664.\u0669", "mEq/L", LeftOut.WITHOUT_NUMBER),
        ("4.9 mEq/L", "mEq/L", LeftOut.WITHOUT_NUMBER),
    ],
)
def test_what_a_text_says(text: str, unit: str, expected: float | LeftOut) -> None:
    assert read_potassium(text, unit) == expected


def test_a_decimal_comma_is_read_where_it_is_asked_for() -> None:
    assert read_potassium("4,9", decimal_comma=True) == 4.9
    assert read_potassium("4.9", decimal_comma=True) == 4.9
    assert read_potassium("1,234,5", decimal_comma=True) is LeftOut.WITHOUT_NUMBER


def test_mg_a_dl_are_converted_by_the_molar_mass() -> None:
    # 17.6 mg/dL: 176 mg/L of 39.1 mg a mmol.
    assert read_potassium("17.6", "mg/dL") == pytest.approx(4.50, abs=0.002)
    assert pytest.approx(0.25577, abs=1e-5) == MEQ_L_PER_MG_DL
    assert read_potassium("4.5", "mg/dL") == pytest.approx(1.151, abs=0.001)


@pytest.mark.parametrize(
    "time", ["", "2180-07-23", "yesterday", "2180-07-23 25:00:00", "2180-07-23T08:44:00Z"]
)
def test_what_is_no_time_without_a_zone(time: str) -> None:
    assert seconds(time) is None


def test_times_of_two_zones_are_compared_and_one_zone_is_refused() -> None:
    assert seconds_apart("2024-03-31T10:30:00+02:00", "2024-03-31T08:00:00Z") == 30 * 60
    assert seconds_apart("2024-03-31 10:30", "2024-03-31 11:00") == -30 * 60
    assert seconds_apart("2024-03-31T10:30:00+02:00", "2024-03-31T08:00:00") is LeftOut.ONE_ZONE
    assert seconds_apart("31.03.2024 10:30", "31.03.2024 10:00", "%d.%m.%Y %H:%M") == 30 * 60
    assert seconds_apart("31.03.2024 10:30", "2024-03-31 10:00") is LeftOut.WITHOUT_TIME
    assert seconds_apart("2024-03-31 10:30", "") is LeftOut.ECG_WITHOUT_TIME
