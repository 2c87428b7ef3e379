"""What the application says of the samples that it is given."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from splkit import boards
from splkit.errors import ParityError
from splkit.firmware.simulators.application import Application, simulate_core
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.wire.framing import frame
from splkit.firmware.wire.protocol import parse_lines

BANNER = frame(
    "# splkit 9.9.9 nrf52 fs_hz=300 task=potassium model=0123456789ab trained on nothing; "
    "for research, not a medical device"
)


@pytest.fixture
def elf(built: Callable[[str], Path]) -> Path:
    return built("nrf52") / "firmware.elf"


def recording(**beats: int) -> NDArray[np.int16]:
    """2 s of silence with a value at some samples (`at_100=1001`)."""
    counts = np.zeros(600, np.int16)
    for place, value in beats.items():
        counts[int(place.removeprefix("at_"))] = value
    return counts


def test_the_banner_says_what_it_is_and_what_it_is_not(elf: Path) -> None:
    assert simulate_core(elf, np.zeros(10, np.int16)) == [BANNER]


def test_a_beat_in_ms_and_uv_with_its_verdict_as_a_word(elf: Path) -> None:
    lines = simulate_core(elf, recording(at_100=1001, at_340=1000, at_341=32000, at_599=1002))
    # 2.197265625 uV a count; 241 samples at 300 Hz are 803.3 ms, 258 are 860.
    said = ["B 100 0 2199 first", "B 341 803 70313 ok", "B 599 860 2202 rr"]
    assert lines[1:] == [frame(each) for each in said]


@pytest.mark.parametrize("board", boards.names())
def test_every_board_says_the_same_of_the_same_counts(
    board: str, built: Callable[[str], Path], thirty_seconds: NDArray[np.int16]
) -> None:
    lines = simulate_core(built(board) / "firmware.elf", thirty_seconds)
    expected = simulate_core(built("nrf52") / "firmware.elf", thirty_seconds)
    assert f" {board} fs_hz={boards.load(board).ecg.fs_hz} " in lines[0]
    said, meant = parse_lines(lines), parse_lines(expected)
    assert [(each.r_sample, each.verdict) for each in said.beats] == [
        (each.r_sample, each.verdict) for each in meant.beats
    ]
    assert said.estimates == meant.estimates
    assert len(said.estimates) == 9


def test_a_verdict_without_a_word_is_said_to_be_unknown(elf: Path) -> None:
    assert simulate_core(elf, recording(at_5=1009))[1] == frame("B 5 0 2217 unknown")


def test_every_fourth_accepted_beat_of_the_stand_in_gives_an_estimate(elf: Path) -> None:
    lines = simulate_core(elf, recording(at_1=1010, at_2=1010, at_3=1010, at_4=1010))
    assert lines[5] == frame("K 4 1010 - - -5 none")


def test_lost_samples_are_said_once_a_second_where_more_are_lost(elf: Path) -> None:
    application = Application(CoreSimulator(elf))
    for lost in (0, 3, 3, 5):
        application.core.call("app_lost", lost)
    assert application.lines == [BANNER, frame("E lost 3")]
    application.push(np.zeros(299, np.int16))
    application.core.call("app_lost", 6)
    assert len(application.lines) == 2
    application.push(np.zeros(1, np.int16))
    for lost in (7, 7):
        application.core.call("app_lost", lost)
    assert application.lines[2:] == [frame("E lost 7")]


def test_a_full_ring_counts_what_it_loses_and_keeps_what_it_has(elf: Path) -> None:
    core = CoreSimulator(elf)
    for sample in range(300):
        core.call("sample_ring_put", sample)
    assert core.call("sample_ring_lost") == 300 - 256
    taken = core.allocate(2)
    values = []
    while core.call("sample_ring_take", taken):
        values.append(int(core.read(taken).view(np.int16)[0]))
    assert values == list(range(256))
    assert core.call("sample_ring_is_empty") == 1


@pytest.mark.parametrize(("how", "word"), [(1, "fault"), (2, "watchdog"), (3, "lockup")])
def test_what_ended_the_last_run_is_said_once(elf: Path, how: int, word: str) -> None:
    core = CoreSimulator(elf)
    core.call("last_run_record", how, 4660)
    core.call("last_run_record", 2, 0)  # what the reset register says later adds nothing
    application = Application(core)
    core.call("app_init")
    assert application.lines == [BANNER, frame(f"E {word} 4660"), BANNER]


def test_three_runs_that_fail_in_a_row_are_followed_by_one_that_stands_by(elf: Path) -> None:
    core = CoreSimulator(elf)
    for how, failures in ((1, 1), (2, 2), (0, 2), (4, 2), (3, 3)):  # neither a reset nor a brown-out is one
        if how:
            core.call("last_run_record", how, 7)
        assert core.call("last_run_take", core.allocate(4)) == how
        assert core.call("last_run_failures") == failures
    core.call("last_run_record", 1, 7)
    application = Application(core)
    assert application.lines[1:] == [frame("E fault 7"), frame("E safe 4"), frame("L 0 device active")]
    application.push(recording(at_1=1010, at_2=1010, at_3=1010, at_4=1010))
    assert application.send_as_it_is("selftest") == [frame("R selftest ok")]
    application.push(recording(at_1=1010))
    assert not [line for line in application.lines if line[0] in "BK"]


def test_a_run_of_a_minute_is_none_that_fails_at_its_start(elf: Path) -> None:
    core = CoreSimulator(elf)
    for _ in range(2):
        core.call("last_run_record", 1, 7)
        core.call("last_run_take", core.allocate(4))
    application = Application(core)
    application.push(np.zeros(60 * 300 - 1, np.int16))
    assert core.call("last_run_failures") == 2
    application.push(np.zeros(1, np.int16))
    assert core.call("last_run_failures") == 0


def test_memory_after_power_on_is_no_record(elf: Path) -> None:
    core = CoreSimulator(elf)
    record = core.elf.symbol("record")
    for content in (b"\x00", b"\xff", b"\x01"):
        core.cpu.write(record.address, content * record.size)
        assert core.call("last_run_take", core.allocate(4)) == 0


@pytest.mark.parametrize(
    ("sample", "found"),
    [
        (-6997, "0x50000000 by spl_push"),
        (-6999, "4 bytes to 0x1ff"),
        (-7000, "UC_ERR_INSN_INVALID. by spl_push"),
    ],
)
def test_what_misbehaves_is_named(elf: Path, sample: int, found: str) -> None:
    with pytest.raises(ParityError, match=found):
        simulate_core(elf, recording(at_3=sample))
