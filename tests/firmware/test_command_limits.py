"""What a device accepts as calibration and thresholds: docs/protocol.md, each bound from both sides."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.scenarios import counts

from splkit.firmware.simulators.application import Application
from splkit.firmware.simulators.core import CoreSimulator


@pytest.fixture
def application(built: Callable[[str], Path]) -> Application:
    """One whose last estimates are 4.5 mEq/L."""
    application = Application(CoreSimulator(built("nrf52") / "firmware.elf"))
    application.push(counts(["12x4500"]))
    return application


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("calibrate 1499", "R calibrate error range"),
        ("calibrate 1500", "R calibrate ok"),
        ("calibrate 10000", "R calibrate ok"),
        ("calibrate 10001", "R calibrate error range"),
        ("alert 5000 5300", "R alert ok"),
        ("alert 5000 5299", "R alert error range"),
        ("alert 4999 6000", "R alert error range"),
        ("alert 7700 8000", "R alert ok"),
        ("alert 7700 8001", "R alert error range"),
    ],
)
def test_bounds(application: Application, command: str, answer: str) -> None:
    assert [line.partition("*")[0] for line in application.send(command)] == [answer]
