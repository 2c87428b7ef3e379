"""Who may change something on a device: docs/security.md, line by line."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.scenarios import counts
from support.stand_in import FS_HZ

from splkit.firmware.simulators.application import KEY, Application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.wire.framing import unframe
from splkit.firmware.wire.signing import DeviceKey, Signer

OTHER = DeviceKey(bytes(range(16, 32)))
CHANGING = (
    "calibrate 4500",
    "calibrate off",
    "day 7",
    "alert 5600 6600",
    "acknowledge",
    "pause",
    "replay start",
    "broadcast on",
    "provision off",
)
SECOND = np.zeros(FS_HZ, np.int16)


@pytest.fixture
def elf(built: Callable[[str], Path]) -> Path:
    return built("nrf52") / "firmware.elf"


@pytest.fixture
def device(elf: Path) -> Application:
    """One whose last estimates are 6.6 mEq/L, and which has an alarm."""
    device = Application(CoreSimulator(elf))
    device.push(counts(["12x6600"]))
    return device


def says(device: Application, text: str) -> str:
    return unframe(device.send_as_it_is(text)[-1])


def state(device: Application) -> tuple[list[list[int]], str, str]:
    """All that a command can change: the flash, the settings in force, the alarms."""
    return [list(slot) for slot in device.store], says(device, "status"), says(device, "alarms")


@pytest.mark.parametrize("command", CHANGING)
def test_nothing_is_changed_without_a_key(device: Application, command: str) -> None:
    before = state(device)
    assert says(device, command) == f"R {command.split()[0]} error locked"
    assert state(device) == before


@pytest.mark.parametrize("command", [*CHANGING, f"provision {OTHER.digits}"])
def test_nothing_is_changed_without_a_signature(device: Application, command: str) -> None:
    device.open_session()
    before = state(device)
    assert says(device, command) == f"R {command.split()[0]} error locked"
    assert says(device, f"! {'0' * 16} {command}") == "R ! error signature"
    assert says(device, Signer(OTHER, 1, 1).sign(command)) == "R ! error signature"
    assert state(device) == before


def test_a_device_without_a_key_takes_its_first_from_whoever_brings_it(device: Application) -> None:
    assert says(device, "session") == "R session error keyless"
    for digits in ("", "00", KEY.digits.lower(), f"{KEY.digits}0", f"{KEY.digits} 1", "Z" * 32):
        assert says(device, f"provision {digits}".strip()) == "R provision error argument"
    assert says(device, f"provision {KEY.digits}") == "R provision ok"
    assert says(device, "session") == "R session ok 1 1"


def test_a_signed_command_is_good_once(device: Application) -> None:
    device.open_session()
    signer = Signer(KEY, 1, 1)
    first, second = signer.sign("alert 5600 6600"), signer.sign("alert 5500 6500")
    assert says(device, first) == "R alert ok"
    assert says(device, first) == "R ! error signature"
    assert says(device, second.replace("5500 6500", "5000 6000")) == "R ! error signature"
    assert says(device, second) == "R alert ok"
    assert says(device, first) == "R ! error signature"


def test_a_command_that_was_held_back_is_void_in_the_next_session(elf: Path, device: Application) -> None:
    device.open_session()
    held_back = Signer(KEY, 1, 1).sign("alert 5600 6600")
    assert says(device, "session") == "R session ok 1 2"
    assert says(device, held_back) == "R ! error signature"
    again = Application(CoreSimulator(elf), device.store)
    assert says(again, held_back) == "R ! error signature"  # and no session is open yet
    assert says(again, "session") == "R session ok 2 1"
    assert says(again, held_back) == "R ! error signature"
    assert says(again, Signer(KEY, 2, 1).sign("alert 5600 6600")) == "R alert ok"


def test_a_start_without_a_session_writes_nothing(elf: Path, device: Application) -> None:
    device.open_session()
    for _ in range(3):
        before = [list(slot) for slot in device.store]
        device = Application(CoreSimulator(elf), device.store)
        device.push(counts(["12x6600"]))
        assert device.store == before


def test_a_key_is_replaced_or_taken_away_by_whoever_has_it(elf: Path, device: Application) -> None:
    device.open_session()
    assert unframe(device.send(f"provision {OTHER.digits}")[-1]) == "R provision ok"
    device.key, device.signer = OTHER, None
    assert says(device, "session") == "R session ok 1 1"
    assert says(device, Signer(OTHER, 1, 1).sign("provision off")) == "R provision ok"
    assert says(device, "session") == "R session error keyless"
    assert says(Application(CoreSimulator(elf), device.store), "session") == "R session error keyless"


def test_whoever_holds_the_button_needs_no_key(device: Application) -> None:
    device.open_session()
    device.pressed = True
    device.push(np.zeros(3 * FS_HZ - 1, np.int16))
    assert says(device, "alert 5600 6600") == "R alert error locked"
    device.push(SECOND[:1])
    assert says(device, "alert 5600 6600") == "R alert ok"
    device.pressed = False
    device.push(np.zeros(30 * FS_HZ - 1, np.int16))
    assert says(device, f"provision {OTHER.digits}") == "R provision ok"  # the way out where the key is lost
    device.push(SECOND[:1])
    assert says(device, "alert 5500 6500") == "R alert error locked"


def test_a_button_that_is_stuck_confirms_once(device: Application) -> None:
    device.pressed = True
    device.push(np.zeros(33 * FS_HZ, np.int16))
    assert says(device, "alert 5600 6600") == "R alert error locked"


def test_settings_are_stored_sixteen_times_and_then_one_more_in_ten_minutes(elf: Path) -> None:
    device = Application(CoreSimulator(elf))
    device.open_session()  # the key was the first

    def store(level: int) -> str:
        return unframe(device.send(f"alert {level} 6600")[-1])

    assert [store(5100 + each) for each in range(16)] == ["R alert ok"] * 15 + ["R alert error often"]
    device.push(np.zeros(600 * FS_HZ - 1, np.int16))
    assert store(5200) == "R alert error often"
    device.push(SECOND[:1])
    assert [store(5300), store(5400)] == ["R alert ok", "R alert error often"]


def test_a_flash_that_takes_nothing_opens_no_session(
    device: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert says(device, f"provision {KEY.digits}") == "R provision ok"
    monkeypatch.setattr(device, "_program", lambda *_: None)
    assert says(device, "session") == "R session error storage"
    assert says(device, Signer(KEY, 1, 1).sign("alert 5600 6600")) == "R ! error signature"
