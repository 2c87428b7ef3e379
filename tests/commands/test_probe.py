"""`splkit flash` through pyOCD itself, with its own flash loader, into a simulated nRF52840."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyocd.core.helpers import ConnectHelper
from support.swd_chip import PAGE_BYTES, UICR_APPROTECT, Chip, SwdProbe

from splkit import boards
from splkit.commands.flash import command
from splkit.errors import BoardError, ToolError

SETTINGS = boards.load("nrf52").memory.settings
HW_DISABLED, LEFT = (0x5A).to_bytes(4, "little"), b"\xff" * 4
OLD = b"an older firmware"


@pytest.fixture
def chip(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chip]:
    """A chip with settings and an older firmware, behind the only probe."""
    chip = Chip()
    chip.write(SETTINGS.origin, b"calibrated")
    chip.write(0, OLD)
    monkeypatch.setattr(ConnectHelper, "get_all_connected_probes", lambda **_: [SwdProbe(chip)])
    yield chip
    assert chip.faults == []


def flash(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(command, [str(each) for each in arguments])
    if result.exception:
        raise result.exception
    return result


def test_what_the_image_touches_is_erased_and_programmed_and_nothing_else(chip: Chip, exported: Path) -> None:
    flash(exported)
    firmware = (exported / "firmware.bin").read_bytes()
    assert chip.read(0, len(firmware)) == firmware
    assert sorted(chip.erased) == [*range(0, len(firmware), PAGE_BYTES)]
    assert chip.read(SETTINGS.origin, 10) == b"calibrated"
    assert chip.read(UICR_APPROTECT, 4) == LEFT
    assert chip.runs


def test_another_chip_is_left_as_it_is(chip: Chip, exported: Path) -> None:
    chip.write(0x1000_0100, (0x52832).to_bytes(4, "little"))
    with pytest.raises(BoardError, match="found 0x52832"):
        flash(exported)
    assert chip.erased == []
    assert chip.read(0, len(OLD)) == OLD


def test_a_locked_chip_is_left_as_it_is(chip: Chip, exported: Path) -> None:
    chip.locked = True
    with pytest.raises(ToolError, match="locked; add --unlock"):
        flash(exported)
    assert chip.erased == []
    assert chip.locked


def test_a_locked_chip_is_unlocked_where_that_is_asked_for_and_stays_so(chip: Chip, exported: Path) -> None:
    chip.locked = True
    flash(exported, "--unlock")
    firmware = (exported / "firmware.bin").read_bytes()
    assert chip.read(0, len(firmware)) == firmware
    assert chip.erased[0] is None
    assert chip.read(UICR_APPROTECT, 4) == HW_DISABLED
    assert chip.read(SETTINGS.origin, 4) == LEFT


def test_the_probe_is_listed_and_found_by_how_its_number_begins(chip: Chip, exported: Path) -> None:
    assert "0123456789  splkit simulated probe" in flash("--list").stdout
    flash(exported, "--probe", "0123")
    assert chip.runs
    with pytest.raises(ToolError, match="a probe is called 99"):
        flash(exported, "--probe", "99")
