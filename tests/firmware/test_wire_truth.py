"""The wire against docs/protocol.md, published check values and numbers worked out by hand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.curves import shifted, straight
from support.hand_made import counts_of, regular
from support.single_answer import single_answer_model

from splkit.errors import UsageError
from splkit.firmware.parity.alert import Settings
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.application import Application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.wire.device import Device
from splkit.firmware.wire.framing import crc16
from splkit.firmware.wire.ports import Port
from splkit.firmware.wire.protocol import parse_lines
from splkit.quantize.carried import card_for

UV_PER_COUNT = 2.197265625
"""Of the board nrf52: 3.6 V in 2^14 steps, behind an amplifier of 100."""


@pytest.fixture
def core(built: Callable[[str], Path]) -> CoreSimulator:
    return CoreSimulator(built("nrf52") / "firmware.elf")


class Wire(Port):
    """A port that only keeps what is written to it."""

    name = "a wire"

    def __init__(self) -> None:
        self.written = b""

    def read(self) -> bytes | None:
        return None

    def write(self, data: bytes) -> None:
        self.written += data


@pytest.mark.parametrize(
    ("letters", "answer"), [(71, "R ? error unknown"), (72, "R ? error unknown"), (73, None)]
)
def test_a_command_has_72_letters_at_most(core: CoreSimulator, letters: int, answer: str | None) -> None:
    """A longer one is dropped and counted, however right its checksum."""
    application = Application(core)
    said = application.send("x" * letters)
    assert [line.partition("*")[0] for line in said] == ([] if answer is None else [answer])
    bad_lines = application.send("status")[0].split()[10]
    assert bad_lines == ("1" if answer is None else "0")
    wire = Wire()
    if answer is None:
        with pytest.raises(UsageError, match="72 letters at most"):
            Device(wire).send("x" * letters)
        assert wire.written == b""
    else:
        Device(wire).send("x" * letters)
        assert wire.written.strip()[:letters] == b"x" * letters


def test_sixteen_samples_are_a_whole_replay_command(core: CoreSimulator) -> None:
    application = Application(core)
    application.send("replay start")
    assert [line.partition("*")[0] for line in application.send("replay " + "0010" * 16)] == ["R replay ok"]


def test_checksums_have_their_published_check_values(core: CoreSimulator) -> None:
    """CRC-16/IBM-3740 of "123456789" is 0x29B1; CRC-32/ISO-HDLC of "12345678" is 0x9AE0DAAF."""
    crc = 0xFFFF
    for letter in b"123456789":
        crc = core.call("crc16_add", crc, letter)
    assert crc == crc16(b"123456789") == 0x29B1
    words = core.allocate(8)
    core.cpu.write(words.address, b"12345678")
    assert core.call("crc32_of_words", words, 2) & 0xFFFF_FFFF == 0x9AE0DAAF


def test_the_twins_lines_are_in_ms_microvolts_and_micro_equivalents(single_answer: Path) -> None:
    """Beats of 1 mV, 0.8 s apart; SPL from the output by the card's scale, the interval added to it."""
    twin, card = Twin(single_answer), card_for(single_answer_model())
    counts = (counts_of(regular(40), 300) / UV_PER_COUNT).round().astype(np.int16)
    report = parse_lines(twin.lines(twin.front_end(counts), len(counts)))
    assert len(report.beats) >= 38 and len(report.estimates) == 4
    for beat in report.beats[1:]:
        assert beat.rr_ms == pytest.approx(800, abs=4) and beat.amplitude_uv == pytest.approx(1000, rel=0.01)
    assert card.interval is not None
    for estimate in report.estimates:
        by_hand = 1000 * (card.offset + card.output.scale * (estimate.outputs[0] - card.output.zero_point))
        assert estimate.spl_ueq_l == pytest.approx(by_hand, abs=1)
        assert estimate.low_ueq_l == pytest.approx(by_hand + 1000 * card.interval.low_meq_l, abs=1)
        assert estimate.high_ueq_l == pytest.approx(by_hand + 1000 * card.interval.high_meq_l, abs=1)
        assert estimate.low_ueq_l < estimate.spl_ueq_l < estimate.high_ueq_l


def test_a_calibration_moves_the_estimate_and_both_ends_of_its_interval(single_answer: Path) -> None:
    twin = Twin(single_answer)
    counts = (counts_of(regular(20), 300) / UV_PER_COUNT).round().astype(np.int16)
    trace = twin.front_end(counts)
    plain, moved = (
        parse_lines(twin.lines(trace, len(counts), Settings(shifted(offset)))).estimates
        for offset in (0, 480)
    )
    assert len(plain) == len(moved) == 2
    for before, now in zip(plain, moved, strict=True):
        assert before.low_ueq_l is not None and before.high_ueq_l is not None
        assert now.spl_ueq_l == before.spl_ueq_l + 480
        assert (now.low_ueq_l, now.high_ueq_l) == (before.low_ueq_l + 480, before.high_ueq_l + 480)
        assert now.outputs == before.outputs


def test_a_curve_and_a_spread_by_hand(single_answer: Path) -> None:
    """5.0 becomes 4.8, and half of what is above; a quarter of the card's 1.14 is left to either side."""
    twin = Twin(single_answer)
    counts = (counts_of(regular(20), 300) / UV_PER_COUNT).round().astype(np.int16)
    trace, curve = twin.front_end(counts), straight(0.5, through=(5000, 4800), spread=1024)
    plain, moved = (
        parse_lines(twin.lines(trace, len(counts), settings)).estimates
        for settings in (Settings(), Settings(curve))
    )
    for before, now in zip(plain, moved, strict=True):
        assert now.spl_ueq_l == pytest.approx(4800 + (before.spl_ueq_l - 5000) / 2, abs=1)
        assert (now.low_ueq_l, now.high_ueq_l) == (now.spl_ueq_l - 285, now.spl_ueq_l + 285)
