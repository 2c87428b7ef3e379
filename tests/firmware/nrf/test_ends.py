"""How runs end on Nordic's chips: faults, the watchdog, the supply; what the next run says of it."""

import pytest
import unicorn
from support import machine
from support.nrf_bench import START_S, asks
from support.nrf_chip import NrfChip
from unicorn import arm_const

REASONS = {False: {"WATCHDOG": 1 << 1, "LOCKUP": 1 << 3}, True: {"WATCHDOG": 1 << 1, "LOCKUP": 1 << 4}}
"""RESETREAS of the nRF52 and the nRF53 series."""


def faults_in(chip: NrfChip, function: str) -> int:
    """Each call of it ends as the fault handler ends a run; its address."""
    uc, elf = chip.machine.uc, chip.machine.elf
    at, handler = elf.symbol(function).address & ~1, elf.symbol("board_fault").address | 1

    def fault(*_: object) -> None:
        uc.reg_write(arm_const.UC_ARM_REG_R0, at)
        uc.reg_write(arm_const.UC_ARM_REG_PC, handler)

    uc.hook_add(unicorn.UC_HOOK_CODE, fault, begin=at, end=at)
    return at


def test_a_fault_at_every_start_ends_in_a_run_that_stands_by(nrf52840: NrfChip) -> None:
    at = faults_in(nrf52840, "spl_push")
    nrf52840.run(5)
    said = [line for line in nrf52840.lines if line[0] in "EL"]
    assert said == [f"E fault {at}"] * 3 + ["E safe 3", "L 0 device active"]
    assert nrf52840.machine.resets == 3
    assert asks(nrf52840, "status")[0].startswith("R status ok live none - ")


def test_from_the_sixth_on_a_fault_waits_for_the_watchdog(
    nrf52840: NrfChip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model's time stands still in a sleep that an interrupt would end, if it were not masked."""
    faults_in(nrf52840, "app_push")  # without which no run stands by, either
    monkeypatch.setattr(machine, "PATIENCE_S", 5)
    with pytest.raises(machine.RefusedError, match=r"no end within .* core_wait_for_interrupt"):
        nrf52840.run(20)
    assert nrf52840.machine.resets == 6


def test_without_samples_the_watchdog_ends_the_run(chip: NrfChip) -> None:
    chip.run(START_S)
    chip.machine.values.pop(("RTC_EVTENSET", 0))
    chip.run(4.5)
    assert chip.machine.resets == 1
    assert chip.lines[-1].startswith("E watchdog ") and chip.lines[-1] != "E watchdog 0"


def test_a_run_that_is_fed_is_not_ended(nrf52840: NrfChip) -> None:
    nrf52840.run(6)
    assert nrf52840.machine.resets == 0


def test_nothing_beneath_the_stack_can_be_reached(nrf52840: NrfChip) -> None:
    """No access, not executable, 4 KiB (size 11) beneath the RAM; all else as without an MPU."""
    nrf52840.run(0.01)
    assert nrf52840.value("MPU_RBAR") & ~0x1F == nrf52840.board.memory.ram.origin - 4096
    assert (nrf52840.value("MPU_RASR"), nrf52840.value("MPU_CTRL")) == (1 << 28 | 11 << 1 | 1, 0b101)


@pytest.mark.parametrize(("reason", "word"), [("WATCHDOG", "watchdog"), ("LOCKUP", "lockup")])
def test_a_reason_by_itself_is_said(reason: str, word: str, chip: NrfChip) -> None:
    """A lockup is a fault inside of the fault handler."""
    chip.reasons = REASONS[chip.is_nrf53][reason]
    chip.run(START_S)
    assert chip.lines[1:] == [f"E {word} 0"]


def test_a_dip_above_the_threshold_is_none(chip: NrfChip) -> None:
    chip.run(START_S)
    chip.dip(2.15)
    chip.machine.reset()
    chip.run(START_S)
    assert not [line for line in chip.lines if line.startswith("E ")]


def test_a_dip_below_it_is_said_after_the_next_reset(chip: NrfChip) -> None:
    chip.run(START_S)
    chip.dip(2.05)
    chip.run(0.1)
    chip.machine.reset()
    chip.run(START_S)
    assert chip.lines[-1] == "E brownout 0"
