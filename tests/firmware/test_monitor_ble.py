"""`splkit monitor --ble`, with a scanner of a few lines in the place of bleak's: no adapter is needed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bleak
import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from click.testing import CliRunner, Result
from support.broadcast import broadcasting
from support.scenarios import counts

from splkit.commands.monitor import command
from splkit.errors import SplkitError, ToolError, UsageError
from splkit.firmware.simulators.application import KEY, Advert


def heard(advert: Advert) -> tuple[BLEDevice, AdvertisementData]:
    """As bleak hands it on from BlueZ: AD types and data in the property AdvertisingData."""
    assert advert.address is not None
    address = advert.address[::-1].hex(":").upper()
    properties = {"Address": address, "AdvertisingData": {advert.data[1]: advert.data[2:]}}
    path = "/org/bluez/hci0/dev"
    data = AdvertisementData(None, {}, {}, [], None, -60, (path, properties))
    return BLEDevice(address, None, {"path": path, "props": properties}), data


def scanner(said: list[tuple[BLEDevice, AdvertisementData]]) -> type:
    """One that hears each of them once."""

    class Scanner:
        def __init__(self, take: Callable[[BLEDevice, AdvertisementData], None]) -> None:
            self.take = take

        async def __aenter__(self) -> "Scanner":
            for device, data in said:
                self.take(device, data)
            return self

        async def __aexit__(self, *_: object) -> None:
            pass

    return Scanner


def monitor(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(command, [str(each) for each in arguments])
    if isinstance(result.exception, SplkitError):
        raise result.exception
    return result


@pytest.fixture
def adverts(built: Callable[[str], Path]) -> list[Advert]:
    device = broadcasting(built("nrf52") / "firmware.elf")
    device.battery_mv = 3100
    device.push(counts(["12x5600"]))
    return device.adverts


@pytest.fixture
def key(tmp_path: Path) -> Path:
    (tmp_path / "a.key").write_text(KEY.digits)
    return tmp_path / "a.key"


def test_what_a_device_broadcasts_is_shown(
    adverts: list[Advert], key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bleak, "BleakScanner", scanner([heard(each) for each in (*adverts, adverts[0])]))
    result = monitor("--ble", "--key", key, "--duration", "0.2")
    address = heard(adverts[0])[0].address
    assert result.stdout.splitlines()[-1] == (
        f"{address}  SPL 5.60 mEq/L, high, physiological alarm, supply 3.10 V"
    )
    assert len(result.stdout.splitlines()) == len(adverts)
    assert "1 older records dropped" in result.stderr


def test_machines_read_an_object_a_record(
    adverts: list[Advert], key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bleak, "BleakScanner", scanner([heard(each) for each in adverts]))
    lines = monitor("--ble", "--key", key, "--duration", "0.2", "--json").stdout.splitlines()
    last = json.loads(lines[-1])
    assert (last["task"], last["value"], last["alert"], last["session"]) == ("potassium", 5600, "high", 1)


def test_other_devices_and_other_keys_are_nothing(
    adverts: list[Advert], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.key"
    other.write_text("FF" * 16)
    said = [heard(each) for each in adverts]
    said.append((said[0][0], said[0][1]._replace(manufacturer_data={0x004C: b"\x02\x15"})))
    monkeypatch.setattr(bleak, "BleakScanner", scanner(said))
    for arguments in (["--key", other], []):
        result = monitor("--ble", *arguments, "--duration", "0.1")
        assert result.stdout == "" and "nothing heard" in result.stderr


def test_a_broadcast_in_clear_needs_no_key(adverts: list[Advert], monkeypatch: pytest.MonkeyPatch) -> None:
    device, data = heard(adverts[0])
    record = bytes.fromhex("01070AE015FFFFFFFF1C0C")
    clear = data._replace(manufacturer_data={0xFFFF: record}, platform_data=("", {}))
    monkeypatch.setattr(bleak, "BleakScanner", scanner([(device, clear), (device, clear)]))
    (line,) = monitor("--ble", "--duration", "0.1").stdout.splitlines()
    assert line.endswith("SPL 5.60 mEq/L, high, physiological alarm, supply 3.10 V")


def test_no_adapter_is_said(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: Any) -> None:
        raise bleak.exc.BleakError("No Bluetooth adapters found.")

    monkeypatch.setattr(bleak, "BleakScanner", none)
    with pytest.raises(ToolError, match=r"No Bluetooth adapters found.*bluetoothctl"):
        monitor("--ble", "--key", key)


@pytest.mark.parametrize("arguments", [["/dev/ttyACM0", "--ble"], ["--ble", "--trace"], []])
def test_a_port_or_broadcasts(arguments: list[str]) -> None:
    with pytest.raises(UsageError):
        monitor(*arguments)
