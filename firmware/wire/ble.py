"""Advertisements by this machine's Bluetooth adapter, through `bleak`."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from splkit.errors import ToolError
from splkit.firmware.wire.advertisement import ENCRYPTED_DATA, MANUFACTURER_DATA
from splkit.optional import optional

PURPOSE = "advertisements are heard through the package bleak"


async def listen(duration_s: float | None) -> AsyncIterator[tuple[str, int, bytes]]:
    """Address, AD type and data of each structure that may be of a device, for so long.

    Raises:
        ToolError: bleak is not installed, or there is no adapter that listens.
    """
    bleak = optional("bleak", PURPOSE)
    heard: asyncio.Queue[tuple[str, int, bytes]] = asyncio.Queue()

    def take(device: Any, advertisement: Any) -> None:
        for kind, data in structures(advertisement):
            heard.put_nowait((device.address, kind, data))

    try:
        async with asyncio.timeout(duration_s), bleak.BleakScanner(take):
            while True:
                yield await heard.get()
    except TimeoutError:
        return
    except (bleak.exc.BleakError, OSError) as error:
        raise ToolError(
            "a Bluetooth adapter listens",
            found=str(error) or type(error).__name__,
            next_step="plug one in, switch it on, and see that you may use it (`bluetoothctl show`)",
        ) from error


def structures(advertisement: Any) -> Iterator[tuple[int, bytes]]:
    """AD type and data of what may be of a device, of bleak's AdvertisementData on Linux.

    bleak hands on manufacturer data. Encrypted Advertising Data stand in BlueZ's property AdvertisingData,
    which a bluetoothd has that was started with --experimental.
    """
    for company, data in advertisement.manufacturer_data.items():
        yield MANUFACTURER_DATA, company.to_bytes(2, "little") + bytes(data)
    _, properties = advertisement.platform_data
    data = properties.get("AdvertisingData", {}).get(ENCRYPTED_DATA)
    if data is not None:
        yield ENCRYPTED_DATA, bytes(data)
