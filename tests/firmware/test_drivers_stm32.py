"""The drivers of the STM32, run to their sleep: what they have set up is what the board asks for.

Their registers are held to ST's own tables (support.machine); of what they do, no
more is modelled than that what is switched on is ready.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.machine import Machine

from splkit.boards import pin_number

LSI_HZ = 32_000
WATCHDOG_S = 4
STM32 = ("stm32f407", "stm32l476")


@pytest.fixture
def started(built: Callable[[str], Path]) -> Callable[[str], tuple[Machine, bytearray]]:
    """A board that has started and sleeps, and the text that it wrote."""

    def start(board: str) -> tuple[Machine, bytearray]:
        machine, text = Machine(built(board), board), bytearray()
        READY[board](machine)
        data = {"stm32f407": "USART2_DR", "stm32l476": "USART2_TDR"}[board]
        machine.on_write[data] = lambda _, value: text.append(value)
        machine.run(0.01)
        return machine, text

    return start


def _follows(machine: Machine, register: str, ready: Callable[[int], int]) -> None:
    """Reading a register gives what was written, with the bits that say that it has come about."""
    machine.on_read[register] = lambda index: (value := machine.values[register, index]) | ready(value)


def _stm32f407_is_ready(machine: Machine) -> None:
    _follows(machine, "RCC_CR", lambda value: (value & (1 << 16 | 1 << 24)) << 1)
    _follows(machine, "RCC_CFGR", lambda value: (value & 3) << 2)
    _follows(machine, "USART2_SR", lambda _: 1 << 7)


def _stm32l476_is_ready(machine: Machine) -> None:
    _follows(machine, "RCC_CR", lambda _: 1 << 1)
    _follows(machine, "RCC_BDCR", lambda value: (value & 1) << 1)
    _follows(machine, "USART2_ISR", lambda _: 1 << 7)
    _follows(machine, "ADC1_ISR", lambda _: machine.values["ADC1_CR", 0] & 1)
    machine.on_write["ADC1_CR"] = lambda _, value: machine.values.update({("ADC1_CR", 0): value & ~(1 << 31)})


READY = {"stm32f407": _stm32f407_is_ready, "stm32l476": _stm32l476_is_ready}


@pytest.mark.parametrize("board", STM32)
def test_the_banner_leaves_at_the_boards_rate(
    board: str, started: Callable[[str], tuple[Machine, bytearray]]
) -> None:
    machine, text = started(board)
    assert text.startswith(f"# splkit 9.9.9 {board} fs_hz=300 ".encode())
    clock = machine.board.clock_hz // (2 if board == "stm32f407" else 1)
    assert (
        abs(clock / machine.values["USART2_BRR", 0] - machine.board.uart.baud)
        < 0.02 * machine.board.uart.baud
    )


@pytest.mark.parametrize("board", STM32)
def test_the_timer_gives_the_sampling_rate(
    board: str, started: Callable[[str], tuple[Machine, bytearray]]
) -> None:
    machine, _ = started(board)
    rate = machine.board.clock_hz / (machine.values["TIM2_ARR", 0] + 1)
    assert abs(rate - machine.board.ecg.fs_hz) < 1e-4 * machine.board.ecg.fs_hz
    assert machine.values["TIM2_CR1", 0] == 1
    assert machine.values["TIM2_CR2", 0] >> 4 & 7 == 2


@pytest.mark.parametrize("board", STM32)
def test_the_watchdog_lasts_four_seconds(
    board: str, started: Callable[[str], tuple[Machine, bytearray]]
) -> None:
    machine, _ = started(board)
    divider = 4 << machine.values["IWDG_PR", 0]
    assert machine.values["IWDG_RLR", 0] * divider / LSI_HZ == pytest.approx(WATCHDOG_S, rel=0.01)
    assert machine.values["IWDG_KR", 0] == 0xAAAA


@pytest.mark.parametrize("board", STM32)
def test_the_pins_are_those_of_the_board(
    board: str, started: Callable[[str], tuple[Machine, bytearray]]
) -> None:
    machine, _ = started(board)
    modes = {use: pin_number(machine.board.pins[use]) for use in ("uart.tx_pin", "ecg.pin")}
    for use, mode in (("uart.tx_pin", 2), ("ecg.pin", 3)):
        port, number = divmod(modes[use], 16)
        assert machine.values[f"P{port}_MODER", 0] >> 2 * number & 3 == mode, use


def test_the_stm32f407_runs_at_64_mhz(started: Callable[[str], tuple[Machine, bytearray]]) -> None:
    """RM0090: crystal / M * N / P, P by its code, APB1 at half of it, two wait states up to 90 MHz."""
    machine, _ = started("stm32f407")
    pll = machine.values["RCC_PLLCFGR", 0]
    m, n, p = pll & 0x3F, pll >> 6 & 0x1FF, 2 * ((pll >> 16 & 3) + 1)
    assert 8_000_000 // m * n // p == machine.board.clock_hz
    assert pll >> 22 & 1 == 1
    assert machine.values["RCC_CFGR", 0] & 3 == 2
    assert machine.values["RCC_CFGR", 0] >> 10 & 7 == 4
    assert machine.values["FLASH_ACR", 0] & 7 >= 2


def test_the_stm32f407_converts_its_input_at_each_trigger(
    started: Callable[[str], tuple[Machine, bytearray]],
) -> None:
    machine, _ = started("stm32f407")
    channel = machine.board.ecg.analog_input
    assert machine.values["ADC1_SQR3", 0] & 0x1F == channel
    assert machine.values["ADC1_SMPR2", 0] >> 3 * channel & 7 == 7
    assert machine.values["ADC1_CR1", 0] == 1 << 5  # 12 bits, an interrupt a conversion
    assert machine.values["ADC1_CR2", 0] == 1 | 6 << 24 | 1 << 28
    assert 18 in machine.enabled


def test_the_stm32l476_converts_its_input_at_each_trigger(
    started: Callable[[str], tuple[Machine, bytearray]],
) -> None:
    machine, _ = started("stm32l476")
    channel = machine.board.ecg.analog_input
    assert machine.values["ADC1_SQR1", 0] == channel << 6
    assert machine.values["ADC1_SMPR1", 0] >> 3 * channel & 7 == 7
    assert machine.values["ADC1_CFGR", 0] == 11 << 6 | 1 << 10 | 1 << 12
    assert machine.values["ADC1_IER", 0] == 1 << 2
    assert machine.values["RCC_CR", 0] >> 4 & 15 == 11  # 48 MHz
    assert 18 in machine.enabled
