"""Lines in, typed records out."""

import pytest

from splkit.errors import ToolError
from splkit.firmware.protocol import Beat, Estimate, Fault, parse_lines

LINES = [
    "# splkit 0.1.0 nrf52 fs_hz=300 model=0123456789ab",
    "B 115 0 448 first",
    "B 355 800 -479 ok",
    "K 355 4512 -5",
    "E lost 3",
    "# end",
]


def test_a_run_is_read_in_order_of_its_kinds() -> None:
    report = parse_lines(LINES)
    assert report.banner == "splkit 0.1.0 nrf52 fs_hz=300 model=0123456789ab"
    assert report.beats == [Beat(115, 0, 448, "first"), Beat(355, 800, -479, "ok")]
    assert report.estimates == [Estimate(355, 4512, -5)]
    assert report.estimates[0].spl_meq_l == 4.512
    assert report.faults == [Fault("lost", 3)]


@pytest.mark.parametrize(
    "line", ["X 1", "B 1 2 3", "B 1 2 3 ok more", "K 1 2", "K one 2 3", "E lost", "B1 2 3 4", ""]
)
def test_a_line_of_another_kind_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(ToolError, match="in line 7"):
        parse_lines([*LINES, line])
