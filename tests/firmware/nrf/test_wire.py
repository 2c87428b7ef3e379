"""What comes in and goes out: wire, button, flash and radio of Nordic's chips, on models that refuse."""

from pathlib import Path

import pytest
from renode.ble import should_be_sent_in_turn
from support.broadcast import derived
from support.nrf_bench import START_S, WITH_RADIO, asks, broadcast, confirm, on_air, plays
from support.nrf_chip import NrfChip

from splkit.firmware.simulators.application import KEY


@pytest.mark.parametrize("stops_unasked", [False, True])
def test_a_longest_text_goes_out_whole(stops_unasked: bool, chip: NrfChip) -> None:
    """More at once than EasyDMA takes, 255 characters on the nRF52832: while the crystal starts."""
    chip.stops_unasked = stops_unasked
    while chip.fast != "starting":
        chip.run(0.0001)
    queued = chip.machine.elf.symbol("queued").address
    chip.machine.uc.mem_write(queued, (256).to_bytes(4, "little"))
    chip.run(START_S)
    assert len(chip.text) == 256


def test_settings_outlive_the_power(chip: NrfChip) -> None:
    chip.run(START_S)
    assert asks(chip, "alert 5500 6400", 1) == ["R alert error locked"]
    confirm(chip)
    for levels in ("5500 6400", "5700 6700", "5600 6600"):  # the third goes over the first
        assert asks(chip, f"alert {levels}", 1)[0] == "R alert ok"
    chip.machine.reset()
    chip.run(START_S)
    assert " 5600 6600 " in asks(chip, "status")[0]


def test_the_button_acknowledges_once_a_press(chip: NrfChip) -> None:
    chip.pressed = True  # it is stuck from the start
    plays(chip, **{f"at_{120 + 240 * beat}": 6600 for beat in range(12)})
    chip.run(11)
    assert asks(chip, "alarms") == ["R alarms ok critical active"]
    for pressed_s, state in ((0.04, "active"), (0.3, "acknowledged")):  # what is short may be a bounce
        chip.pressed = False
        chip.run(0.1)
        chip.pressed = True
        chip.run(pressed_s)
        chip.pressed = False
        assert asks(chip, "alarms")[-1] == f"R alarms ok critical {state}"


def test_a_critical_potassium_outlives_a_reset_of_the_chip(chip: NrfChip) -> None:
    beats = {f"at_{120 + 240 * beat}": 6600 for beat in range(12)}
    plays(chip, **beats)
    chip.run(11)
    assert asks(chip, "alarms") == ["R alarms ok critical active"]
    plays(chip)
    chip.machine.reset()
    chip.run(START_S)
    assert "L 0 critical latched" in chip.lines
    confirm(chip)
    chip.machine.reset()
    chip.run(START_S)
    assert asks(chip, "alarms") == ["R alarms ok"]


@pytest.mark.parametrize("chip", WITH_RADIO, indirect=True)
def test_what_is_on_air_is_an_advertisement(chip: NrfChip, tmp_path: Path) -> None:
    chip.run(3)
    assert chip.on_air == []
    broadcast(chip)
    chip.line_is_high = False  # nobody is connected: the crystal rests in between
    chip.run(4)
    packets = on_air(chip, tmp_path)
    should_be_sent_in_turn(packets)
    assert len(packets) >= 12
    private = bytearray(derived(KEY.secret, b"P", 1, 1)[:6])
    private[5] &= 0x3F
    assert {each["address"] for each in packets} == {private[::-1].hex(":").upper()}


def test_the_flash_has_its_cache(chip: NrfChip) -> None:
    chip.run(0.01)
    register = "CACHE_ENABLE" if chip.is_nrf53 else "NVMC_ICACHECNF"
    assert chip.value(register) == 1


@pytest.mark.parametrize(("uicr", "opened"), [(0x5A, 0x5A), (0xFF, 0), (0x00, 0)])
def test_the_debug_port_is_opened_where_the_uicr_says_so(uicr: int, opened: int, nrf52840: NrfChip) -> None:
    nrf52840.fixed["UICR_APPROTECT", 0] = uicr
    nrf52840.run(0.01)
    assert nrf52840.value("APPROTECT_DISABLE") == opened
