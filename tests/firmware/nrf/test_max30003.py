"""The MAX30003 behind SPIM1: samples and electrodes, on models that refuse what the two chips are not for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.max30003 import Max30003
from support.nrf_bench import START_S, asks
from support.nrf_chip import NrfChip


@pytest.fixture
def chip(built: Callable[[str], Path]) -> NrfChip:
    return NrfChip(built("nrf52-max30003"), "nrf52-max30003")


@pytest.fixture
def amplifier(chip: NrfChip) -> Max30003:
    assert chip.spim is not None
    return chip.spim.peer


def points(chip: NrfChip) -> str:
    """Its samples, as the trace says them."""
    return "".join(line.split()[3] for line in chip.lines if line.startswith("T "))


def test_samples_come_out_as_beats_in_microvolts(chip: NrfChip, amplifier: Max30003) -> None:
    amplifier.counts = lambda number: {50: 1001, 114: 1010}.get(number, -3)
    chip.run(1)
    uv = 1e6 / 2**17 / 20 * 4  # 1 V over 17 bits and the sign, a gain of 20, the upper 16 of 18 bits
    assert chip.lines[1:] == [f"B 50 0 {1001 * uv:.0f} first", f"B 114 250 {1010 * uv:.0f} ok"]


@pytest.mark.parametrize("electrode", ["P", "N"])
def test_an_electrode_that_is_off_puts_samples_on_the_rail(
    electrode: str, chip: NrfChip, amplifier: Max30003
) -> None:
    chip.run(START_S)
    asks(chip, "trace on", 1)
    amplifier.mohm[electrode] = 10_000
    chip.run(1)
    assert points(chip).startswith("0000") and points(chip).endswith("7FFF" * 16)
    amplifier.mohm[electrode] = 0.05
    chip.run(1)
    assert points(chip).endswith("0000" * 16)


@pytest.mark.parametrize(("mohm", "is_off"), [(20, False), (60, True)])
def test_a_bad_electrode_is_no_missing_one(
    mohm: float, is_off: bool, chip: NrfChip, amplifier: Max30003
) -> None:
    """10 nA through an electrode of 20 MOhm, beside the bias of 100 MOhm, is 167 mV; of 60 MOhm, 375 mV."""
    amplifier.mohm["P"] = mohm
    chip.run(START_S)
    asks(chip, "trace on", 1)
    assert points(chip).endswith(("7FFF" if is_off else "0000") * 16)


def test_a_fifo_that_overflows_is_counted_and_begins_anew(chip: NrfChip, amplifier: Max30003) -> None:
    chip.run(START_S)
    asks(chip, "trace on", 1)
    amplifier.overflown = True
    chip.run(1)
    assert "E lost 32" in chip.lines
    assert amplifier.samples > 2 * 256 and not amplifier.overflown
