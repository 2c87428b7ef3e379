"""Nordic's chips on their boards, each with the stand-in library."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.nrf_bench import BOARDS
from support.nrf_chip import NrfChip


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
