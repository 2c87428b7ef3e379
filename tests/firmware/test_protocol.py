"""Lines in, typed records out."""

import re
import sys
from pathlib import Path

import pytest

from splkit.commands.monitor_view import describe
from splkit.errors import ToolError
from splkit.firmware.wire.events import Alert, Beat, Estimate, Fault, Probability, Reply, Trace, Value
from splkit.firmware.wire.framing import Deframer, crc16, frame, unframe
from splkit.firmware.wire.protocol import parse_event, parse_lines

TEXTS = [
    "# splkit 0.1.0 nrf52 fs_hz=300 model=0123456789ab",
    "B 115 0 448 first",
    "B 355 800 -479 ok",
    "K 355 4512 3412 5612 -5 none",
    "A 355 high",
    "K 755 4512 - - -5 high",
    "E lost 3",
    "R status ok live none",
    "R alert error range",
    "T 600 3 FFFF00017FFF8000",
    "# end",
]
LINES = [frame(text) for text in TEXTS]


def test_a_run_is_read_in_order_of_its_kinds() -> None:
    report = parse_lines(LINES)
    assert report.banner == "splkit 0.1.0 nrf52 fs_hz=300 model=0123456789ab"
    assert report.beats == [Beat(115, 0, 448, "first"), Beat(355, 800, -479, "ok")]
    assert report.estimates == [
        Estimate(355, 4512, 3412, 5612, (-5,), "none"),
        Estimate(755, 4512, None, None, (-5,), "high"),
    ]
    assert report.estimates[0].spl_meq_l == 4.512
    assert report.alerts == [Alert(355, "high")]
    assert report.faults == [Fault("lost", 3)]


@pytest.mark.parametrize(
    "text",
    [
        *("X 1", "B 1 2 3", "B 1 2 3 ok more", "K 1 2", "K one 2 3 4 5 high", "E lost", "B1 2 3 4", ""),
        *(
            "A 1",
            "A x high",
            "R status",
            "R status maybe",
            "T 1 3",
            "T 1 3 XYZW",
            "P 1 580 5500 2",
            "V 1 2 3",
        ),
    ],
)
def test_a_line_of_another_kind_is_refused_with_its_number(text: str) -> None:
    with pytest.raises(ToolError, match="in line 12"):
        parse_lines([*LINES, frame(text)])


def test_each_task_has_its_own_line() -> None:
    probability = parse_event("P 355 580 5500 20 likely")
    assert probability == Probability(355, 580, 5500, 20, "likely")
    assert isinstance(probability, Probability)
    assert probability.words == "probability 0.580 of SPL >= 5.5 mEq/L"
    value = parse_event("V 355 -61250 -5 mm Hg")
    assert value == Value(355, -61250, -5, "mm Hg")
    assert isinstance(value, Value) and value.words == "-61.25 mm Hg"
    report = parse_lines([frame("P 355 580 5500 20 likely"), frame("V 355 1 -5 bpm")])
    assert (len(report.probabilities), len(report.values), report.estimates) == (1, 1, [])


def test_answers_and_traces_are_events() -> None:
    assert parse_event("R status ok live none") == Reply("status", True, ("live", "none"))
    assert parse_event("R alert error range") == Reply("alert", False, ("range",))
    assert parse_event("T 600 3 FFFF00017FFF8000") == Trace(600, 3, (-1, 1, 32767, -32768))


@pytest.mark.parametrize("line", ["B 115 0 448 first", "B 115 0 448 first*0000", "*FFFF5", "µ*FFFF", "*"])
def test_a_line_without_its_checksum_is_refused(line: str) -> None:
    with pytest.raises(ToolError, match="each with its checksum"):
        parse_lines([line])


def test_the_checksum_is_the_catalogues() -> None:
    assert crc16(b"123456789") == 0x29B1  # CRC-16/IBM-3740, also called CCITT-FALSE
    assert unframe(frame("status")) == "status"


def test_lines_are_found_in_a_stream_that_starts_anywhere_and_is_garbled() -> None:
    whole = "".join(f"{line}\n" for line in LINES).encode("ascii")
    garbage = b"5 ok*1234\n\x00\xff*" + b"x" * 3000 + b"\n\r\n" + b"B 1 2 3 ok*0000\n"
    stream = whole[7:] + garbage + whole + b"B 1"
    for step in (1, 7, len(stream)):
        deframer = Deframer()
        found = [text for at in range(0, len(stream), step) for text in deframer.feed(stream[at : at + step])]
        assert found == TEXTS[1:] + TEXTS
        assert deframer.bad_lines == 4


def test_a_stream_without_an_end_takes_no_memory() -> None:
    deframer = Deframer()
    for _ in range(1000):
        assert list(deframer.feed(b"x" * 1000)) == []
    assert sys.getsizeof(deframer._pending) < 2000
    assert list(deframer.feed(f"\n{LINES[1]}\n".encode())) == [TEXTS[1]]


def test_the_line_that_the_documentation_shows_is_whole(root: Path) -> None:
    shown = re.findall(r"^    (.*\*[0-9A-F]{4})$", (root / "docs" / "protocol.md").read_text(), re.MULTILINE)
    assert [parse_event(unframe(line)) for line in shown] == [Beat(355, 800, 1500, "ok")]


def test_an_estimate_of_quantiles_has_all_outputs_and_two_risks() -> None:
    line = frame("K 6932 5024 4007 6834 -53/-16/47 high 290 95")
    [estimate] = parse_lines([line]).estimates
    assert estimate == Estimate(6932, 5024, 4007, 6834, (-53, -16, 47), "high", 290, 95)
    told = describe(estimate)
    assert told == "SPL 5.02 (4.01 to 6.83) mEq/L at 6932, high, risk of high, critical: 29.0 %, 9.5 %"
    for broken in ("-53/-16/47 high 290", "-53//47 high 290 95", "-53/-16/47 high 290 x", "- high 290 95"):
        with pytest.raises(ToolError):
            parse_lines([frame(f"K 6932 5024 4007 6834 {broken}")])
