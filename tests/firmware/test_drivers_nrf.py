"""The drivers of Nordic's chips, on models that refuse what the chip or the board is not for."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import unicorn
from renode.ble import advertisements, should_be_sent_in_turn
from support import machine
from support.broadcast import derived
from support.nrf_chip import LF_HZ, SECOND, NrfChip
from unicorn import arm_const

from splkit.firmware.simulators.application import KEY
from splkit.firmware.wire.framing import frame
from splkit.firmware.wire.signing import Signer

WITH_RADIO = ("nrf52", "nrf52832")
BOARDS = (*WITH_RADIO, "nrf5340")  # whose radio is at its other core
MIDDLE_V, COUNT_V = 1.8, 3.6 / (1 << 14)
REASONS = {False: {"WATCHDOG": 1 << 1, "LOCKUP": 1 << 3}, True: {"WATCHDOG": 1 << 1, "LOCKUP": 1 << 4}}
"""RESETREAS of the nRF52 and the nRF53 series."""
START_S = 0.4
"""By then the crystal of 32.768 kHz runs, and samples are taken."""


@pytest.fixture(params=BOARDS)
def chip(request: pytest.FixtureRequest, built: Callable[[str], Path]) -> NrfChip:
    return NrfChip(built(request.param), request.param)


@pytest.fixture
def nrf52840(built: Callable[[str], Path]) -> NrfChip:
    return NrfChip(built("nrf52"), "nrf52")


@pytest.fixture
def nrf5340(built: Callable[[str], Path]) -> NrfChip:
    return NrfChip(built("nrf5340"), "nrf5340")


@pytest.fixture
def nrf52832(built: Callable[[str], Path]) -> NrfChip:
    return NrfChip(built("nrf52832"), "nrf52832")


def plays(chip: NrfChip, **counts: int) -> None:
    """Samples of these counts about the middle (`at_100=1001`) at the board's input, 0 in between."""
    values = {int(place.removeprefix("at_")): value for place, value in counts.items()}

    def volts(pin: int, conversion: int) -> float:
        return MIDDLE_V + COUNT_V * values.get(conversion, 0) if pin == chip.board.ecg.analog_input else 0.0

    chip.volts_at = volts


def asks(chip: NrfChip, command: str, seconds: float = 0.3) -> list[str]:
    """The lines that follow a command."""
    before = len(chip.lines)
    chip.send(f"{frame(command)}\n")
    chip.run(seconds)
    return chip.lines[before:]


def confirm(chip: NrfChip) -> None:
    """The button is held: for 30 s commands need no signature."""
    chip.pressed = True
    chip.run(3.1)
    chip.pressed = False


def broadcast(chip: NrfChip) -> None:
    """The owner gives it a key and has it broadcast."""
    assert asks(chip, f"provision {KEY.digits}", 1)[0] == "R provision ok"
    assert asks(chip, "session", 1)[0] == "R session ok 1 1"
    assert asks(chip, Signer(KEY, 1, 1).sign("broadcast on"), 1)[0] == "R broadcast ok"


def on_air(chip: NrfChip, folder: Path) -> list[dict[str, object]]:
    """Its packets, as a phone decodes them."""
    capture = folder / "on-air.txt"
    capture.write_text("\n".join(chip.on_air))
    return advertisements(str(capture))


def supply_mv(chip: NrfChip) -> int:
    """What it says of its supply."""
    (status,) = asks(chip, "status")
    words = status.split()
    return int(words[words.index("potassium") - 1])


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


def test_a_longest_text_goes_out_whole(chip: NrfChip) -> None:
    """More at once than EasyDMA takes, 255 characters on the nRF52832: while the crystal starts."""
    while chip.fast != "starting":
        chip.run(0.0001)
    queued = chip.machine.elf.symbol("queued").address
    chip.machine.uc.mem_write(queued, (256).to_bytes(4, "little"))
    chip.run(START_S)
    assert len(chip.text) == 256


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


def test_the_flash_has_its_cache(chip: NrfChip) -> None:
    chip.run(0.01)
    register = "CACHE_ENABLE" if chip.is_nrf53 else "NVMC_ICACHECNF"
    assert chip.value(register) == 1


@pytest.mark.parametrize(("uicr", "opened"), [(0x5A, 0x5A), (0xFF, 0), (0x00, 0)])
def test_the_debug_port_is_opened_where_the_uicr_says_so(uicr: int, opened: int, nrf52840: NrfChip) -> None:
    nrf52840.fixed["UICR_APPROTECT", 0] = uicr
    nrf52840.run(0.01)
    assert nrf52840.value("APPROTECT_DISABLE") == opened


# Anomalies: docs/errata.md.


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


@pytest.mark.parametrize(("reason", "word"), [("WATCHDOG", "watchdog"), ("LOCKUP", "lockup")])
def test_a_reason_by_itself_is_said(reason: str, word: str, chip: NrfChip) -> None:
    """A lockup is a fault inside of the fault handler."""
    chip.reasons = REASONS[chip.is_nrf53][reason]
    chip.run(START_S)
    assert chip.lines[1:] == [f"E {word} 0"]


def test_settings_are_not_written_after_a_warning_of_the_supply(nrf52840: NrfChip) -> None:
    """Anomaly 242. The operations themselves are refused by the model where the comparator is on."""
    nrf52840.run(START_S)
    confirm(nrf52840)
    nrf52840.dip(2.05)
    assert asks(nrf52840, "alert 5600 6600", 1)[-1].startswith("R alert error ")
    assert asks(nrf52840, "alert 5600 6600", 1)[0] == "R alert ok"
    assert nrf52840.comparator_volts() == pytest.approx(2.1)


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
