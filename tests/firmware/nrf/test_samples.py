"""Samples and supply: converter, clock and electrodes of Nordic's chips, on models that refuse."""

from itertools import pairwise
from pathlib import Path

import pytest
from support.nrf_bench import MIDDLE_V, START_S, asks, plays, supply_mv
from support.nrf_chip import LF_HZ, SECOND, NrfChip
from support.stand_in import board_at_vddh, export_stand_in

from splkit.firmware.build import build


def test_volts_at_the_input_come_out_as_a_beat_in_microvolts(chip: NrfChip) -> None:
    plays(chip, at_50=1001, at_110=1010)
    chip.run(1)
    uv = chip.board.ecg.uv_per_count
    said = [f"B 50 0 {1001 * uv:.0f} first", f"B 110 200 {1010 * uv:.0f} ok"]
    assert chip.lines[0].startswith("# splkit 9.9.9 ")
    assert chip.lines[1:] == said


def test_samples_are_equally_far_apart(chip: NrfChip) -> None:
    chip.run(2)
    between = [after - before for before, after in pairwise(chip.sampled_at)]
    tick = SECOND / LF_HZ
    assert all(abs(each - SECOND / chip.board.ecg.fs_hz) <= tick for each in between)
    assert abs(chip.sampled_at[300] - chip.sampled_at[0] - SECOND) <= tick


def test_a_sample_that_is_late_is_missed_and_counted(nrf52840: NrfChip) -> None:
    """A compare a tick or two ahead may be missed: the next one is taken, a sample later."""
    nrf52840.run(START_S)
    at = nrf52840.machine.elf.symbol("tick").address
    tick = int.from_bytes(nrf52840.machine.uc.mem_read(at, 4), "little")
    nrf52840.machine.uc.mem_write(at, (tick - 108).to_bytes(4, "little"))
    nrf52840.run(0.5)
    assert nrf52840.lines[1:] == ["E lost 1"]


def test_the_supply_is_measured_and_said(chip: NrfChip) -> None:
    chip.run(START_S)
    assert abs(supply_mv(chip) - 3500) <= 1


def test_the_supply_is_measured_again_between_two_samples(chip: NrfChip) -> None:
    chip.run(START_S)
    chip.supply_volts = 2.5
    since = chip.machine.elf.symbol("since_supply").address
    chip.machine.uc.mem_write(since, (60 * chip.board.ecg.fs_hz - 30).to_bytes(4, "little"))
    chip.run(0.5)
    assert abs(supply_mv(chip) - 2500) <= 1
    assert all(after - before < 4_000_000 for before, after in pairwise(chip.sampled_at))


@pytest.mark.parametrize("name", ["nrf52", "nrf5340"])
def test_a_battery_in_front_of_the_regulator_is_measured_there(name: str, tmp_path: Path) -> None:
    board = board_at_vddh(name)
    folder = export_stand_in(board, tmp_path)
    build(folder)
    chip = NrfChip(folder, board)
    chip.vddh_volts = 3.7
    chip.run(START_S)
    assert chip.value(chip.dcdc) == 1
    assert supply_mv(chip) == 0  # the amplifier's supply comes first: it says where the rails are
    since = chip.machine.elf.symbol("since_supply").address
    for volts, alarms in ((3.7, "R alarms ok"), (3.3, "R alarms ok battery active")):
        chip.vddh_volts = volts
        for _ in range(2):  # they take turns
            chip.machine.uc.mem_write(since, (60 * chip.board.ecg.fs_hz - 30).to_bytes(4, "little"))
            chip.run(0.5)
        assert abs(supply_mv(chip) - 1000 * volts) <= 2
        assert asks(chip, "alarms")[-1] == alarms


@pytest.mark.parametrize("electrode", ["plus_is_off", "minus_is_off"])
def test_an_electrode_that_is_off_puts_samples_on_the_rail(electrode: str, nrf52840: NrfChip) -> None:
    nrf52840.volts_at = lambda _input, _conversion: MIDDLE_V
    nrf52840.run(START_S)
    asks(nrf52840, "trace on", 1)
    setattr(nrf52840, electrode, True)
    nrf52840.run(1)
    points = [line.split()[3] for line in nrf52840.lines if line.startswith("T ")]
    assert points[0].startswith("0000")
    assert points[-1] == "7FFF" * 16
