"""What Nordic's chips do wrong (docs/errata.md), and clocks that are not as they should be."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from renode.ble import should_be_sent_in_turn
from support.nrf_bench import START_S, asks, broadcast, confirm, on_air, plays
from support.nrf_chip import NrfChip


def test_a_crystal_that_starts_twice_sends_nothing_twice(chip: NrfChip, tmp_path: Path) -> None:
    """nRF52840 and nRF52832 anomaly 201."""
    chip.starts_twice = True
    plays(chip, at_50=1001)
    chip.run(1)
    assert chip.lines[1:] == [f"B 50 0 {1001 * chip.board.ecg.uv_per_count:.0f} first"]
    if chip.radio is not None:
        broadcast(chip)
        chip.line_is_high = False
        chip.run(2)
        should_be_sent_in_turn(on_air(chip, tmp_path))


def test_a_compare_that_triggers_twice_gives_one_sample(chip: NrfChip) -> None:
    """nRF52840 and nRF52832 anomaly 179."""
    chip.echoes = True
    plays(chip, at_201=1001, at_202=1001)  # both are sample 100; the supply's echo is conversion 0
    chip.run(1.3)
    assert chip.lines[1:] == [f"B 100 0 {1001 * chip.board.ecg.uv_per_count:.0f} first"]


@pytest.mark.parametrize(("missing", "bits"), [({"slow"}, 1), ({"fast"}, 2), ({"slow", "fast"}, 3)])
def test_a_crystal_that_never_starts_is_done_without_and_said(
    missing: set[str], bits: int, chip: NrfChip
) -> None:
    chip.has_crystal |= dict.fromkeys(missing, False)
    chip.run(6)
    assert chip.machine.resets == 1
    said = [line for line in chip.lines if line.startswith("E ")]
    assert said[-1] == f"E crystal {bits}"
    assert asks(chip, "status")[0].startswith("R status ok live ")
    # Samples that come at another rate are of no use.
    assert asks(chip, "alarms")[0] == "R alarms ok" + (" device active" if "slow" in missing else "")
    if chip.radio is not None:
        broadcast(chip)
        chip.run(1.1)
        assert bool(chip.on_air) == ("fast" not in missing)


def test_a_clock_that_a_boot_loader_left_is_stopped_first(chip: NrfChip) -> None:
    chip.slow, chip.slow_source = "runs", "RC"
    chip.run(1)
    assert chip.slow_source == "XTAL"
    assert chip.sampled_at


def test_a_pin_reset_is_no_watchdog(chip: NrfChip) -> None:
    """nRF52 anomaly 136, nRF5340 anomaly 55: other reasons are set with it at random."""
    chip.reasons = 0b1111
    chip.run(START_S)
    assert not [line for line in chip.lines if line.startswith("E ")]
    assert chip.reasons == 0


def test_settings_are_not_written_after_a_warning_of_the_supply(nrf52840: NrfChip) -> None:
    """Anomaly 242. The operations themselves are refused by the model where the comparator is on."""
    nrf52840.run(START_S)
    confirm(nrf52840)
    nrf52840.dip(2.05)
    assert asks(nrf52840, "alert 5600 6600", 1)[-1].startswith("R alert error ")
    assert asks(nrf52840, "alert 5600 6600", 1)[0] == "R alert ok"
    assert nrf52840.comparator_volts() == pytest.approx(2.1)


def test_trimming_of_the_nrf52832_is_loaded(nrf52832: NrfChip) -> None:
    """Anomalies 31, 108 and 182."""
    nrf52832.run(0.01)
    assert nrf52832.value("ERRATUM_31_TO") == 0xA123 >> 13
    assert nrf52832.value("ERRATUM_108_TO") == 0xFF & 0x4F
    assert nrf52832.value("ERRATUM_182_TO") == 1 << 10


def test_revision_1_of_the_nrf52832_is_left_as_it_is(nrf52832: NrfChip) -> None:
    nrf52832.fixed["ERRATUM_182_REVISION", 0] = 0x50
    nrf52832.run(0.01)
    assert nrf52832.value("ERRATUM_182_TO") == 0


def test_a_sleep_of_the_nrf52840_takes_no_more_than_it_should(nrf52840: NrfChip) -> None:
    """Anomaly 246."""
    nrf52840.run(0.01)
    assert nrf52840.value("ERRATUM_246_TO") == 2


def test_trimming_of_the_nrf5340_is_loaded(nrf5340: NrfChip) -> None:
    nrf5340.run(0.01)
    assert nrf5340.machine.unnamed == dict(nrf5340.trimming)


@pytest.mark.parametrize(("revision", "value"), [(5, 0x7E), (3, 0)])
def test_the_regulator_of_the_nrf5340_is_set(revision: int, value: int, nrf5340: NrfChip) -> None:
    """Anomaly 160, of revision 1, in the order and with the values of Nordic's start-up code."""
    nrf5340.fixed["ERRATUM_REVISION", 0] = revision
    nrf5340.run(0.01)
    found = [nrf5340.value(f"ERRATUM_160_TO_{letter}") for letter in "ABCDEFGHI"]
    assert found == [value, value, value and 0x7F, 0, 0, 0, 0, 0, 0]


def test_a_calibration_that_a_reset_has_cut_off_is_ended(nrf5340: NrfChip) -> None:
    """nRF5340 anomaly 140."""
    nrf5340.machine.on_read["ERRATUM_140_CALIBRATION"] = lambda _: 1 << 31
    nrf5340.stuck_calibration = True
    nrf5340.run(1)
    assert nrf5340.synthesized
    assert nrf5340.slow_source == "XTAL"


def sleeps(folder: Path) -> Iterator[bytes]:
    """The code behind each WFI."""
    code = (folder / "firmware.bin").read_bytes()
    at = -1
    while (at := code.find(b"\x30\xbf", at + 1)) >= 0:
        if at % 2 == 0:
            yield code[at + 2 : at + 18]


@pytest.mark.parametrize(("board", "instructions"), [("nrf52832", 4), ("nrf5340", 8)])
def test_memory_rests_after_a_sleep(board: str, instructions: int, built: Callable[[str], Path]) -> None:
    """nRF52832 anomaly 220, nRF5340 anomaly 168."""
    found = list(sleeps(built(board)))
    assert found
    assert all(code.startswith(instructions * b"\x00\xbf") for code in found)
