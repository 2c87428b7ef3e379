"""Boards are data: what ships loads, and what does not hold together is refused by name."""

import pytest

from splkit import boards
from splkit.errors import BoardError

NRF52 = (boards.folder("nrf52") / "board.toml").read_text("utf-8")


def refusal(old: str, new: str) -> str:
    assert old in NRF52
    with pytest.raises(BoardError) as error:
        boards.parse(NRF52.replace(old, new), "board.toml")
    return str(error.value)


@pytest.mark.parametrize("name", boards.names())
def test_every_board_that_ships_loads(name: str) -> None:
    board = boards.load(name)
    assert board.name == name
    assert "core" in board.simulators
    assert "-mthumb" in board.core.flags
    assert board.memory.stack_bytes < board.memory.ram.length
    assert len(set(board.pins.values())) == len(board.pins)


def test_nrf52_is_an_nrf52840_behind_an_ad8232() -> None:
    board = boards.load("nrf52")
    assert board.ecg.uv_per_count == 3.6e6 / 2**14 / 100
    assert board.memory.settings is not None
    assert (board.memory.settings.end, board.memory.ram.length) == (1 << 20, 256 << 10)
    assert board.core.flags == ("-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nrf25", "nrf52"),
        ("nrf52840", "nrf52"),  # by its chip
        ("STM32L476RG", "stm32l476"),
        ("mps2", "mps2-an386"),
        ("rp2004", "rp2040"),
        ("stm32l467", "stm32l476"),
    ],
)
def test_an_unknown_board_is_answered_with_the_nearest_name(typed: str, meant: str) -> None:
    with pytest.raises(BoardError, match=f"did you mean '{meant}'"):
        boards.load(typed)


def test_a_name_near_nothing_is_answered_with_all_names() -> None:
    with pytest.raises(BoardError, match=r"choose one of mps2-an386, nrf52, nrf52-max30003, .*, stm32l476"):
        boards.load("zzzzzzzz")


@pytest.mark.parametrize("name", ["..", "", "nrf52/..", "__pycache__"])
def test_a_path_is_no_board(name: str) -> None:
    with pytest.raises(BoardError, match="known by name"):
        boards.load(name)


def test_overlapping_regions_are_refused() -> None:
    message = refusal("ram = { origin = 0x2000_0000", "ram = { origin = 0x000f_0000")
    assert "flash and ram overlap: 0x0..0xfe000 and 0xf0000..0x130000" in message


def test_regions_that_touch_are_apart() -> None:
    text = NRF52.replace("ram = { origin = 0x2000_0000", "ram = { origin = 0x0010_0000")
    assert boards.parse(text, "board.toml").memory.ram.origin == 1 << 20


def test_a_region_within_another_is_refused() -> None:
    assert "flash and ram overlap" in refusal(
        "origin = 0x2000_0000, length = 0x0004", "origin = 0x100, length = 0x0001"
    )


def test_a_pin_used_twice_is_refused_with_both_uses() -> None:
    assert "P0.02 has two: uart.tx_pin and ecg.pin" in refusal('tx_pin = "P0.06"', 'tx_pin = "P0.02"')


@pytest.mark.parametrize("pin", ["P2.00", "P0.32", "P0.6", "PA16", "PJ0", "GP30", "6", ""])
def test_what_is_no_pin_is_refused(pin: str) -> None:
    assert "uart.tx_pin is in range" in refusal('"P0.06"', f'"{pin}"')


@pytest.mark.parametrize(
    ("pin", "number"), [("P0.06", 6), ("P1.15", 47), ("PA2", 2), ("PB10", 26), ("GP0", 0), ("GP26", 26)]
)
def test_a_pin_has_the_number_that_its_driver_knows(pin: str, number: int) -> None:
    assert boards.pin_number(pin) == number


def test_an_unknown_table_is_answered_with_the_nearest() -> None:
    assert "did you mean 'memory'?" in refusal("[memory]", "[memroy]")


def test_a_stack_larger_than_the_ram_is_refused() -> None:
    assert "leaves nothing of 262144 bytes of ram" in refusal("stack_bytes = 1536", "stack_bytes = 262144")


def test_a_region_beyond_32_bits_is_refused() -> None:
    assert "ends within 32 bits" in refusal("origin = 0x2000_0000", "origin = 0xffff_0000")


def test_an_unknown_key_is_answered_with_the_nearest() -> None:
    assert "ecg.uv_per_cuont" in (message := refusal("uv_per_count =", "uv_per_cuont ="))
    assert "did you mean 'uv_per_count'?" in message


def test_a_missing_key_is_named() -> None:
    assert "no ecg.fs_hz" in refusal("fs_hz = 300", "")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("fs_hz = 300", "fs_hz = 50", "ecg.fs_hz"),
        ("clock_hz = 64_000_000", "clock_hz = 0", "clock_hz"),
        ('family = "nrf52"', 'family = "stm32"', "family"),
        ('cpu = "cortex-m4"', 'cpu = "cortex-a53"', "core.cpu"),
        ("baud = 115200", "baud = 12345", "uart.baud"),
        ("stack_bytes = 1536", "stack_bytes = 2047", "memory.stack_bytes"),
    ],
)
def test_a_value_out_of_range_is_refused_with_its_place(old: str, new: str, place: str) -> None:
    assert f"{place} is in range" in refusal(old, new)


def test_a_float_abi_without_an_fpu_is_refused() -> None:
    assert 'float_abi = "hard" needs an fpu' in refusal('fpu = "fpv4-sp-d16"', "")


def test_an_nrf52_without_its_pins_is_refused() -> None:
    assert "names uart.tx_pin" in refusal('tx_pin = "P0.06"', "")
    assert "names uart.tx_pin" in refusal("analog_input = 0", "")


def test_what_is_not_toml_is_refused() -> None:
    assert "is TOML" in refusal("[core]", "[core")


def test_settings_within_the_image_are_refused() -> None:
    assert "flash and settings overlap" in refusal("length = 0x000f_e000 }", "length = 0x000f_f000 }")


def test_settings_are_two_whole_pages() -> None:
    assert "settings are two pages of 4096 bytes" in refusal("length = 0x2000 }", "length = 0x1000 }")
    assert "settings are two pages of 4096 bytes" in refusal("origin = 0x000f_e000,", "origin = 0x000f_e400,")


@pytest.mark.parametrize("key", ['rx_pin = "P0.08"', "settings = {"])
def test_a_nordic_board_hears_and_remembers(key: str) -> None:
    line = next(line for line in NRF52.splitlines() if line.startswith(key))
    assert "names uart.rx_pin and memory.settings" in refusal(line, "")


def test_what_a_family_has_no_driver_for_is_refused() -> None:
    text = (boards.folder("rp2040") / "board.toml").read_text("utf-8")
    with pytest.raises(BoardError, match=r"family rp2040 has no driver for uart\.rx_pin"):
        boards.parse(text.replace("[ecg]", 'rx_pin = "GP1"\n\n[ecg]'), "board.toml")
    with pytest.raises(BoardError, match="family rp2040 has no driver for outputs"):
        boards.parse(text.replace("[ecg]", '[outputs]\nalert_pin = "GP2"\n\n[ecg]'), "board.toml")


def test_an_output_on_a_pin_in_use_is_refused() -> None:
    assert "P0.06 has two: uart.tx_pin and outputs.alert_pin" in refusal(
        'alert_pin = "P1.01"', 'alert_pin = "P0.06"'
    )


def test_a_max30003_takes_the_place_of_the_converter() -> None:
    board = boards.load("nrf52-max30003")
    assert (board.ecg.sampler, board.ecg.fs_hz, board.ecg.analog_input) == ("max30003", 256, None)
    assert board.ecg.uv_per_count == pytest.approx(1e6 / 2**15 / 20)
    assert board.pins["ecg.max30003.cs_pin"] == "P1.12"
    assert "supply" not in board.abilities


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("fs_hz = 256", "fs_hz = 300", "a max30003 samples at 125, 128, 200, 250, 256, 500, 512 Hz"),
        ("fs_hz = 256", 'fs_hz = 256\npin = "P0.02"\nanalog_input = 0', "these are both"),
        ('cs_pin = "P1.12"', 'cs_pin = "P1.13"', "P1.13 has two"),
        ('cs_pin = "P1.12"', "", r"no ecg\.max30003\.cs_pin"),
    ],
)
def test_a_max30003_that_cannot_be_is_refused(old: str, new: str, message: str) -> None:
    text = (boards.folder("nrf52-max30003") / "board.toml").read_text("utf-8")
    assert old in text
    with pytest.raises(BoardError, match=message):
        boards.parse(text.replace(old, new), "board.toml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("analog_input = 0", "analog_input = 8", "nRF52840 has inputs 0 to 7, analog_input is 8"),
        ("analog_input = 0", "analog_input = 4", "analog_input 4 of nRF52840 is at P0.28, ecg.pin is P0.02"),
        ('led_pin = "P0.13"', 'led_pin = "P0.09"', "P0.09 of nRF52840 is for NFC's antenna"),
        ('alert_pin = "P1.01"', 'alert_pin = "P0.01"', "P0.01 of nRF52840 is for the crystal of 32.768 kHz"),
        ("[ecg]", '[supply]\nbattery = "vbat"\n[ecg]', "'vdd', 'vddh' or 'unknown'"),
        ("[ecg]", "[supply]\nreg1 = true\n[ecg]", "reg1"),
    ],
)
def test_what_the_chip_lacks_is_refused(old: str, new: str, said: str) -> None:
    assert said in refusal(old, new)


def test_an_nrf52832_has_no_vddh() -> None:
    text = (boards.folder("nrf52832") / "board.toml").read_text("utf-8")
    with pytest.raises(BoardError, match="nRF52832 has no VDDH"):
        boards.parse(text.replace("[ecg]", '[supply]\nbattery = "vddh"\n[ecg]'), "board.toml")


def test_a_supply_of_a_family_without_its_driver_is_refused() -> None:
    text = (boards.folder("rp2040") / "board.toml").read_text("utf-8")
    with pytest.raises(BoardError, match="family rp2040 has no driver for supply"):
        boards.parse(text.replace("[ecg]", "[supply]\ndcdc = true\n[ecg]"), "board.toml")


def test_a_battery_that_nobody_can_measure_is_no_ability() -> None:
    board = boards.parse(NRF52.replace("[ecg]", '[supply]\nbattery = "unknown"\n[ecg]'), "board.toml")
    assert "supply" in boards.load("nrf52").abilities and "supply" not in board.abilities
